import { noMore } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { largest, smallest } from '../base/extremes.js';
import { type Rows, type Targets, toMatrix } from '../data/rows.js';
import { cellOf, parameterFloats } from '../nn/layout.js';
import type { Parameter } from '../nn/network.js';
import { checkBatch } from '../train/plan-fit.js';
import type { Sequential } from '../train/sequential.js';
import { toTargets } from '../train/targets.js';
import { checkModel } from './check-model.js';
import { learning } from './look.js';

export interface GradientCheck {
  /** |numeric − computed| ÷ the larger of both; if both are below a tenth of the parameter's largest derivative, ÷ that tenth. */
  readonly largestRelativeError: number;
  /** The place of the largest error, such as 'dense/kernel[17]'. */
  readonly worst: string;
}

/** Numbers checked in each parameter: this many with the largest derivatives, and as many evenly spaced. */
const CHECKED = 12;
type Five = [number, number, number, number, number];
/**
 * Step sizes. The smallest error of the central and both one-sided differences counts. Long steps cross the kinks of relu, where only one side has the
 * computed derivative; for short steps the losses hardly differ in float32.
 */
const STEPS = [0.016, 0.004, 0.001];
/** Least denominator of a relative error, as a share of the parameter's largest derivative. */
const FLOOR = 0.1;
/** Least denominator of a relative error, as a share of the largest derivative of all parameters. */
const LEAST = 0.01;

/**
 * Compares the gradients that training would use with finite differences of the loss.
 *
 * The difference is (−L(w + 2h) + 8L(w + h) − 8L(w − h) + L(w − 2h)) / 12h. Dropout's masks are those of the first training step. At most 24 numbers of each
 * parameter are checked. The kernels compute in float32, so errors up to 0.01 come from the differences; a wrong derivative, such as one of a
 * custom loss, has an error of 0.1 or more. The model does not change.
 * @param m A compiled model.
 * @param x Rows, rows × inputs.
 * @param y Targets, as `fit` takes them.
 * @returns The largest relative error and its place.
 * @throws SimdenseError 'STATE' before compile.
 * @throws SimdenseError 'DATA', 'SHAPE' or 'ARGUMENT' for rows or targets that trainOnBatch refuses.
 * @throws SimdenseError 'DIVERGED' if the loss is not finite.
 * @example
 * import { dense, sequential } from 'simdense';
 * import { checkGradients } from 'simdense/diagnose';
 *
 * // A loss of one's own: the mean of (ŷ − y)⁴ over the rows.
 * const fourthPower = {
 *   name: 'fourthPower',
 *   compute(target: Float32Array, predicted: Float32Array, gradient: Float32Array, rows: number) {
 *     let sum = 0;
 *     for (const [i, y] of target.entries()) {
 *       const error = (predicted[i] ?? 0) - y;
 *       sum += error ** 4;
 *       gradient[i] = (4 * error ** 3) / rows;
 *     }
 *     return sum / rows;
 *   },
 * };
 * const model = sequential({ inputs: 1, layers: [dense({ units: 1 })], seed: 1 }).compile({ loss: fourthPower });
 * const { largestRelativeError } = checkGradients(model, [[0], [1], [2]], [1, 3, 5]);
 * console.log(largestRelativeError < 0.01); // true
 */
export function checkGradients(m: Sequential, x: Rows, y: Targets): GradientCheck {
  noMore('checkGradients', arguments, 3);
  checkModel('checkGradients', m);
  using copy = m.clone();
  const { network, batch, trainer } = copy.bound;
  if (!trainer) throw new SimdenseError('STATE', 'checkGradients: call compile({ loss }) first');
  const matrix = toMatrix('checkGradients: x', x, m.inputs, 'the model takes');
  if (matrix.rows === 0) throw new SimdenseError('DATA', 'checkGradients: x has no rows');
  const targets = toTargets('checkGradients: y', y, matrix.rows, m.outputs, trainer.goal);
  checkBatch('checkGradients', trainer, matrix.rows);
  trainer.reserve(matrix.rows, true);
  batch.loadTargets(targets, undefined, 0, matrix.rows);
  batch.loadWeights(undefined, undefined, 0, 0);
  const lossNow = (): number => {
    // Load the rows each time: layers may overwrite their input.
    batch.loadRows(matrix, undefined, 0, matrix.rows);
    return trainer.differentiate(matrix.rows, 0);
  };
  if (!Number.isFinite(lossNow())) throw new SimdenseError('DIVERGED', 'checkGradients: the loss is not finite');

  let largestRelativeError = 0;
  let worst = '';
  const trained = learning(copy.bound);
  const computed = trained.map(({ offset, shape }) => {
    const at = network.gradients / 4 + offset;
    return network.engine.floats.slice(at, at + parameterFloats(shape));
  });
  const largestOf = (all: Float32Array): number => all.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  // Some derivatives are zero, for example by a bias just before a batch normalization.
  const least = LEAST * largest(computed.map(largestOf));
  for (const [i, parameter] of trained.entries()) {
    const derivatives = computed[i] as Float32Array;
    const values = network.values / 4 + parameter.offset;
    const floor = Math.max(FLOOR * largestOf(derivatives), least);
    for (const index of chosen(derivatives, parameter)) {
      const at = values + index;
      const before = network.engine.floats[at] as number;
      const lossAt = (w: number): number => {
        // Read engine.floats anew: a custom loss may have made the memory grow.
        network.engine.floats[at] = w;
        return lossNow();
      };
      const own = derivatives[index] as number;
      const errors = STEPS.flatMap((h) => {
        const [l2, l1, l0, r1, r2] = [-2, -1, 0, 1, 2].map((i) => lossAt(before + i * h)) as Five;
        const central = (8 * (r1 - l1) - (r2 - l2)) / (12 * h);
        const right = (4 * r1 - 3 * l0 - r2) / (2 * h);
        const left = (3 * l0 - 4 * l1 + l2) / (2 * h);
        return [central, right, left].map((numeric) => {
          return Math.abs(numeric - own) / Math.max(Math.abs(own), Math.abs(numeric), floor);
        });
      });
      network.engine.floats[at] = before;
      const error = smallest(errors);
      if (!(error <= largestRelativeError)) {
        largestRelativeError = error;
        worst = `${parameter.path}[${rowMajor(index, parameter)}]`;
      }
    }
  }
  return { largestRelativeError, worst };
}

/** Indices of the largest derivatives and of evenly spaced ones, without the padding of panels. */
function chosen(derivatives: Float32Array, parameter: Parameter): Set<number> {
  const real = Array.from(derivatives.keys()).filter((index) => rowMajor(index, parameter) !== undefined);
  const bySize = [...real].sort(
    (a, b) => Math.abs(derivatives[b] as number) - Math.abs(derivatives[a] as number) || a - b,
  );
  const step = Math.max(1, Math.floor(real.length / CHECKED));
  return new Set([...bySize.slice(0, CHECKED), ...real.filter((_, i) => i % step === 0).slice(0, CHECKED)]);
}

/** The row-major index of the number at `index` in panels of 16 columns; undefined for padding. */
function rowMajor(index: number, { shape }: Parameter): number | undefined {
  const [rows, columns] = shape.length === 1 ? [1, shape[0]] : shape;
  const [row, column] = cellOf(rows, index);
  return column < columns ? row * columns + column : undefined;
}
