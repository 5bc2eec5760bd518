// A regression tree whose leaves are boxes of a space (Breiman, Friedman, Olshen, Stone 1984, CART): grown until each leaf has one value, as the trees of a random forest are.
import type { Dimension } from './parzen.js';

/** A part of a dimension: a stretch of a range, or some of the choices. */
export type Side = { readonly from: number; readonly to: number } | { readonly choices: readonly number[] };

/** A box of the space, a side for each dimension, and the mean of the values in it. */
export interface Leaf {
  readonly box: readonly Side[];
  readonly value: number;
  /** The rows that were asked for and lie in the box. */
  readonly asked: readonly number[];
}

/** A place with a value for each dimension. */
export type FullPlace = readonly number[];

/** What a tree is grown on: some of the rows, of which one may come more than once. */
export interface Sample {
  readonly dimensions: readonly Dimension[];
  readonly places: readonly FullPlace[];
  readonly values: readonly number[];
  readonly rows: readonly number[];
}

/** A cut of a box in two, and what it is worth: the sum of squares of the values that it explains. */
interface Cut {
  readonly dimension: number;
  readonly low: Side;
  readonly high: Side;
  readonly worth: number;
  isLow(value: number): boolean;
}

interface Node {
  readonly box: readonly Side[];
  /** The rows by rising place, for each dimension. */
  readonly orders: readonly (readonly number[])[];
  readonly asked: readonly number[];
}

/** The leaves of a tree, with the other rows that are asked for. `next` gives numbers from 0 to below 1, by which one of equal cuts is taken. */
export function growTree(sample: Sample, asked: readonly number[], next: () => number): Leaf[] {
  const { dimensions, places, values, rows } = sample;
  const leaves: Leaf[] = [];
  const at = (row: number, d: number): number => (places[row] as FullPlace)[d] as number;
  const orders = dimensions.map((_, d) => [...rows].sort((a, b) => at(a, d) - at(b, d) || a - b));
  const open: Node[] = [{ box: dimensions.map(whole), orders, asked }];
  for (let node = open.pop(); node; node = open.pop()) {
    const { box, orders } = node;
    const own = orders[0] as readonly number[];
    const cut = bestCut(sample, node, next);
    if (!cut) {
      leaves.push({ box, value: sumOf(values, own) / own.length, asked: node.asked });
      continue;
    }
    for (const [side, wanted] of [
      [cut.high, false],
      [cut.low, true],
    ] as const) {
      const isIn = (row: number): boolean => cut.isLow(at(row, cut.dimension)) === wanted;
      open.push({
        box: box.map((each, d) => (d === cut.dimension ? side : each)),
        orders: orders.map((order) => order.filter(isIn)),
        asked: node.asked.filter(isIn),
      });
    }
  }
  return leaves;
}

/** All of a dimension. */
const whole = (dimension: Dimension): Side =>
  'choices' in dimension
    ? { choices: Array.from({ length: dimension.choices }, (_, choice) => choice) }
    : { from: dimension.low, to: dimension.high };

const sumOf = (values: readonly number[], rows: readonly number[]): number =>
  rows.reduce((sum, row) => sum + (values[row] as number), 0);

/** The cut that explains most, of equal ones that of a random dimension; undefined where all values are the same, or all places. */
function bestCut({ places, values }: Sample, { box, orders }: Node, next: () => number): Cut | undefined {
  const rows = orders[0] as readonly number[];
  const first = values[rows[0] as number];
  if (rows.every((row) => values[row] === first)) return undefined;
  const total = sumOf(values, rows);
  let best: Cut | undefined;
  /** Takes a cut that is worth more than those before: `count` values with this sum are on its low side. */
  const consider = (count: number, sum: number, cut: () => Omit<Cut, 'worth'>): void => {
    const worth = (sum * sum) / count + ((total - sum) * (total - sum)) / (rows.length - count);
    if (!best || worth > best.worth) best = { ...cut(), worth };
  };
  for (const dimension of shuffled(box.length, next)) {
    const side = box[dimension] as Side;
    const sorted = orders[dimension] as readonly number[];
    const at = (row: number | undefined): number => (places[row as number] as FullPlace)[dimension] as number;
    if ('choices' in side) {
      for (const choice of side.choices) {
        const own = sorted.filter((row) => at(row) === choice);
        if (own.length === 0 || own.length === sorted.length) continue;
        const high = { choices: side.choices.filter((each) => each !== choice) };
        const isLow = (value: number): boolean => value === choice;
        consider(own.length, sumOf(values, own), () => ({ dimension, low: { choices: [choice] }, high, isLow }));
      }
      continue;
    }
    let sum = 0;
    for (let i = 1; i < sorted.length; i++) {
      sum += values[sorted[i - 1] as number] as number;
      const [before, after] = [at(sorted[i - 1]), at(sorted[i])];
      if (before === after) continue;
      consider(i, sum, () => {
        const middle = (before + after) / 2;
        // Between neighbours in float64 there is no number.
        const to = middle < after ? middle : before;
        return { dimension, low: { from: side.from, to }, high: { from: to, to: side.to }, isLow: (x) => x <= to };
      });
    }
  }
  return best;
}

/** 0 to count − 1 in random order (Fisher, Yates). */
function shuffled(count: number, next: () => number): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1));
    [order[i], order[j]] = [order[j] as number, order[i] as number];
  }
  return order;
}
