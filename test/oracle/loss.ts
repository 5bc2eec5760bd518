// All losses in float64, from their definitions: means over the rows.
import type { Loss } from '../../src/index.js';

type Named = Extract<Loss, string>;
type Row = readonly number[];

const sum = (y: Row, p: Row, f: (y: number, p: number) => number): number =>
  y.reduce((all, value, i) => all + f(value, p[i] as number), 0);
const mean = (y: Row, p: Row, f: (y: number, p: number) => number): number => sum(y, p, f) / y.length;
/** 0·log 0 is 0. */
const log = (weight: number, p: number): number => (weight === 0 ? 0 : weight * Math.log(p));

/** The losses of a row of targets and predictions. */
const losses: Readonly<Record<Named, (target: Row, predicted: Row) => number>> = {
  meanSquaredError: (t, o) => mean(t, o, (y, p) => (p - y) ** 2),
  halfMeanSquaredError: (t, o) => sum(t, o, (y, p) => (p - y) ** 2) / 2,
  meanAbsoluteError: (t, o) => mean(t, o, (y, p) => Math.abs(p - y)),
  huber: (t, o) => mean(t, o, (y, p) => (Math.abs(p - y) <= 1 ? (p - y) ** 2 / 2 : Math.abs(p - y) - 0.5)),
  logCosh: (t, o) => mean(t, o, (y, p) => Math.log(Math.cosh(p - y))),
  binaryCrossentropy: (t, o) => mean(t, o, (y, p) => -log(y, p) - log(1 - y, 1 - p)),
  categoricalCrossentropy: (t, o) => sum(t, o, (y, p) => -log(y, p)),
};

export function lossOf(loss: Loss, target: readonly Row[], predicted: readonly Row[]): number {
  if (typeof loss !== 'string') throw new Error('a custom loss has no oracle');
  const rows = target.map((t, i) => losses[loss](t, predicted[i] as Row));
  return rows.reduce((a, b) => a + b, 0) / rows.length;
}
