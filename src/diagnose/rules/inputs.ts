import { type Finding, figure } from '../finding.js';
import { UNSCALED } from '../thresholds.js';

/** What has been seen of each column. */
export interface ColumnFigures {
  readonly rows: number;
  readonly lowest: Float64Array;
  readonly highest: Float64Array;
  readonly squares: Float64Array;
}

/** Rows before a column counts as constant. */
const ENOUGH = 256;
/** A column that differs in a share p of the rows shows that in none of n with probability exp(−pn): below a thousandth for pn = 7. */
const SURE = 7;

/** Columns of the input that are too large. */
export function unscaledColumns({ rows, squares }: ColumnFigures): Finding[] {
  const found: Finding[] = [];
  const sizes = Array.from(squares, (sum) => Math.sqrt(sum / rows));
  const largest = Math.max(...sizes);
  if (largest > UNSCALED) {
    const column = sizes.indexOf(largest);
    found.push({
      code: 'unscaled-inputs',
      severity: 'problem',
      value: largest,
      message: `Column ${column} of the input has the root mean square ${figure(largest)}; about 1 is right, and above ${UNSCALED} it drowns the others (LeCun et al. 1998, Efficient BackProp, section 4.3)`,
      advice:
        "Scale the columns by fitScaler('standard', x), or bytes by rescaling({ scale: 1 / 255 }) as the first layer",
    });
  }
  return found;
}

/** Columns that do not vary, by all rows that were seen of a training. */
export function constantColumns({ rows, lowest, highest }: ColumnFigures): Finding[] {
  if (rows < ENOUGH) return [];
  // Zeros are common, such as the rim of images, and do no harm; and of a column that is scaled and hardly varies most numbers are as small as it is rare that it does.
  const least = Math.sqrt(SURE / rows);
  const constant = Array.from(lowest.keys()).filter(
    (column) => lowest[column] === highest[column] && Math.abs(lowest[column] as number) > least,
  );
  if (constant.length === 0) return [];
  const shown = `${constant.slice(0, 8).join(', ')}${constant.length > 8 ? ', …' : ''}`;
  return [
    {
      code: 'constant-columns',
      severity: 'warning',
      value: constant.length,
      message: `${constant.length === 1 ? `Column ${shown} is` : `Columns ${shown} are`} the same in all of the ${rows} rows seen, ${figure(lowest[constant[0] as number] as number)}: a second bias, from which nothing is learnt (any column that varies at all passes)`,
      advice: 'Leave such columns out, or scale them: a constant column becomes zeros',
    },
  ];
}
