// The weights of classes. fit loads this file when it is given them.
import { isRecord, positiveNumber, refuse } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { checkFloats } from '../data/numbers.js';
import { isCustom } from '../nn/losses.js';
import type { Goal } from '../nn/pairs.js';
import { oneHotClasses, type TargetData } from './targets.js';

/** The weight of each class, or 'balanced': rows / (classes · rows of the class). */
export type ClassWeight = Readonly<Record<number, number>> | 'balanced';

/** Multiplies the weight of each row by the weight of its class. Throws SimdenseError before any has changed. */
export function weighClasses(classWeight: ClassWeight, targets: TargetData, goal: Goal, weights: Float32Array): void {
  const classes = classesOf('fit(classWeight)', targets, goal);
  const byClass = classWeight === 'balanced' ? balanced(classes) : checked(classWeight, Math.max(2, goal.form.outputs));
  const products = weights.map((weight, row) => weight * (byClass[classes[row] as number] ?? 1));
  checkFloats('fit: sampleWeight times classWeight in float32', products, undefined);
  if (products.every((weight) => weight === 0))
    throw new SimdenseError('DATA', 'fit: classWeight leaves no row a weight');
  weights.set(products);
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

/**
 * The class of each row: its index, or the column of the 1 in a one-hot row. For probabilities it is the most likely class: of a softmax the column with the
 * largest one, of a single sigmoid with crossentropy 1 above ½. Throws SimdenseError if rows have no class: 'ARGUMENT' for a regression, else 'DATA'.
 */
function classesOf(where: string, { classes, numbers }: TargetData, goal: Goal): Int32Array {
  if (classes) return classes;
  const { loss, form } = goal;
  if (goal.sums) return numbers.argmax();
  if (loss === 'binaryCrossentropy' && form.outputs === 1) return Int32Array.from(numbers.data, (p) => Number(p > 0.5));
  if (!isCustom(loss) && form.activation !== 'sigmoid')
    throw new SimdenseError('ARGUMENT', `${where}: a regression has no classes; use sampleWeight`);
  const found = oneHotClasses(numbers);
  if (found instanceof Int32Array) return found;
  const message = `y is ${found.found} in row ${found.row}, not one class a row; use sampleWeight`;
  throw new SimdenseError('DATA', `${where}: ${message}`);
}
