import { argmax } from '../../base/extremes.js';
import { type Finding, figure } from '../finding.js';
import { PAIRS, UNSCALED, UNSCALED_TARGETS, ZEROS } from '../thresholds.js';

/** Rows that must have been seen before a column counts as constant. */
const ENOUGH = 32;
/** Columns that are named one by one. */
const NAMED = 8;
/** Sides of the smallest square that is taken for an image. */
const IMAGE = 8;

/** The first limit's inverse square, as of targets. */
const TOO_SMALL = 1 / UNSCALED ** 2;

/** What some rows of the input have shown. */
export interface Sizes {
  /** Sums by column of the sizes of the values, over `rows` rows. */
  readonly sizes: Float64Array;
  readonly rows: number;
  /** The largest size of a value of all columns. */
  readonly peak: number;
}

/** Columns whose values are too large by their mean, or all of them too small by the largest: in words and categories most values are zeros. */
export function unscaledColumns({ sizes, rows, peak }: Sizes): Finding[] {
  const column = argmax(sizes, 0, sizes.length);
  const largest = (sizes[column] as number) / rows;
  const small = peak > 0 && peak < TOO_SMALL;
  if (!small && !(largest > UNSCALED)) return [];
  return [
    {
      code: 'unscaled-inputs',
      severity: 'problem',
      value: small ? peak : largest,
      message: small
        ? `The largest value of all input columns is ${figure(peak)} (healthy: about 1; the limit is ${TOO_SMALL}). The first layer's weights have to grow as far above 1 before they tell rows apart (LeCun et al. 1998, Efficient BackProp, section 4.3)`
        : `The values of input column ${column} have a mean size of ${figure(largest)} (healthy: about 1; the limit is ${UNSCALED}). Such a column drowns the others (LeCun et al. 1998, Efficient BackProp, section 4.3)`,
      advice: small
        ? "Scale the columns by fitScaler('standard', x); check that bytes were not divided by 255 twice"
        : "Scale the columns by fitScaler('standard', x), or bytes by rescaling({ scale: 1 / 255 }) as the first layer",
    },
  ];
}

/** Numbers to predict that are far from 1, by the root mean square of their largest column; `done`: the loss has come well below the no-skill one all the same. */
export function unscaledTargets(size: number, done: boolean): Finding[] {
  const large = size > UNSCALED_TARGETS;
  if (done || !(large || (size > 0 && size < 1 / UNSCALED_TARGETS ** 2))) return [];
  return [
    {
      code: 'unscaled-targets',
      severity: 'problem',
      value: size,
      message: `The targets have a root mean square of ${figure(size)} (healthy: about 1; the limit is ${large ? UNSCALED_TARGETS : 1 / UNSCALED_TARGETS ** 2}). A new network predicts numbers about 1, and ${large ? 'needs long to come near such ones' : 'its errors drown such ones'} (Bishop 1995, Neural Networks for Pattern Recognition, section 8.2)`,
      advice:
        "Scale the targets to mean 0 and standard deviation 1, by fitScaler('standard', y), or train by fitPipeline, which does so and predicts in their own units",
    },
  ];
}

/** What one epoch has shown of the input. */
export interface Constants {
  readonly rows: number;
  readonly columns: number;
  /** Columns that had one value in all rows, and which. */
  readonly constant: ReadonlyMap<number, number>;
  /** Share of the cells of the other columns that are zeros. */
  readonly zeros: number;
  /** Share of the other columns that have two values. */
  readonly pairs: number;
}

/** Columns that do not vary. */
export function constantColumns({ rows, columns, constant, zeros, pairs }: Constants): Finding[] {
  if (rows < ENOUGH) return [];
  const all = [...constant.keys()];
  const others = all.filter((column) => constant.get(column) !== 0);
  const zero = all.filter((column) => constant.get(column) === 0);
  // A rim of an image, and words or categories that these rows do not have, are zeros in healthy sets.
  const usual = zeros >= ZEROS || pairs >= PAIRS || isRim(columns, zero);
  const named = usual ? others : all;
  if (named.length === 0) return [];
  const list = `${named.slice(0, NAMED).join(', ')}${named.length > NAMED ? ', …' : ''}`;
  const [which, it] = named.length === 1 ? [`Input column ${list} is`, 'it'] : [`Input columns ${list} are`, 'them'];
  const first = named[0] as number;
  const biases = others.length > 0;
  return [
    {
      code: 'constant-columns',
      severity: biases ? 'warning' : 'info',
      value: named.length,
      message: `${which} the same in all ${rows} rows: ${named.length === 1 ? '' : `column ${first} is `}${figure(constant.get(first) as number)} (measured over one epoch; a column that varies in one row passes). Nothing can be learnt from ${it}`,
      advice: biases
        ? `Leave ${it} out, or scale the columns: a constant column then becomes zeros, which do no harm`
        : `Leave ${it} out, or check where the values were lost. Zeros do no harm`,
    },
  ];
}

/** Whether columns are pixels at the rim of a square image, grey or in three colours, or next to such. */
function isRim(columns: number, dark: readonly number[]): boolean {
  const planes = [1, 3].find((count) => Number.isInteger(Math.sqrt(columns / count)));
  const side = planes === undefined ? 0 : Math.sqrt(columns / planes);
  if (planes === undefined || side < IMAGE) return false;
  // Colours lie beside one another, pixel by pixel, or plane by plane.
  return planes === 1
    ? touchesRim(side, dark)
    : touchesRim(side, [...new Set(dark.map((c) => Math.floor(c / planes)))]) ||
        touchesRim(side, [...new Set(dark.map((c) => c % (side * side)))]);
}

/** Whether every one of these pixels is linked to the rim through others of them. */
function touchesRim(side: number, dark: readonly number[]): boolean {
  const left = new Set(dark);
  const atRim = (pixel: number): boolean => {
    const [row, column] = [Math.floor(pixel / side), pixel % side];
    return row === 0 || column === 0 || row === side - 1 || column === side - 1;
  };
  const reached = dark.filter(atRim);
  for (const pixel of reached) left.delete(pixel);
  for (let pixel = reached.pop(); pixel !== undefined; pixel = reached.pop()) {
    for (const next of [pixel - side, pixel + side, pixel - 1, pixel + 1]) {
      if (left.delete(next)) reached.push(next);
    }
  }
  return left.size === 0;
}
