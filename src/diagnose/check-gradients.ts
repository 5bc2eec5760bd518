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

export interface GradientCheck {
  /** |numeric − computed| ÷ the larger of them, or ÷ a tenth of the parameter's largest derivative where both are smaller. */
  readonly largestRelativeError: number;
  /** Where it is: 'dense/kernel[17]'. */
  readonly worst: string;
}

/** Numbers of each parameter that are checked: the largest derivatives and as many evenly spaced. */
const CHECKED = 12;
type Five = [number, number, number, number, number];
/**
 * Steps of the differences. The best counts, of the central one and those to each side: long ones cross the kinks of relu, where only one side has the derivative that is
 * computed, and for short ones float32 hardly tells the losses apart.
 */
const STEPS = [0.016, 0.004, 0.001];
/** What a derivative is at least compared to, as a share of the largest one. */
const FLOOR = 0.1;
/** The same, of the largest one of all parameters. */
const LEAST = 0.01;

/**
 * Compares the derivatives that training would use with differences of the loss, (−L(w + 2h) + 8L(w + h) − 8L(w − h) + L(w − 2h)) / 12h, with dropout's masks as in
 * a training's first step; of all parameters, at most 24 numbers each. The kernels compute in float32, so that errors up to 0.01 are those of the differences; a
 * wrong derivative, such as of a custom loss, has 0.1 and more. The model stays as it is. Throws SimdenseError 'STATE' before compile, and what trainOnBatch throws.
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
  checkBatch('checkGradients', network, matrix.rows);
  trainer.reserve(matrix.rows, true);
  batch.loadTargets(targets, undefined, 0, matrix.rows);
  batch.loadWeights(undefined, undefined, 0, 0);
  const lossNow = (): number => {
    // Layers may write over their input.
    batch.loadRows(matrix, undefined, 0, matrix.rows);
    return trainer.differentiate(matrix.rows, 0);
  };
  if (!Number.isFinite(lossNow())) throw new SimdenseError('DIVERGED', 'checkGradients: the loss is not finite');

  let largestRelativeError = 0;
  let worst = '';
  const trained = network.parameters.filter(({ plan }) => plan.trained !== false);
  const computed = trained.map(({ offset, shape }) => {
    const at = network.gradients / 4 + offset;
    return network.engine.floats.slice(at, at + parameterFloats(shape));
  });
  const largestOf = (all: Float32Array): number => all.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  // Some derivatives are zero, such as those by a bias before a batch normalization.
  const least = LEAST * largest(computed.map(largestOf));
  for (const [i, parameter] of trained.entries()) {
    const derivatives = computed[i] as Float32Array;
    const values = network.values / 4 + parameter.offset;
    const floor = Math.max(FLOOR * largestOf(derivatives), least);
    for (const index of chosen(derivatives, parameter)) {
      const at = values + index;
      const before = network.engine.floats[at] as number;
      const lossAt = (w: number): number => {
        // Taken late: a loss of the user's may have made the memory grow.
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

/** Places of the largest derivatives and of evenly spaced ones, without the padding of panels. */
function chosen(derivatives: Float32Array, parameter: Parameter): Set<number> {
  const real = Array.from(derivatives.keys()).filter((index) => rowMajor(index, parameter) !== undefined);
  const bySize = [...real].sort(
    (a, b) => Math.abs(derivatives[b] as number) - Math.abs(derivatives[a] as number) || a - b,
  );
  const step = Math.max(1, Math.floor(real.length / CHECKED));
  return new Set([...bySize.slice(0, CHECKED), ...real.filter((_, i) => i % step === 0).slice(0, CHECKED)]);
}

/** The row-major number of what lies at `index` in panels of 16 columns; undefined for padding. */
function rowMajor(index: number, { shape }: Parameter): number | undefined {
  const [rows, columns] = shape.length === 1 ? [1, shape[0]] : shape;
  const [row, column] = cellOf(rows, index);
  return column < columns ? row * columns + column : undefined;
}
