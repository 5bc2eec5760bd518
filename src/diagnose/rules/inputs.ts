import { argmax } from '../../base/extremes.js';
import { type Finding, figure } from '../finding.js';
import { inputWord } from '../names.js';
import { PAIRS, UNSCALED, UNSCALED_TARGETS, ZEROS } from '../thresholds.js';

/** The fewest rows after which a column counts as constant. */
const ENOUGH = 32;
/** The most columns that a message names. */
const NAMED = 8;
/** The side of the smallest square that counts as an image. */
const IMAGE = 8;

/** The lower limit: the inverse square of the upper one, as for targets. */
const TOO_SMALL = 1 / UNSCALED ** 2;

/** The sizes of the input, from some of its rows. */
export interface Sizes {
  /** For each column the sum of the magnitudes of its values, over `rows` rows. */
  readonly sizes: Float64Array;
  readonly rows: number;
  /** The largest magnitude of a value in any column. */
  readonly peak: number;
}

/** A column whose mean magnitude is too large; or, if all values are too small, their maximum, since most values are 0 in words and categories. */
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
      ...(!small && { inputs: [column] }),
      message: small
        ? `The largest value of all input columns is ${figure(peak)} (healthy: about 1; the limit is ${TOO_SMALL}). The first layer's weights have to grow as far above 1 before they tell rows apart (LeCun et al. 1998, Efficient BackProp, section 4.3)`
        : `The values of ${inputWord(column)} have a mean size of ${figure(largest)} (healthy: about 1; the limit is ${UNSCALED}). Such a column dominates the others (LeCun et al. 1998, Efficient BackProp, section 4.3)`,
      advice: small
        ? "Scale the columns by fitScaler('standard', x); check that bytes were not divided by 255 twice"
        : "Scale the columns by fitScaler('standard', x), or bytes by rescaling({ scale: 1 / 255 }) as the first layer",
    },
  ];
}

/** Targets of a regression whose size, the root mean square of the largest column, is far from 1. `done`: the loss is well below that of the best constant prediction anyway. */
export function unscaledTargets(size: number, done: boolean): Finding[] {
  const large = size > UNSCALED_TARGETS;
  if (done || !(large || (size > 0 && size < 1 / UNSCALED_TARGETS ** 2))) return [];
  return [
    {
      code: 'unscaled-targets',
      severity: 'problem',
      value: size,
      message: `The targets have a root mean square of ${figure(size)} (healthy: about 1; the limit is ${large ? UNSCALED_TARGETS : 1 / UNSCALED_TARGETS ** 2}). A new network predicts numbers about 1, and ${large ? 'needs long to reach such targets' : 'its errors are larger than such targets'} (Bishop 1995, Neural Networks for Pattern Recognition, section 8.2)`,
      advice:
        "Scale the targets to mean 0 and standard deviation 1, by fitScaler('standard', y), or train by fitPipeline, which does so and predicts in their own units",
    },
  ];
}

/** The constant columns of the input, from one epoch. */
export interface Constants {
  readonly rows: number;
  readonly columns: number;
  /** The columns with a single value in all rows, and that value. */
  readonly constant: ReadonlyMap<number, number>;
  /** The share of zeros among the cells of the other columns. */
  readonly zeros: number;
  /** The share of columns with two values among the other columns. */
  readonly pairs: number;
}

/** Columns that do not vary. */
export function constantColumns({ rows, columns, constant, zeros, pairs }: Constants): Finding[] {
  if (rows < ENOUGH) return [];
  const all = [...constant.keys()];
  const others = all.filter((column) => constant.get(column) !== 0);
  const zero = all.filter((column) => constant.get(column) === 0);
  // In healthy sets, columns of zeros are the border of images, or words and categories that do not occur in these rows.
  const usual = zeros >= ZEROS || pairs >= PAIRS || isRim(columns, zero);
  const named = usual ? others : all;
  if (named.length === 0) return [];
  const list = `${named.slice(0, NAMED).map(inputWord).join(', ')}${named.length > NAMED ? ', …' : ''}`;
  const which = `${list[0]?.toUpperCase()}${list.slice(1)} ${named.length === 1 ? 'is' : 'are'}`;
  const it = named.length === 1 ? 'it' : 'them';
  const first = named[0] as number;
  const biases = others.length > 0;
  return [
    {
      code: 'constant-columns',
      severity: biases ? 'warning' : 'info',
      value: named.length,
      inputs: named,
      message: `${which} the same in all ${rows} rows: ${named.length === 1 ? '' : `${inputWord(first)} is `}${figure(constant.get(first) as number)} (measured over one epoch; a column that varies in one row passes). Nothing can be learnt from ${it}`,
      advice: biases
        ? `Leave ${it} out, or scale the columns: a constant column then becomes zeros, which are harmless`
        : `Leave ${it} out, or check where the values were lost. Zeros are harmless`,
    },
  ];
}

/** Whether the columns are pixels that are connected to the border of a square image, grey or in three colours. */
function isRim(columns: number, dark: readonly number[]): boolean {
  const planes = [1, 3].find((count) => Number.isInteger(Math.sqrt(columns / count)));
  const side = planes === undefined ? 0 : Math.sqrt(columns / planes);
  if (planes === undefined || side < IMAGE) return false;
  // The colours may be stored pixel by pixel, or plane by plane.
  return planes === 1
    ? touchesRim(side, dark)
    : touchesRim(side, [...new Set(dark.map((c) => Math.floor(c / planes)))]) ||
        touchesRim(side, [...new Set(dark.map((c) => c % (side * side)))]);
}

/** Whether each of these pixels is connected to the border through the others. */
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
