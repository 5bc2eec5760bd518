import { noMore, oneOf, options, refuse, toBytes } from '../base/checks.js';
import { areFiles } from '../evaluate/files.js';
import { loadEnsemble, loadPipeline } from '../evaluate/index.js';
import { loadModel } from '../train/loading.js';
import { decode } from '../train/safetensors.js';
import { type Bundle, bundleOf, type Compilable, quantizedBundle } from './bundle.js';
import { typesOf } from './description.js';
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
 * Compiles a trained model, a pipeline or an ensemble into one file without dependencies, whose numbers are those of simdense/predict to the bit.
 *
 * A row of test input and its prediction travel inside; a module throws on loading where the runtime computes other numbers. The scaler of a pipeline, the columns of its table and its
 * classes are part of the file: what a row may hold is what simdense/predict takes, texts such as '1,234.5' too. Of an ensemble the file predicts the mean of all members.
 * @param m A model, a fitted pipeline on rows of numbers or a table, or an ensemble, such as fitPipeline('tabular') and bagging give; or the file that its `save` gave.
 * @param o The options; all have defaults.
 * @returns The file's text, and for modules its types.
 * @throws SimdenseError 'ARGUMENT' for anything else, and for an unknown option.
 * @throws SimdenseError 'UNSUPPORTED' for C and a column of texts or of categories by hash, which has numbers for cells; the message names the column.
 * @throws SimdenseError 'FORMAT' for bytes that are no model's file, 'DISPOSED' for a disposed model.
 * @example
 * import { dense, sequential } from 'simdense';
 * import { compile } from 'simdense/compile';
 *
 * const model = sequential({ inputs: 2, layers: [dense({ units: 3, activation: 'softmax' })], seed: 1 });
 * const { code } = compile(model, { to: 'js' });
 * console.log(code.includes('export function predict')); // true
 */
export function compile(m: Compilable | Uint8Array, o?: CompileOptions): Compiled {
  noMore('compile', arguments, 2);
  const {
    to = 'js',
    weights = 'float32',
    name,
  } = options<CompileOptions, string[]>('compile', o, ['to', 'weights', 'name']);
  if (name !== undefined && (typeof name !== 'string' || name === '')) refuse('compile(name)', 'a name', name);
  const target = oneOf('compile(to)', to, targets);
  const areWhole = oneOf('compile(weights)', weights, ['float32', 'int8']) === 'int8';
  const made = ArrayBuffer.isView(m) ? bundleIn(toBytes('compile(model)', m)) : bundleOf(checked(m));
  const own = name === undefined ? made : { ...made, name };
  const bundle = areWhole ? quantizedBundle(own) : own;
  if (target === 'c') return { code: toC(bundle) };
  if (target === 'html') return { code: toHtml(bundle) };
  const types = typesOf(bundle);
  return target === 'js' ? { code: toJavaScript(bundle), types } : { ...toWasm(bundle), types };
}

/** Throws SimdenseError 'ARGUMENT' for anything but a model, a pipeline or an ensemble. */
function checked(m: Compilable): Compilable {
  const given = Object(m) as { members?: readonly unknown[]; learn?: unknown; save?: unknown };
  const member = Array.isArray(given.members) ? given.members[0] : m;
  const model = Object(member).model ?? member;
  // A Classifier, without importing it.
  const hasFile = typeof given.learn === 'function' && typeof given.save === 'function';
  const hint = hasFile ? '; pass its file, head.save()' : '';
  if (typeof model?.getWeights !== 'function')
    refuse('compile(model)', 'a model, a pipeline, an ensemble, or the file of one', m, hint);
  return m;
}

/** What a file holds that was saved. */
function bundleIn(bytes: Uint8Array): Bundle {
  if (areFiles(bytes)) {
    using ensemble = loadEnsemble(bytes);
    return bundleOf(ensemble);
  }
  if (decode(bytes, undefined, 'compile').metadata['pipeline'] !== undefined) {
    using pipeline = loadPipeline(bytes);
    return bundleOf(pipeline);
  }
  using model = loadModel(bytes, { networkOnly: true });
  return bundleOf(model);
}
