import { noMore, oneOf, options, refuse } from '../base/checks.js';
import type { FittedPipeline } from '../evaluate/fitted-pipeline.js';
import type { Sequential } from '../train/sequential.js';
import { checkModel } from './check-model.js';
import { programOf } from './program.js';
import { quantizedProgram } from './quantize.js';
import { typesOf } from './shell.js';
import { toC } from './to-c.js';
import { toHtml } from './to-html.js';
import { toJavaScript } from './to-js.js';
import { toWasm } from './to-wasm.js';

/** What a model can be compiled to. */
export const targets = ['js', 'wasm', 'c', 'html'] as const;
export type Target = (typeof targets)[number];

export interface CompileOptions {
  /** What to make: an ES module without or with WebAssembly, a C header, or a page with a form; 'js' by default. */
  to?: Target;
  /** A name for what is made: in C all names begin with it. The model's name by default. */
  name?: string;
  /** What weights are: 'float32', with the predictor's bits; or 'int8', a quarter of the bytes, whose predictions differ a little and are the same bits everywhere. 'float32' by default. */
  weights?: 'float32' | 'int8';
}

export interface Compiled {
  /** The text of the file. */
  readonly code: string;
  /** The types of a module: a .d.ts beside it. Absent for C and pages. */
  readonly types?: string;
  /** The WebAssembly that the module holds, for those who load it themselves; only for 'wasm'. */
  readonly wasm?: Uint8Array;
}

/**
 * Compiles a trained model or pipeline into one file without dependencies, whose numbers are those of simdense/predict to the bit.
 *
 * A row of test input and its prediction travel inside; a module throws on loading where the runtime computes other numbers. The scaler of a pipeline and its classes are part of the file.
 * @param m A model, or a fitted pipeline on rows of numbers or a table.
 * @param o The options; all have defaults.
 * @returns The file's text, and for modules its types.
 * @throws SimdenseError 'ARGUMENT' for anything but a model or pipeline, and for an unknown option.
 * @throws SimdenseError 'UNSUPPORTED' for columns of dates, of free text, or scaled by 'quantile'; the message names them.
 * @throws SimdenseError 'DISPOSED' for a disposed model.
 * @example
 * import { dense, sequential } from 'simdense';
 * import { compile } from 'simdense/compile';
 *
 * const model = sequential({ inputs: 2, layers: [dense({ units: 3, activation: 'softmax' })], seed: 1 });
 * const { code } = compile(model, { to: 'js' });
 * console.log(code.includes('export function predict')); // true
 */
export function compile(m: Sequential | FittedPipeline, o?: CompileOptions): Compiled {
  noMore('compile', arguments, 2);
  const {
    to = 'js',
    weights = 'float32',
    name,
  } = options<CompileOptions, string[]>('compile', o, ['to', 'weights', 'name']);
  if (name !== undefined && (typeof name !== 'string' || name === '')) refuse('compile(name)', 'a name', name);
  const target = oneOf('compile(to)', to, targets);
  const areWhole = oneOf('compile(weights)', weights, ['float32', 'int8']) === 'int8';
  const made = programOf('compile', checkModel('compile', m));
  const own = name === undefined ? made : { ...made, name };
  const program = areWhole ? quantizedProgram(own) : own;
  if (target === 'c') return { code: toC(program) };
  if (target === 'html') return { code: toHtml(program) };
  const types = typesOf(program);
  return target === 'js' ? { code: toJavaScript(program), types } : { ...toWasm(program), types };
}
