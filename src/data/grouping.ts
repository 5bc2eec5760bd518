// What holds rows together or apart: classes that both parts share alike, groups that are not divided, and time.
import { refuse, show } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { smallest } from '../base/extremes.js';
import { checkLabel, type Label } from './labels.js';
import { isNumbers, type Numbers } from './numbers.js';
import { joined, type Split } from './parts.js';
import { range, shuffled } from './random.js';

/** A label for each row. */
export type RowLabels = readonly Label[] | Numbers;

/** A moment for each row: a number, such as a year, or a Date. */
export type Moments = Numbers | readonly Date[];

/** What is known of the rows beside their number; at most one of these. */
export interface RowsBy {
  readonly stratify?: RowLabels | undefined;
  readonly groups?: RowLabels | undefined;
  readonly time?: Moments | undefined;
}

/** Throws SimdenseError 'ARGUMENT' where more than one is given. */
export function checkOneOf(where: string, given: RowsBy): void {
  const names = (['stratify', 'groups', 'time'] as const).filter((name) => given[name] !== undefined);
  if (names.length > 1) throw new SimdenseError('ARGUMENT', `${where}: give ${names.join(' or ')}, not both`);
}

/** The rows of each label, in the order of the labels. Throws SimdenseError 'DATA' and 'SHAPE'. */
export function rowsByLabel(where: string, labels: RowLabels, rows: number): Map<Label, Int32Array> {
  if (!isNumbers(labels) && !Array.isArray(labels)) refuse(where, 'a label for each row', labels);
  if (labels.length !== rows) throw new SimdenseError('SHAPE', `${where} has ${labels.length} labels for ${rows} rows`);
  const found = new Map<Label, number[]>();
  for (let row = 0; row < rows; row++) {
    const label = checkLabel(`${where} is`, labels[row], row);
    if (typeof label !== typeof labels[0]) {
      const message = `${where} is ${show(label)} in row ${row}, but ${show(labels[0])} in row 0; make all labels numbers or all strings`;
      throw new SimdenseError('DATA', message);
    }
    const group = found.get(label);
    if (group) group.push(row);
    else found.set(label, [row]);
  }
  const sorted = [...found].sort(([a], [b]) => (a < b ? -1 : Number(a > b)));
  return new Map(sorted.map(([label, group]) => [label, Int32Array.from(group)]));
}

/** The row indices of each class, in the order of the classes. */
export const groupByClass = (where: string, classes: RowLabels, rows: number): Int32Array[] => [
  ...rowsByLabel(where, classes, rows).values(),
];

/** The groups, which must be `least` or more. Throws SimdenseError 'DATA'. */
export function groupsOf(where: string, labels: RowLabels, rows: number, least: number): Int32Array[] {
  const groups = groupByClass(where, labels, rows);
  if (groups.length >= least) return groups;
  const message = `${groups.length === 1 ? 'one group' : `${groups.length} groups`}, expected ${least} or more: a group is never divided`;
  throw new SimdenseError('DATA', `${where}: ${message}`);
}

/** Groups are taken in random order into the test part, until it is as near to `wanted` rows as it can be; never all of them. */
export function* groupedHoldOut(
  groups: readonly Int32Array[],
  wanted: number,
  next: () => number,
): Generator<undefined, Split> {
  const order = range(groups.length);
  yield* shuffled(order, next);
  const drawn = Array.from(order, (g) => groups[g] as Int32Array);
  let count = 1;
  let size = (drawn[0] as Int32Array).length;
  while (count < drawn.length - 1) {
    const more = size + (drawn[count] as Int32Array).length;
    if (Math.abs(more - wanted) > Math.abs(size - wanted)) break;
    size = more;
    count++;
  }
  return { train: joined(drawn.slice(count)), test: joined(drawn.slice(0, count)) };
}

/** The fold of each row: the largest group first, each into the fold with the fewest rows, as scikit-learn's GroupKFold does. */
export function groupedFolds(groups: readonly Int32Array[], folds: number, rows: number): Int32Array {
  const sizes = new Array<number>(folds).fill(0);
  const foldOf = new Int32Array(rows);
  for (const group of [...groups].sort((a, b) => b.length - a.length)) {
    const fold = sizes.indexOf(smallest(sizes));
    sizes[fold] = (sizes[fold] as number) + group.length;
    for (const row of group) foldOf[row] = fold;
  }
  return foldOf;
}

/** The rows by time, and the moments in that order. Rows of one moment keep their order. Throws SimdenseError 'DATA' and 'SHAPE'. */
export function byTime(where: string, time: Moments, rows: number): { order: Int32Array; moments: Float64Array } {
  if (!isNumbers(time) && !Array.isArray(time)) refuse(where, 'a number or a Date for each row', time);
  if (time.length !== rows) throw new SimdenseError('SHAPE', `${where} has ${time.length} moments for ${rows} rows`);
  const moments = Float64Array.from({ length: rows }, (_, row) => {
    const moment: unknown = time[row];
    const value = typeof moment === 'number' || moment instanceof Date ? Number(moment) : Number.NaN;
    if (Number.isFinite(value)) return value;
    throw new SimdenseError('DATA', `${where}: ${show(moment)} in row ${row}, expected a number or a Date`);
  });
  const order = range(rows).sort((a, b) => (moments[a] as number) - (moments[b] as number) || a - b);
  return { order, moments: Float64Array.from(order, (row) => moments[row] as number) };
}

/** The place nearest to `place` at which a new moment begins, so that rows of one moment stay together; undefined where all are of one. */
export function newMoment(moments: Float64Array, place: number): number | undefined {
  const begins = (at: number): boolean => at > 0 && at < moments.length && moments[at] !== moments[at - 1];
  for (let by = 0; by < moments.length; by++) {
    if (begins(place + by)) return place + by;
    if (begins(place - by)) return place - by;
  }
  return undefined;
}
