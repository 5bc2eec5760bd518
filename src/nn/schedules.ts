import {
  atLeastZero,
  described,
  finiteNumber,
  oneOf,
  type Part,
  type Parts,
  positiveInteger,
  positiveRate,
  refuse,
  wholeNumber,
} from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';

/**
 * A learning rate: a constant, or a function of the number t of updates so far.
 * - step: initial · factor^⌊t / every⌋
 * - exponential: initial · decayᵗ
 * - piecewise: values[i] before boundaries[i], then the next value
 * - cosine: first a linear rise, initial · (t + 1) / (warmup + 1), over `warmup` updates (0 by default); then half a cosine down to `final` (0 by default) at
 *   t = `steps`. Source: Loshchilov, Hutter 2017, arXiv 1608.03983.
 */
export type Schedule =
  | number
  | { readonly type: 'step'; readonly initial: number; readonly every: number; readonly factor: number }
  | { readonly type: 'exponential'; readonly initial: number; readonly decay: number }
  | {
      readonly type: 'cosine';
      readonly initial: number;
      readonly steps: number;
      readonly final?: number;
      readonly warmup?: number;
    }
  | { readonly type: 'piecewise'; readonly boundaries: readonly number[]; readonly values: readonly number[] };

/** A frozen copy of a list whose elements pass a check. */
const listOf =
  (check: (where: string, value: unknown) => number): Part[0] =>
  (where, list) => {
    if (!Array.isArray(list)) refuse(where, 'an array of numbers', list);
    return Object.freeze(Array.from(list, (value, i) => check(`${where}[${i}]`, value)));
  };

/** The parts of each type. */
const types: Readonly<Record<Exclude<Schedule, number>['type'], Parts>> = {
  step: { initial: [positiveRate], every: [positiveInteger], factor: [positiveRate] },
  exponential: { initial: [positiveRate], decay: [positiveRate] },
  cosine: { initial: [positiveRate], steps: [positiveInteger], final: [atLeastZero, 0], warmup: [wholeNumber, 0] },
  piecewise: { boundaries: [listOf(finiteNumber)], values: [listOf(positiveRate)] },
};

/** A checked, frozen copy of a schedule. Throws SimdenseError 'ARGUMENT'. */
export function checkSchedule(where: string, value: unknown): Schedule {
  if (typeof value !== 'object' || value === null) return positiveRate(where, value);
  const s = value as Exclude<Schedule, number>;
  const type = oneOf(`${where}: type`, s.type, Object.keys(types) as (typeof s.type)[]);
  const checked = described<typeof s>(where, s, types[type]);
  if (checked.type === 'cosine' && (checked.warmup as number) >= checked.steps)
    refuse(`${where}: warmup`, `fewer than the ${checked.steps} steps`, checked.warmup);
  if (checked.type === 'piecewise') {
    const { boundaries, values } = checked;
    if (values.length !== boundaries.length + 1)
      throw new SimdenseError('ARGUMENT', `${where}: needs one more value than boundaries`);
    if (boundaries.some((at, i) => at <= (boundaries[i - 1] as number)))
      throw new SimdenseError('ARGUMENT', `${where}: boundaries must rise`);
  }
  return checked;
}

/** The rate after `t` updates. */
export function rateAt(schedule: Schedule, t: number): number {
  if (typeof schedule === 'number') return schedule;
  switch (schedule.type) {
    case 'step':
      return schedule.initial * integerPower(schedule.factor, Math.floor(t / schedule.every));
    case 'exponential':
      return schedule.initial * integerPower(schedule.decay, t);
    case 'cosine': {
      const { initial, steps, final = 0, warmup = 0 } = schedule;
      if (t < warmup) return (initial * (t + 1)) / (warmup + 1);
      const part = Math.min(1, (t - warmup) / (steps - warmup));
      return final + ((initial - final) * (1 + cosineOfPi(part))) / 2;
    }
    case 'piecewise':
      return schedule.values[countUpTo(schedule.boundaries, t)] as number;
  }
}

/** The number of values up to `t` in a rising list, by binary search. */
function countUpTo(rising: readonly number[], t: number): number {
  let from = 0;
  let to = rising.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (t < (rising[middle] as number)) to = middle;
    else from = middle + 1;
  }
  return from;
}

/** baseⁿ for a whole number n, by squaring. Unlike Math.pow, it gives the same bits in every runtime. */
export function integerPower(base: number, n: number): number {
  let result = 1;
  let square = base;
  for (let rest = n; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result *= square;
    square *= square;
  }
  return result;
}

/** cos(π · x) for x from 0 to 1, by its series, with an error below 1e-14. Math.cos differs between runtimes. */
function cosineOfPi(x: number): number {
  if (x > 0.5) return -cosineOfPi(1 - x);
  const z = Math.PI * x * (Math.PI * x);
  let term = 1;
  let sum = 1;
  for (let n = 1; n <= 10; n++) {
    term *= -z / ((2 * n - 1) * (2 * n));
    sum += term;
  }
  return sum;
}
