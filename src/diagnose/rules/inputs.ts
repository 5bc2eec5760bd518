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
const ENOUGH = 64;

/** Columns of the input: their size, and whether they vary. */
export function inputColumns({ rows, lowest, highest, squares }: ColumnFigures, normalised: boolean): Finding[] {
  const found: Finding[] = [];
  const sizes = Array.from(squares, (sum) => Math.sqrt(sum / rows));
  const largest = Math.max(...sizes);
  if (largest > UNSCALED && !normalised) {
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
  // Columns of zeros are common, such as the rim of images, and do no harm.
  const constant = Array.from(lowest.keys()).filter(
    (column) => lowest[column] === highest[column] && lowest[column] !== 0,
  );
  if (rows >= ENOUGH && constant.length > 0) {
    const shown = constant.slice(0, 8).join(', ');
    found.push({
      code: 'constant-columns',
      severity: 'warning',
      value: constant.length,
      message: `${constant.length === 1 ? `Column ${shown} is` : `Columns ${shown}${constant.length > 8 ? ', …' : ''} are`} the same in all of the ${rows} rows seen, ${figure(lowest[constant[0] as number] as number)}: a second bias, from which nothing is learnt (any column that varies at all passes)`,
      advice: 'Leave such columns out, or scale them: a constant column becomes zeros',
    });
  }
  return found;
}
