// Random numbers by Philox: each is a function of the seed, the stream and its place, in every runtime and with any number of threads.
import { finiteNumber, options, positiveNumber, refuse, wholeNumber } from '../base/checks.js';
import { seedWords } from '../base/draws.js';
import { lines } from './blocks.js';
import type { IntArray } from './checks.js';
import { float32, int32 } from './checks.js';
import { Updates } from './updates.js';

export interface DrawOptions {
  /** A whole number; 0 by default. The same seed and stream give the same numbers. */
  seed?: number;
  /** The number of an independent sequence of the same seed, below 2³²; 0 by default. */
  stream?: number;
}

export interface UniformOptions extends DrawOptions {
  /** The lower end, from −3.4e38 up; 0 by default. */
  low?: number;
  /** The upper end, up to 3.4e38; 1 by default. */
  high?: number;
}

export interface NormalOptions extends DrawOptions {
  /** The mean; 0 by default. */
  mean?: number;
  /** The standard deviation; 1 by default. Six of them from the mean must be within 3.4e38. */
  deviation?: number;
}

/** Philox's counter word for these draws: see Purpose in base/draws.ts, whose numbers differ. */
const PURPOSE = 28;

/** The most that draws may be: less than the largest float32, since they are rounded on the way. */
const MOST = 3.4e38;
const BOUNDED = 'numbers whose draws are within 3.4e38';
/** Normal draws are within so many deviations of the mean: the inverse distribution function of 2⁻²⁵ is −5.42. */
const FARTHEST = 6;

/** Random draws. */
export class Draws extends Updates {
  /**
   * Fills an array with uniform numbers between low and high, of 24 random bits each: (2k + 1) / 2²⁵ of the way for a k from 0 to 2²⁴ − 1.
   *
   * Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3").
   * @param out The array, or how many numbers a new one is to have.
   * @param o Seed, stream and range.
   * @returns out.
   * @throws SimdenseError 'ARGUMENT' for a wrong type or an option out of range, 'OUT_OF_MEMORY' if an array does not fit.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * k.uniform(3, { seed: 1 }); // [0.7462, 0.4112, 0.5087]
   */
  uniform(out: Float32Array | number, o?: UniformOptions): Float32Array {
    this.begin('uniform', arguments, 2);
    const given = options('uniform', o, ['seed', 'stream', 'low', 'high']);
    const low = finiteNumber('uniform(low)', given.low ?? 0);
    const high = finiteNumber('uniform(high)', given.high ?? 1);
    if (high < low) refuse('uniform(high)', `a number from low, ${low}, up`, high);
    if (Math.max(-low, high) > MOST) refuse('uniform(high)', BOUNDED, high);
    const [seed0, seed1, stream] = seedOf('uniform', given);
    return this.#fill('uniform', out, (n, to) =>
      this.calls.fillUniform(n, to, seed0, seed1, PURPOSE, stream, 0, (low + high) / 2, (high - low) / 2),
    );
  }

  /**
   * Fills an array with normal numbers: the inverse distribution function of uniform ones (Giles 2010, "Approximating the erfinv function").
   * @param out The array, or how many numbers a new one is to have.
   * @param o Seed, stream, mean and standard deviation.
   * @returns out.
   * @throws SimdenseError 'ARGUMENT' for a wrong type or an option out of range, 'OUT_OF_MEMORY' if an array does not fit.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * k.normal(3, { seed: 1 }); // [0.6625, -0.2244, 0.0217]
   */
  normal(out: Float32Array | number, o?: NormalOptions): Float32Array {
    this.begin('normal', arguments, 2);
    const given = options('normal', o, ['seed', 'stream', 'mean', 'deviation']);
    const mean = finiteNumber('normal(mean)', given.mean ?? 0);
    const deviation = positiveNumber('normal(deviation)', given.deviation ?? 1);
    if (Math.abs(mean) + FARTHEST * deviation > MOST) refuse('normal(deviation)', BOUNDED, deviation);
    const [seed0, seed1, stream] = seedOf('normal', given);
    return this.#fill('normal', out, (n, to) =>
      this.calls.fillNormal(n, to, seed0, seed1, PURPOSE, stream, 0, mean, deviation),
    );
  }

  /**
   * A random order of the whole numbers below n (Fisher, Yates).
   * @param out The array, of length n, or n for a new one.
   * @param o Seed and stream.
   * @returns out.
   * @throws SimdenseError 'ARGUMENT' for a wrong type or an option out of range, 'OUT_OF_MEMORY' if an array does not fit.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * k.permutation(5, { seed: 1 }); // [2, 0, 4, 1, 3]
   */
  permutation(out: number, o?: DrawOptions): Int32Array;
  permutation<I extends IntArray>(out: I, o?: DrawOptions): I;
  permutation(out: IntArray | number, o?: DrawOptions): IntArray {
    this.begin('permutation', arguments, 2);
    const [seed0, seed1, stream] = seedOf('permutation', options('permutation', o, ['seed', 'stream']));
    const result =
      typeof out === 'number'
        ? this.make('permutation', Int32Array, wholeNumber('permutation(out)', out))
        : int32('permutation(out)', out);
    const to = this.enterOut('permutation', result, false);
    for (let i = 0; i < result.length; i++) this.words[to / 4 + i] = i;
    this.calls.shuffle(result.length, to, seed0, seed1, PURPOSE, stream);
    this.leave();
    return result;
  }

  #fill(where: string, out: Float32Array | number, fill: (count: number, to: number) => void): Float32Array {
    const result =
      typeof out === 'number'
        ? this.make(where, Float32Array, wholeNumber(`${where}(out)`, out))
        : float32(`${where}(out)`, out);
    fill(lines(result.length), this.enterOut(where, result, false, true));
    this.leave();
    return result;
  }
}

function seedOf(where: string, { seed = 0, stream = 0 }: DrawOptions): [number, number, number] {
  const [seed0, seed1] = seedWords(wholeNumber(`${where}(seed)`, seed));
  if (wholeNumber(`${where}(stream)`, stream) >= 2 ** 32)
    refuse(`${where}(stream)`, 'a whole number below 2³²', stream);
  return [seed0, seed1, stream];
}
