import { show } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { type HoldOutOptions, holdOut, type Split } from '../data/index.js';
import { type Dataset, rowsOf } from '../evaluate/dataset.js';
import { number, type Values } from './options.js';
import { withLost } from './table-words.js';
import type { TrainingTable } from './training-table.js';

/** The split that the command's options ask for. */
export function askedSplit(table: TrainingTable, values: Values, seed: number): Split {
  try {
    return splitOf(table.set, table.targets, number(values, 'test', 0.25), seed);
  } catch (error) {
    throw withLost(error, table);
  }
}

/**
 * Splits the rows for training and testing. The split is stratified unless there are too many classes, and every class has a row in the training set, since
 * an unseen class cannot be learnt. Throws SimdenseError 'DATA' if no row is left to test with.
 */
export function splitOf(set: Dataset, targets: readonly string[], testSize: number, seed: number): Split {
  const rows = rowsOf(set);
  const by = rowsBy(set);
  if (by) {
    const [split] = holdOut(rows, { testSize, seed, ...by });
    return split as Split;
  }
  const { codes, kinds } = codesOf(set);
  const few = kinds > 0 && kinds <= Math.sqrt(rows) * 2;
  const [split] = holdOut(rows, { testSize, seed, ...(few && { stratify: codes }) }) as Iterable<Split> as [Split];
  if (!set.indices) return split;
  const trained = new Set(Array.from(split.train, (row) => codes[row]));
  const moved: number[] = [];
  const test = split.test.filter((row) => {
    if (trained.has(codes[row])) return true;
    trained.add(codes[row]);
    moved.push(row);
    return false;
  });
  const train = new Int32Array(split.train.length + moved.length);
  train.set(split.train);
  train.set(moved, split.train.length);
  if (test.length > 0) return { train, test };
  const numeric = typeof set.classes?.[0] === 'number';
  const message = `column ${targets.map(show).join(', ')} has ${kinds} different values in ${rows} rows: none is left to test with. Give --target a column whose values repeat${numeric ? ', or --task regression' : ''}`;
  throw new SimdenseError('DATA', message);
}

/** The groups or the moments by which rows are split; undefined without --group and --time. */
export const rowsBy = ({ groups, time }: Dataset): Pick<HoldOutOptions, 'groups' | 'time'> | undefined =>
  groups ? { groups } : time ? { time } : undefined;

/** A code for each row's class, or for each different number of a single target, and how many there are; 0 for several targets. */
function codesOf({ indices, classes, y }: Dataset): { codes: Int32Array; kinds: number } {
  if (indices) return { codes: indices, kinds: classes?.length ?? 0 };
  if (y?.columns !== 1) return { codes: new Int32Array(), kinds: 0 };
  const numbers = new Map<number, number>();
  const codes = Int32Array.from(y.data as Float32Array, (value) => {
    const code = numbers.get(value) ?? numbers.size;
    numbers.set(value, code);
    return code;
  });
  return { codes, kinds: numbers.size };
}
