import { basename } from 'node:path';
import { show } from '../../base/checks.js';
import { SimdenseError } from '../../base/errors.js';
import { visible } from '../../base/visible.js';
import { type Compiled, compile, quantize, type Target, toFloat16 } from '../../compile/index.js';
import { loadPipeline } from '../../evaluate/index.js';
import { loadModel } from '../../index.js';
import { saveFile } from '../../node/index.js';
import { choices, file, oneOf } from '../checks.js';
import { type Call, type Command, exits } from '../command.js';
import { filesOf, stem } from '../files.js';
import { refuseSeveral } from '../formats.js';
import { isPipeline, readModel } from '../models.js';
import { common, overwriting, text } from '../options.js';
import { print } from '../output.js';
import { checkOutputs } from '../outputs.js';

type Made = Target | 'safetensors';

/** What can be made: what it is, the ending of its file, and the endings that mean it where --to does not say what. */
const targets: Readonly<Record<Made, readonly [what: string, ending: string, endings: RegExp]>> = {
  wasm: ['an ES module with WebAssembly', '.mjs', /\.mjs$/i],
  js: ['an ES module without', '.plain.mjs', /\.(plain\.mjs|js)$/i],
  c: ['a C header', '.h', /\.h(pp)?$/i],
  // Not the name of a training report.
  html: ['a page with a form', '.form.html', /\.html?$/i],
  safetensors: ['a model file of fewer bytes', '.int8.safetensors', /\.safetensors$/i],
};
const names = Object.keys(targets) as Made[];

export const compileModel: Command = {
  name: 'compile',
  usage: 'MODEL',
  summary:
    'writes a model as one file that predicts by itself: WebAssembly, JavaScript, C, or a page; or as a smaller model file',
  options: {
    to: {
      type: 'string',
      value: 'TARGET',
      check: oneOf(names),
      help: `${choices(names.map((name) => `${name} (${targets[name][0]})`))}; default by the ending of --out, else wasm`,
    },
    weights: {
      type: 'string',
      value: 'TYPE',
      check: oneOf(['float32', 'int8', 'float16']),
      help: 'float32, or int8, a quarter of the bytes, whose predictions differ a little; default float32. A model file takes int8, which is its default, or float16, half the bytes',
    },
    out: { type: 'string', short: 'o', value: 'FILE', check: file, help: 'default NAME with the ending of the target' },
    ...overwriting(),
    ...common,
  },
  notes:
    'The file needs nothing else, but for model files: loadQuantizedPredictor of simdense/predict reads int8, and the command and fromFloat16 float16. With float32 it predicts the bits that the model predicts; a row of test input and its prediction are checked where a module is loaded. The types of a module are written beside it. Of several networks, as train writes them, it predicts the mean; a model file holds one.',
  run,
};

async function run(call: Call): Promise<number> {
  const { values } = call;
  const [path] = filesOf(call, compileModel) as [string];
  const given = text(values, 'out');
  const to = (text(values, 'to') as Made | undefined) ?? inferred(given);
  const isFile = to === 'safetensors';
  const weights = text(values, 'weights') ?? (isFile ? 'int8' : 'float32');
  if (isFile !== (weights === 'float16') && weights !== 'int8') {
    const message = isFile ? 'a model file takes int8 or float16' : 'float16 is for model files: --to safetensors';
    throw new SimdenseError('ARGUMENT', `--weights: ${message}`);
  }
  const out = given ?? `${stem(path)}${isFile ? `.${weights}.safetensors` : targets[to][1]}`;
  const types = typesBeside(out);
  const isModule = to === 'js' || to === 'wasm';
  await checkOutputs(
    [path],
    [
      { option: '--out', kind: 'compiled', path: out },
      ...(isModule ? [{ option: '--out', kind: 'compiled' as const, path: types }] : []),
    ],
    values,
  );
  const compiled = await readModel(path, (saved): Partial<Compiled> & { bytes?: Uint8Array } => {
    if (!isFile) return compile(saved, { to, weights: weights as 'int8' | 'float32', name: stem(basename(out)) });
    refuseSeveral(path, saved);
    using model = isPipeline(saved) ? loadPipeline(saved) : loadModel(saved, { networkOnly: true });
    return { bytes: weights === 'int8' ? quantize(model) : toFloat16(model) };
  });
  const bytes = compiled.bytes ?? new TextEncoder().encode(compiled.code);
  await saveFile(out, bytes);
  if (compiled.types !== undefined) await saveFile(types, new TextEncoder().encode(compiled.types));
  const beside = compiled.types === undefined ? '' : ` Its types are in ${visible(types)}.`;
  print(values, `${visible(out)} has ${bytes.length.toLocaleString('en')} bytes.${beside}`, {
    out,
    to,
    bytes: bytes.length,
    ...(compiled.types !== undefined && { types }),
  });
  return exits.done;
}

/** What an ending means. Throws SimdenseError 'ARGUMENT' for one that means nothing. */
function inferred(out: string | undefined): Made {
  if (out === undefined) return 'wasm';
  const found = (['js', 'wasm', 'c', 'html', 'safetensors'] as const).find((name) => targets[name][2].test(out));
  if (found) return found;
  const message = `${show(out)} ends in none of .mjs, .js, .h, .html and .safetensors; say what to make with --to`;
  throw new SimdenseError('ARGUMENT', `--out: ${message}`);
}

/** The name of the types of a module: .d.mts for .mjs, and .d.ts for .js. */
const typesBeside = (out: string): string =>
  /\.[cm]?js$/i.test(out) ? out.replace(/\.([cm]?)js$/i, '.d.$1ts') : `${out}.d.ts`;
