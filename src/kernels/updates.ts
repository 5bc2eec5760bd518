// One step of an optimizer on plain arrays: parameters, their gradients, and the moments that the caller keeps.
import { atLeastZero, boolean, fraction, options, positiveInteger, positiveNumber, refuse } from '../base/checks.js';
import { lines } from './blocks.js';
import { exactly, float32, separate } from './checks.js';
import { Losses } from './losses.js';

export interface SgdStep {
  /** The learning rate; 0.01 by default. */
  learningRate?: number;
  /** Share of the velocity that is kept; 0 by default. */
  momentum?: number;
  /** Whether Nesterov's variant is used, which needs a momentum; false by default. */
  nesterov?: boolean;
  /** The velocity, zeros before the first step; needed with a momentum, and refused without. */
  velocity?: Float32Array;
}

export interface AdamStep {
  /** The running mean of gradients, zeros before the first step. */
  m: Float32Array;
  /** The running mean of squared gradients, zeros before the first step. */
  v: Float32Array;
  /** The number of this step, from 1. */
  step: number;
  /** The learning rate; 0.001 by default. */
  learningRate?: number;
  /** Decay of m; 0.9 by default. */
  beta1?: number;
  /** Decay of v; 0.999 by default. */
  beta2?: number;
  /** Added to the denominator; 1e-8 by default. */
  epsilon?: number;
  /** AdamW's decay: parameters are first multiplied by 1 − learningRate · weightDecay; 0 by default. */
  weightDecay?: number;
}

export interface RmspropStep {
  /** The running mean of squared gradients, zeros before the first step. */
  v: Float32Array;
  /** The velocity, zeros before the first step; needed with a momentum, and refused without. */
  velocity?: Float32Array;
  /** The learning rate; 0.01 by default. */
  learningRate?: number;
  /** Decay of v; 0.99 by default. */
  rho?: number;
  /** Share of the velocity that is kept; 0 by default. */
  momentum?: number;
  /** Added to the denominator; 1e-8 by default. */
  epsilon?: number;
}

export interface AdagradStep {
  /** The sum of squared gradients, zeros before the first step. */
  v: Float32Array;
  /** The learning rate; 0.01 by default. */
  learningRate?: number;
  /** Added to the denominator; 1e-10 by default. */
  epsilon?: number;
}

export interface LionStep {
  /** The running mean of gradients, zeros before the first step. */
  m: Float32Array;
  /** The learning rate; 0.0001 by default. */
  learningRate?: number;
  /** Decay of m in the step's direction; 0.9 by default. */
  beta1?: number;
  /** Decay of m; 0.99 by default. */
  beta2?: number;
  /** Decay of the parameters; 0 by default. */
  weightDecay?: number;
}

/** The checks of rates by name. */
const CHECKS = {
  learningRate: atLeastZero,
  momentum: fraction,
  beta1: fraction,
  beta2: fraction,
  rho: fraction,
  epsilon: positiveNumber,
  weightDecay: atLeastZero,
} as const;
type Rate = keyof typeof CHECKS;

/** The options of a step: checked rates, with their defaults, and what else there is. */
function settings<T extends object, R extends Rate>(
  where: string,
  o: T,
  others: readonly string[],
  rates: Readonly<Record<R, number>>,
): T & Record<R, number> {
  const given = options<Record<string, unknown>, string[]>(where, o as Record<string, unknown>, [
    ...Object.keys(rates),
    ...others,
  ]);
  for (const name of Object.keys(rates) as R[])
    given[name] = CHECKS[name](`${where}(${name})`, given[name] ?? rates[name]);
  return given as T & Record<R, number>;
}

/** The velocity, which goes with a momentum, as nesterov does. */
function velocityOf(where: string, { momentum = 0, velocity, nesterov }: SgdStep): Float32Array | undefined {
  if (momentum > 0) return float32(`${where}(velocity)`, velocity);
  if (velocity || nesterov) refuse(`${where}(momentum)`, 'a momentum, for velocity or nesterov', momentum);
  return undefined;
}

/** xⁿ for a whole n, by multiplications alone, which are the same in every runtime. */
function power(x: number, n: number): number {
  let result = 1;
  for (let square = x, rest = n; rest > 0; rest = Math.floor(rest / 2), square *= square)
    if (rest % 2 === 1) result *= square;
  return result;
}

/** Steps of optimizers. */
export class Updates extends Losses {
  /**
   * A step of stochastic gradient descent: velocity = momentum · velocity + g; p −= learningRate · velocity; with `nesterov` p −= learningRate · (g + momentum · velocity).
   * The rule is that of torch.optim.SGD.
   * @param p The parameters, which are changed.
   * @param g Their gradient.
   * @param o The learning rate, and with momentum the velocity, which is changed.
   * @returns p.
   * @throws SimdenseError 'ARGUMENT' for a wrong type or an option out of range, 'SHAPE' for different lengths, 'OUT_OF_MEMORY' if copies of outside arrays do not fit.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * k.sgd(Float32Array.of(1, 2), Float32Array.of(10, -10), { learningRate: 0.1 }); // [0, 3]
   */
  sgd(p: Float32Array, g: Float32Array, o?: SgdStep): Float32Array {
    this.begin('sgd', arguments, 3);
    const given = settings<SgdStep, 'learningRate' | 'momentum'>('sgd', o as SgdStep, ['nesterov', 'velocity'], {
      learningRate: 0.01,
      momentum: 0,
    });
    const { learningRate, momentum } = given;
    const nesterov = boolean('sgd(nesterov)', given.nesterov ?? false);
    const velocity = velocityOf('sgd', given);
    return this.#update('sgd', p, g, [velocity], (n, at, gradient, [v = 0]) =>
      this.calls.sgd(n, at, gradient, v, learningRate, momentum, nesterov),
    );
  }

  /**
   * A step of Adam, or with `weightDecay` of AdamW: m = β₁m + (1 − β₁)g; v = β₂v + (1 − β₂)g²; p −= learningRate · m̂ / (√v̂ + ε), with m̂ = m / (1 − β₁ᵗ) and
   * v̂ = v / (1 − β₂ᵗ). The rule is that of torch.optim.Adam and AdamW. Sources: arXiv 1412.6980, arXiv 1711.05101.
   * @param p The parameters, which are changed.
   * @param g Their gradient.
   * @param o The moments m and v, which are changed, the step's number, and the rates.
   * @returns p.
   * @throws SimdenseError 'ARGUMENT' for a wrong type or an option out of range, 'SHAPE' for different lengths, 'OUT_OF_MEMORY' if copies of outside arrays do not fit.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * const [m, v] = [k.float32(2), k.float32(2)];
   * k.adam(k.float32([1, 2]), k.float32([5, -5]), { m, v, step: 1, learningRate: 0.1 }); // [0.9, 2.1]
   */
  adam(p: Float32Array, g: Float32Array, o: AdamStep): Float32Array {
    this.begin('adam', arguments, 3);
    const given = settings('adam', o, ['m', 'v', 'step'], {
      learningRate: 0.001,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
      weightDecay: 0,
    });
    const { learningRate, beta1, beta2, epsilon } = given;
    const step = positiveInteger('adam(step)', given.step);
    const keep = 1 - learningRate * given.weightDecay;
    const size = learningRate / (1 - power(beta1, step));
    const scale = 1 / Math.sqrt(1 - power(beta2, step));
    return this.#update(
      'adam',
      p,
      g,
      [float32('adam(m)', given.m), float32('adam(v)', given.v)],
      (n, at, gradient, [m = 0, v = 0]) =>
        this.calls.adam(n, at, gradient, m, v, size, scale, beta1, 1 - beta1, beta2, 1 - beta2, epsilon, keep),
    );
  }

  /**
   * A step of RMSprop: v = ρv + (1 − ρ)g²; p −= learningRate · g / (√v + ε); with momentum, velocity = momentum · velocity + g / (√v + ε) is the step. The rule is that of
   * torch.optim.RMSprop.
   * @param p The parameters, which are changed.
   * @param g Their gradient.
   * @param o The moment v and the velocity, which are changed, and the rates.
   * @returns p.
   * @throws SimdenseError 'ARGUMENT' for a wrong type or an option out of range, 'SHAPE' for different lengths, 'OUT_OF_MEMORY' if copies of outside arrays do not fit.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * k.rmsprop(k.float32([1, 2]), k.float32([5, -5]), { v: k.float32(2) }); // [0.9, 2.1]
   */
  rmsprop(p: Float32Array, g: Float32Array, o: RmspropStep): Float32Array {
    this.begin('rmsprop', arguments, 3);
    const given = settings('rmsprop', o, ['v', 'velocity'], {
      learningRate: 0.01,
      rho: 0.99,
      momentum: 0,
      epsilon: 1e-8,
    });
    const { learningRate, rho, momentum, epsilon } = given;
    const velocity = velocityOf('rmsprop', given);
    return this.#update(
      'rmsprop',
      p,
      g,
      [float32('rmsprop(v)', given.v), velocity],
      (n, at, gradient, [v = 0, speed = 0]) =>
        this.calls.rmsprop(n, at, gradient, v, speed, learningRate, rho, 1 - rho, momentum, epsilon),
    );
  }

  /**
   * A step of Adagrad: v += g²; p −= learningRate · g / (√v + ε). The rule is that of torch.optim.Adagrad. Source: Duchi, Hazan, Singer 2011.
   * @param p The parameters, which are changed.
   * @param g Their gradient.
   * @param o The sum v, which is changed, and the learning rate.
   * @returns p.
   * @throws SimdenseError 'ARGUMENT' for a wrong type or an option out of range, 'SHAPE' for different lengths, 'OUT_OF_MEMORY' if copies of outside arrays do not fit.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * k.adagrad(k.float32([1, 2]), k.float32([5, -5]), { v: k.float32(2), learningRate: 0.1 }); // [0.9, 2.1]
   */
  adagrad(p: Float32Array, g: Float32Array, o: AdagradStep): Float32Array {
    this.begin('adagrad', arguments, 3);
    const given = settings('adagrad', o, ['v'], { learningRate: 0.01, epsilon: 1e-10 });
    return this.#update('adagrad', p, g, [float32('adagrad(v)', given.v)], (n, at, gradient, [v = 0]) =>
      this.calls.adagrad(n, at, gradient, v, given.learningRate, given.epsilon),
    );
  }

  /**
   * A step of Lion: p −= learningRate · (sign(β₁m + (1 − β₁)g) + weightDecay · p); m = β₂m + (1 − β₂)g. Source: Chen et al. 2023, arXiv 2302.06675.
   * @param p The parameters, which are changed.
   * @param g Their gradient.
   * @param o The moment m, which is changed, and the rates.
   * @returns p.
   * @throws SimdenseError 'ARGUMENT' for a wrong type or an option out of range, 'SHAPE' for different lengths, 'OUT_OF_MEMORY' if copies of outside arrays do not fit.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * k.lion(k.float32([1, 2]), k.float32([5, -5]), { m: k.float32(2), learningRate: 0.5 }); // [0.5, 2.5]
   */
  lion(p: Float32Array, g: Float32Array, o: LionStep): Float32Array {
    this.begin('lion', arguments, 3);
    const given = settings('lion', o, ['m'], { learningRate: 0.0001, beta1: 0.9, beta2: 0.99, weightDecay: 0 });
    const { learningRate, beta1, beta2, weightDecay } = given;
    return this.#update('lion', p, g, [float32('lion(m)', given.m)], (n, at, gradient, [m = 0]) =>
      this.calls.lion(n, at, gradient, m, learningRate, beta1, 1 - beta1, beta2, 1 - beta2, weightDecay),
    );
  }

  #update(
    where: string,
    p: Float32Array,
    g: Float32Array,
    moments: readonly (Float32Array | undefined)[],
    step: (count: number, p: number, g: number, moments: number[]) => void,
  ): Float32Array {
    const [values, gradient] = [float32(`${where}(p)`, p), float32(`${where}(g)`, g)];
    exactly(`${where}(g)`, gradient, values.length);
    const changed = [values, ...moments.filter((each) => each !== undefined)];
    for (const each of changed) exactly(`${where}: a moment`, each, values.length);
    separate(where, [...changed, gradient]);
    const addresses = moments.map((each) => (each === undefined ? 0 : this.enterOut(where, each, true, true)));
    const at = this.enterOut(where, values, true, true);
    step(lines(values.length), at, this.enter(where, gradient), addresses);
    this.leave();
    return values;
  }
}
