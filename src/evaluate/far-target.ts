// The advice where a target that is far from all others has made a loss infinite.
import { Matrix } from '../data/matrix.js';
import type { DivergedError } from '../train/history.js';
import type { Grid } from './inputs.js';
import type { TargetScaler } from './target-scale.js';

/** A target that is so many times the scale from the middle makes squares and updates that no learning rate can mend. */
const FAR = 1_000;

/** Where a target is far from all others, the advice of the error is about that. */
export function adviseOnTargets(error: DivergedError, { data, columns }: Grid, targetScaler: TargetScaler): void {
  const scaled = targetScaler.transform(new Matrix(data, columns)).data;
  let far = 0;
  for (const [i, value] of scaled.entries()) if (Math.abs(value) > Math.abs(scaled[far] as number)) far = i;
  const times = Math.abs(scaled[far] as number);
  if (!(times > FAR)) return;
  const value = Number((data[far] as number).toPrecision(6));
  const advice = `A target of ${value} is ${Number(times.toPrecision(2))} times the scale of the others from their middle: correct it or leave its row out; if it is right, learn the logarithm of the targets`;
  error.message = error.message.replace(/Try a learning rate of .*$/, `${advice}.`);
}
