// The weights of rows in loss and metrics.
import { refuse } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { isNumbers, type Numbers, toFloats } from '../data/numbers.js';
import { isCustom } from '../nn/losses.js';
import type { ClassWeight } from './class-weights.js';
import type { Trainer } from './trainer.js';

/**
 * Each row's own weight, 1 if only classes have weights, by which fit multiplies these later; undefined if neither is given. In errors `where` names the method, and
 * `argument` the weights, such as 'fit(sampleWeight)'.
 */
export function rowWeights(
  where: string,
  argument: string,
  trainer: Trainer,
  rows: number,
  given: { classWeight?: ClassWeight | undefined; sampleWeight?: Numbers | undefined },
): Float32Array | undefined {
  const { classWeight, sampleWeight } = given;
  if (classWeight === undefined && sampleWeight === undefined) return undefined;
  checkTakesWeights(where, trainer);
  const weights = new Float32Array(rows).fill(1);
  if (sampleWeight !== undefined) {
    if (!isNumbers(sampleWeight)) refuse(argument, 'a number for each row', sampleWeight);
    if (sampleWeight.length !== rows)
      throw new SimdenseError('SHAPE', `${where}: x has ${rows} rows, sampleWeight has ${sampleWeight.length}`);
    weights.set(toFloats(`${where}: sampleWeight`, sampleWeight));
    const bad = weights.findIndex((w) => w < 0);
    if (bad >= 0)
      throw new SimdenseError('DATA', `${where}: sampleWeight is ${weights[bad]} in row ${bad}, expected 0 or more`);
    if (weights.every((w) => w === 0)) throw new SimdenseError('DATA', `${where}: sampleWeight is 0 in every row`);
  }
  return weights;
}

/** Throws SimdenseError 'ARGUMENT' for a custom loss or metric whose function has no parameter for weights. */
function checkTakesWeights(where: string, { loss, metrics }: Trainer): void {
  if (isCustom(loss) && loss.compute.length < 6) {
    const message = `the loss "${loss.name}" takes no weights: give its compute a sixth parameter, (target, predicted, gradient, rows, outputs, weights)`;
    throw new SimdenseError('ARGUMENT', `${where}: ${message}`);
  }
  for (const metric of metrics) {
    if (typeof metric === 'string' || metric.compute.length >= 5) continue;
    const message = `the metric "${metric.name}" takes no weights: give its compute a fifth parameter, (target, predicted, rows, outputs, weights)`;
    throw new SimdenseError('ARGUMENT', `${where}: ${message}`);
  }
}
