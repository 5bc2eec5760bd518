// What is measured, as plain data.
import type { Choice } from '../engine/fastest.js';
import type { Times } from './measure.js';

export interface Machine {
  /** Such as 'Node 24.11.0' or 'Chrome 142'. */
  readonly runtime: string;
  /** The processor's name, where the runtime tells it. */
  readonly cpu?: string;
  /** Threads that the machine runs at a time. */
  readonly cores: number;
}

/** A piece of work, by simdense and in JavaScript. */
export interface Line {
  readonly group: 'kernels' | 'steps' | 'predict';
  readonly name: string;
  /** What it is, such as '784-128-10, 32'. */
  readonly about: string;
  readonly simdense: Times;
  /** Simple loops. Absent where a call would last too long for the time that there is. */
  readonly plain?: Times;
  /** Loops blocked by hand for registers. Absent where there is no such version, too. */
  readonly blocked?: Times;
  /** GFLOP/s of the products. */
  readonly gigaflops?: number;
  /** The share of the peak. */
  readonly share?: number;
}

/** The works by which options are compared. */
export const optionWorks = ['W2', 'W3', 'gemm 512'] as const;
export type OptionWork = (typeof optionWorks)[number];

/** What options of an engine give. */
export interface OptionTimes {
  readonly choice: Choice;
  /** The engine's kernels and their tile, such as 'relaxed 6x16'. */
  readonly kernels: string;
  readonly times: Readonly<Record<OptionWork, Times>>;
  /** Times as fast as without options: the geometric mean of the works. */
  readonly speedup: number;
}

export interface Recommendation {
  readonly choice: Choice;
  readonly speedup: number;
  /** The line of code that turns it on. */
  readonly code: string;
}

export interface BenchResults {
  /** The version of simdense. */
  readonly simdense: string;
  readonly date: string;
  /** The unit of all times. */
  readonly unit: 'µs';
  readonly machine: Machine;
  /** The kernels of an engine without options, such as 'simd128 2x16'. */
  readonly kernels: string;
  /** GFLOP/s of the fastest tile of these kernels on numbers in the first-level cache, on one thread. */
  readonly peak: number;
  readonly lines: readonly Line[];
  readonly options: readonly OptionTimes[];
  /** The options that could not be measured, and why. */
  readonly absent: readonly { readonly option: string; readonly why: string }[];
  /** The options that are recommended, as createEngine('fastest') takes them; absent until the options have been measured. */
  readonly fastest?: Recommendation;
  /** Those recommended that keep the bits, where `fastest` changes them. */
  readonly sameBits?: Recommendation;
  /** Seconds that it took. */
  readonly seconds: number;
}
