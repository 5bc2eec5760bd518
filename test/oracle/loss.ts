// All losses in float64, from their definitions: means over the rows.
import type { Loss } from '../../src/index.js';

export function lossOf(loss: Loss, target: readonly number[][], predicted: readonly number[][]): number {
  const rows = target.map((t, i) => rowLoss(loss, t, predicted[i] as number[]));
  return rows.reduce((a, b) => a + b, 0) / rows.length;
}

function rowLoss(loss: Loss, target: readonly number[], predicted: readonly number[]): number {
  const sum = (f: (y: number, p: number) => number): number =>
    target.reduce((all, y, i) => all + f(y, predicted[i] as number), 0);
  const mean = (f: (y: number, p: number) => number): number => sum(f) / target.length;
  // 0·log 0 is 0.
  const log = (weight: number, p: number): number => (weight === 0 ? 0 : weight * Math.log(p));
  switch (loss) {
    case 'meanSquaredError':
      return mean((y, p) => (p - y) ** 2);
    case 'halfMeanSquaredError':
      return sum((y, p) => (p - y) ** 2) / 2;
    case 'meanAbsoluteError':
      return mean((y, p) => Math.abs(p - y));
    case 'huber':
      return mean((y, p) => (Math.abs(p - y) <= 1 ? (p - y) ** 2 / 2 : Math.abs(p - y) - 0.5));
    case 'logCosh':
      return mean((y, p) => Math.log(Math.cosh(p - y)));
    case 'binaryCrossentropy':
      return mean((y, p) => -log(y, p) - log(1 - y, 1 - p));
    case 'categoricalCrossentropy':
      return sum((y, p) => -log(y, p));
    default:
      throw new Error('a custom loss has no oracle');
  }
}
