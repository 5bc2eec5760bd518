import { isRecord, positiveNumber, refuse } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import type { Goal } from '../nn/pairs.js';
import { classesOf, type TargetData } from './targets.js';

/** The weight of each class, or 'balanced': rows / (classes · rows of the class). */
export type ClassWeight = Readonly<Record<number, number>> | 'balanced';

/** Multiplies the weight of each row by the weight of its class. */
export function weighClasses(classWeight: ClassWeight, targets: TargetData, goal: Goal, weights: Float32Array): void {
  const classes = classesOf('fit(classWeight)', targets, goal);
  const byClass = classWeight === 'balanced' ? balanced(classes) : checked(classWeight, Math.max(2, goal.form.outputs));
  for (const [row, label] of classes.entries()) (weights[row] as number) *= byClass[label] ?? 1;
}

/** scikit-learn's balanced weights. Only classes that occur are counted. */
function balanced(classes: Int32Array): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const label of classes) counts[label] = (counts[label] ?? 0) + 1;
  const present = Object.keys(counts).length;
  return Object.fromEntries(Object.entries(counts).map(([label, n]) => [label, classes.length / (present * n)]));
}

function checked(weights: Readonly<Record<number, number>>, classes: number): Readonly<Record<number, number>> {
  if (!isRecord(weights)) refuse('fit(classWeight)', "weights by class, or 'balanced'", weights);
  for (const [label, weight] of Object.entries(weights)) {
    // Number also accepts texts such as '1.0' and '', which are not the name of a class.
    const index = Number(label);
    if (!Number.isInteger(index) || String(index) !== label || index < 0 || index >= classes) {
      throw new SimdenseError('DATA', `fit(classWeight): no class ${label || '""'} among 0 to ${classes - 1}`);
    }
    if (weight !== 0) positiveNumber(`fit(classWeight[${label}])`, weight);
  }
  return weights;
}
