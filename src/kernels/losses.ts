// Losses over plain arrays, with their gradients.
import { refuse } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { kindOf } from '../base/typed-arrays.js';
import { exactly, float32, type IntArray, int32 } from './checks.js';
import { Search } from './search.js';
import { rowsOf } from './softmax.js';

/** The numbers of assembly/blas/losses.ts. */
const LOSS = { squaredError: 0, absoluteError: 1, huber: 2, binaryCrossEntropy: 3 } as const;

/** Losses and their gradients. */
export class Losses extends Search {
  /**
   * Mean squared error: Σ (p − t)² / n, and its gradient 2 (p − t) / n. Terms are float32, so they overflow where |p − t| exceeds 1.8e19; their sum is float64.
   * @param predicted The predictions p.
   * @param target The targets t.
   * @param gradient Receives the gradient by the predictions; it may be `predicted`.
   * @returns The loss, in float64; NaN of no numbers.
   * @throws SimdenseError 'ARGUMENT' for a wrong type, 'SHAPE' for different lengths, 'OUT_OF_MEMORY' if copies of outside arrays do not fit.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * const gradient = new Float32Array(2);
   * k.squaredError(Float32Array.of(1, 2), Float32Array.of(0, 4), gradient); // 2.5
   * gradient; // [1, -2]
   */
  squaredError(predicted: Float32Array, target: Float32Array, gradient?: Float32Array): number {
    return this.#elementLoss('squaredError', arguments, predicted, target, gradient);
  }

  /**
   * Mean absolute error: Σ |p − t| / n, and its gradient sign(p − t) / n.
   * @param predicted The predictions p.
   * @param target The targets t.
   * @param gradient Receives the gradient by the predictions; it may be `predicted`.
   * @returns The loss, in float64; NaN of no numbers.
   * @throws SimdenseError 'ARGUMENT' for a wrong type, 'SHAPE' for different lengths, 'OUT_OF_MEMORY' if copies of outside arrays do not fit.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * k.absoluteError(Float32Array.of(1, 2), Float32Array.of(0, 4)); // 1.5
   */
  absoluteError(predicted: Float32Array, target: Float32Array, gradient?: Float32Array): number {
    return this.#elementLoss('absoluteError', arguments, predicted, target, gradient);
  }

  /**
   * Huber loss with threshold 1, the mean: ½ e² for |e| ≤ 1, and |e| − ½ above, with e = p − t. Source: Huber 1964, Robust Estimation of a Location Parameter.
   * @param predicted The predictions p.
   * @param target The targets t.
   * @param gradient Receives the gradient by the predictions; it may be `predicted`.
   * @returns The loss, in float64; NaN of no numbers.
   * @throws SimdenseError 'ARGUMENT' for a wrong type, 'SHAPE' for different lengths, 'OUT_OF_MEMORY' if copies of outside arrays do not fit.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * k.huber(Float32Array.of(0.5, 3), Float32Array.of(0, 0)); // 1.3125
   */
  huber(predicted: Float32Array, target: Float32Array, gradient?: Float32Array): number {
    return this.#elementLoss('huber', arguments, predicted, target, gradient);
  }

  /**
   * Binary crossentropy of sigmoid(logits), the mean: max(z, 0) − z · t + log(1 + e^−|z|), and its gradient (sigmoid(z) − t) / n. It does not overflow.
   * @param logits The logits z.
   * @param target The targets t, from 0 to 1.
   * @param gradient Receives the gradient by the logits; it may be `logits`.
   * @returns The loss, in float64; NaN of no numbers.
   * @throws SimdenseError 'ARGUMENT' for a wrong type, 'SHAPE' for different lengths, 'OUT_OF_MEMORY' if copies of outside arrays do not fit.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * k.binaryCrossEntropy(Float32Array.of(0, 2), Float32Array.of(1, 1)); // 0.4100
   */
  binaryCrossEntropy(logits: Float32Array, target: Float32Array, gradient?: Float32Array): number {
    return this.#elementLoss('binaryCrossEntropy', arguments, logits, target, gradient);
  }

  /**
   * Crossentropy of softmax(logits), the mean over rows: −Σ t · log softmax(z), and its gradient (softmax(z) · Σt − t) / rows.
   * @param logits Rows of logits, one column a class.
   * @param target Each row's class, an Int32Array; or rows of probabilities, a Float32Array like the logits.
   * @param gradient Receives the gradient by the logits; it may be `logits`.
   * @param columns Classes; needed with probabilities. By default, logits are divided evenly among the labels.
   * @returns The loss, in float64; NaN of no rows.
   * @throws SimdenseError 'ARGUMENT' for a wrong type, 'SHAPE' if the lengths do not fit, 'DATA' for a class that is not there, 'OUT_OF_MEMORY' if copies of outside arrays do not fit.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * k.crossEntropy(Float32Array.of(1, 2, 3, 0, 0, 0), Int32Array.of(2, 0)); // 0.7531
   */
  crossEntropy(
    logits: Float32Array,
    target: Float32Array | IntArray,
    gradient?: Float32Array,
    columns?: number,
  ): number {
    const where = 'crossEntropy';
    this.begin(where, arguments, 4);
    const z = float32(`${where}(logits)`, logits);
    const isFloats = kindOf(target) === 'Float32Array';
    const t = (isFloats ? float32 : int32)(`${where}(target)`, target);
    // Taken as one row, one-hot targets of many would give a number that means nothing.
    if (isFloats && columns === undefined)
      refuse(`${where}(columns)`, 'the number of classes, since the target is probabilities', columns);
    const each = columns ?? (t.length === 0 ? undefined : z.length / t.length);
    if (each !== undefined && !Number.isInteger(each)) {
      if (columns !== undefined) refuse(`${where}(columns)`, 'a positive integer', columns);
      throw new SimdenseError(
        'SHAPE',
        `${where}: ${z.length} logits cannot be divided evenly among ${t.length} labels`,
      );
    }
    const [rows, width] = rowsOf(where, z, each);
    exactly(`${where}(target)`, t, isFloats ? z.length : rows, 'logits and columns');
    if (!isFloats)
      for (const [i, label] of t.entries())
        if (!(label >= 0 && label < width))
          throw new SimdenseError('DATA', `${where}: label ${i} is ${label}, there are ${width} classes`);
    const result = gradient === undefined ? undefined : this.outLike(where, z.length, gradient, 'gradient');
    const to = result ? this.enterOut(where, result, result === z) : 0;
    const from = this.input(where, z, result, to);
    const wanted = this.enterApart(where, t, result, to);
    const sum = this.calls.crossEntropy(rows, width, from, isFloats ? 0 : wanted, isFloats ? wanted : 0, to, 1 / rows);
    this.leave();
    return sum / rows;
  }

  #elementLoss(
    name: keyof typeof LOSS,
    given: IArguments,
    predicted: Float32Array,
    target: Float32Array,
    gradient: Float32Array | undefined,
  ): number {
    this.begin(name, given, 3);
    const [p, t] = [
      float32(`${name}(${name === 'binaryCrossEntropy' ? 'logits' : 'predicted'})`, predicted),
      float32(`${name}(target)`, target),
    ];
    exactly(`${name}(target)`, t, p.length);
    const n = p.length;
    const result = gradient === undefined ? undefined : this.outLike(name, n, gradient, 'gradient');
    const to = result ? this.enterOut(name, result, result === p || result === t) : 0;
    const from = this.input(name, p, result, to);
    const wanted = this.input(name, t, result, to);
    const sum = this.calls.elementLoss(LOSS[name], n, from, wanted, to, 1 / n);
    this.leave();
    return sum / n;
  }
}
