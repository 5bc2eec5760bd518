// What rows weigh in loss and metrics.
import { isRecord, positiveNumber, refuse } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { isNumbers, type Numbers, toFloats } from '../data/numbers.js';
import { isCustom } from '../nn/losses.js';
import type { TargetData } from './targets.js';
import type { Trainer } from './trainer.js';

/** Weights by class, or 'balanced': rows / (classes · rows of the class). */
export type ClassWeight = Readonly<Record<number, number>> | 'balanced';

/**
 * The product of each row's own weight and its class's; nothing where neither is given. `where` names the method in errors, and `argument` the weights, such as
 * 'fit(sampleWeight)'.
 */
export function rowWeights(
  where: string,
  argument: string,
  trainer: Trainer,
  targets: TargetData,
  rows: number,
  outputs: number,
  given: { classWeight?: ClassWeight | undefined; sampleWeight?: Numbers | undefined },
): Float32Array | undefined {
  const { classWeight, sampleWeight } = given;
  if (classWeight === undefined && sampleWeight === undefined) return undefined;
  checkTakers(where, trainer);
  const weights = new Float32Array(rows).fill(1);
  if (sampleWeight !== undefined) {
    if (!isNumbers(sampleWeight)) refuse(argument, 'a number for each row', sampleWeight);
    if (sampleWeight.length !== rows)
      throw new SimdenseError('SHAPE', `${where}: x has ${rows} rows, sampleWeight has ${sampleWeight.length}`);
    weights.set(toFloats(`${where}: sampleWeight`, sampleWeight));
    const bad = weights.findIndex((w) => w < 0);
    if (bad >= 0) throw new SimdenseError('DATA', `${where}: sampleWeight is ${weights[bad]} in row ${bad}`);
  }
  if (classWeight === undefined) return weights;
  const classes = labels(targets, rows, outputs);
  const byClass = classWeight === 'balanced' ? balanced(classes) : checkClassWeight(classWeight, Math.max(2, outputs));
  for (const [row, label] of classes.entries()) (weights[row] as number) *= byClass[label] ?? 1;
  return weights;
}

/** Throws SimdenseError 'ARGUMENT' where a loss or metric in JavaScript would not see the weights: its function has no parameter for them. */
function checkTakers(where: string, { loss, metrics }: Trainer): void {
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

/** One class a row: the index, the largest of several targets, or 0 and 1 for one target. */
function labels({ classes, numbers }: TargetData, rows: number, outputs: number): Int32Array {
  if (classes) return classes;
  if (outputs > 1) return numbers.argmax();
  return Int32Array.from({ length: rows }, (_, row) => Number((numbers.data[row] as number) > 0.5));
}

/** scikit-learn's: rows / (classes · rows of the class). */
function balanced(classes: Int32Array): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const label of classes) counts[label] = (counts[label] ?? 0) + 1;
  const present = Object.keys(counts).length;
  return Object.fromEntries(Object.entries(counts).map(([label, n]) => [label, classes.length / (present * n)]));
}

function checkClassWeight(
  weights: Readonly<Record<number, number>>,
  classes: number,
): Readonly<Record<number, number>> {
  if (!isRecord(weights)) refuse('fit(classWeight)', "weights by class, or 'balanced'", weights);
  for (const [label, weight] of Object.entries(weights)) {
    const index = Number(label);
    if (!Number.isInteger(index) || index < 0 || index >= classes) {
      throw new SimdenseError('DATA', `fit(classWeight): no class ${label} among 0 to ${classes - 1}`);
    }
    if (weight !== 0) positiveNumber(`fit(classWeight[${label}])`, weight);
  }
  return weights;
}
