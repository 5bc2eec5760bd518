import { basename } from 'node:path';
import { show } from '../../base/checks.js';
import { SimdenseError } from '../../base/errors.js';
import { visible } from '../../base/visible.js';
import { type Compiled, compile, type Target } from '../../compile/index.js';
import { saveFile } from '../../node/index.js';
import { choices, file, oneOf } from '../checks.js';
import { type Call, type Command, exits } from '../command.js';
import { filesOf, stem } from '../files.js';
import { readModel } from '../models.js';
import { common, overwriting, text } from '../options.js';
import { print } from '../output.js';
import { checkOutputs } from '../outputs.js';

/** What can be made: what it is, the ending of its file, and the endings that mean it where --to does not say what. */
const targets: Readonly<Record<Target, readonly [what: string, ending: string, endings: RegExp]>> = {
  wasm: ['an ES module with WebAssembly', '.mjs', /\.mjs$/i],
  js: ['an ES module without', '.plain.mjs', /\.(plain\.mjs|js)$/i],
  c: ['a C header', '.h', /\.h(pp)?$/i],
  // Not the name of a training report.
  html: ['a page with a form', '.form.html', /\.html?$/i],
};
const names = Object.keys(targets) as Target[];

export const compileModel: Command = {
  name: 'compile',
  usage: 'MODEL',
  summary: 'writes a model as one file that predicts by itself: WebAssembly, JavaScript, C, or a page',
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
      check: oneOf(['float32', 'int8']),
      help: 'float32, or int8, a quarter of the bytes, whose predictions differ a little; default float32',
    },
    out: { type: 'string', short: 'o', value: 'FILE', check: file, help: 'default NAME with the ending of the target' },
    ...overwriting(),
    ...common,
  },
  notes:
    'The file needs nothing else. With float32 it predicts the bits that the model predicts; a row of test input and its prediction are checked where a module is loaded. The types of a module are written beside it. Of several networks, as train writes them, it predicts the mean.',
  run,
};

async function run(call: Call): Promise<number> {
  const { values } = call;
  const [path] = filesOf(call, compileModel) as [string];
  const given = text(values, 'out');
  const to = (text(values, 'to') as Target | undefined) ?? inferred(given);
  const out = given ?? `${stem(path)}${targets[to][1]}`;
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
  const compiled = await readModel(path, (saved): Compiled => {
    const weights = (text(values, 'weights') as 'int8' | undefined) ?? 'float32';
    return compile(saved, { to, weights, name: stem(basename(out)) });
  });
  const bytes = new TextEncoder().encode(compiled.code);
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
function inferred(out: string | undefined): Target {
  if (out === undefined) return 'wasm';
  const found = (['js', 'wasm', 'c', 'html'] as const).find((name) => targets[name][2].test(out));
  if (found) return found;
  const message = `${show(out)} ends in none of .mjs, .js, .h and .html; say what to make with --to`;
  throw new SimdenseError('ARGUMENT', `--out: ${message}`);
}

/** The name of the types of a module: .d.mts for .mjs, and .d.ts for .js. */
const typesBeside = (out: string): string =>
  /\.[cm]?js$/i.test(out) ? out.replace(/\.([cm]?)js$/i, '.d.$1ts') : `${out}.d.ts`;
