// Generates what replays the kernel calls of training steps (see assembly/replay):
//   assembly/generated/replay-kernels.ts  the engine's kernels, which are imported
//   assembly/generated/replay.ts          calls a kernel by its number, with arguments in memory: the one in assembly/replay/small.ts where there is one
//   assembly/generated/replay-math.ts     assembly/math.ts with its constants in memory, whose place is given
//   src/engine/generated/replay.ts        the kernels in the order of their numbers, with the types of their arguments
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { blasMath } from './generate-blas-math.mjs';
import { functionsOf } from './generate-threads.mjs';

/** What a step calls besides these is not replayed: a kernel whose result decides what follows. */
export const replayed =
  'activationBackward activationForward adagrad adam addNoise affine batchNormBackward batchNormForward batchNormInference batchNormMove clamp denseBackward denseForward dropout layerNormBackward layerNormForward layerNormGradients lion loss packBytes packClasses packFloats penalty preluBackward preluForward rmsprop sgd softmaxBackward softmaxForward unpackFloats'.split(
    ' ',
  );

/** The kernels whose results are kept: they return an f64. */
const results = ['loss', 'penalty'];
/** The most arguments of a kernel. */
const MOST = 15;

function kernelsOf(names) {
  const exported = readFileSync('assembly/index.ts', 'utf8').matchAll(/\} from '\.\/([\w/-]+)';/g);
  const all = Array.from(exported, ([, file]) => functionsOf(file)).flat();
  return names.map((name) => {
    const kernel = all.find((each) => each.name === name);
    if (!kernel) throw new Error(`scripts/generate-replay.mjs: assembly/index.ts exports no ${name}`);
    if (kernel.parameters.length > MOST) throw new Error(`scripts/generate-replay.mjs: ${name} has too many arguments`);
    if ((kernel.result === 'f64') !== results.includes(name))
      throw new Error(`scripts/generate-replay.mjs: what becomes of the result of ${name}?`);
    return kernel;
  });
}

const read = ({ type }, i) => (type === 'bool' ? `load<u32>(at, ${i * 4}) != 0` : `load<${type}>(at, ${i * 4})`);

const declared = ({ name, parameters, result }) =>
  `// @ts-ignore: decorator\n@external("kernels", "${name}")\nexport declare function ${name}(${parameters.map((p) => `${p.name}: ${p.type}`).join(', ')}): ${result};`;

function dispatch(kernels) {
  const small = ['packFloats', ...functionsOf('replay/small').map(({ name }) => name)];
  const cases = kernels.map(({ name, parameters, result }, i) => {
    const called = `${small.includes(name) ? 'small' : 'kernels'}.${name}(${parameters.map(read).join(', ')})`;
    return `    case ${i}:\n      ${result === 'void' ? `${called};\n      return 0;` : `return ${called};`}`;
  });
  const numbers = results.map((name) => `export const ${name.toUpperCase()}: i32 = ${replayed.indexOf(name)};`);
  return `import * as small from '../replay/small';
import * as kernels from './replay-kernels';

${numbers.join('\n')}

/** Calls kernel \`number\` with the arguments at \`at\`, four bytes each. Returns its result; 0 if it has none. */
export function call(number: i32, at: usize): f64 {
  switch (number) {
${cases.join('\n')}
    default:
      unreachable();
  }
  return 0;
}
`;
}

/** For each kernel its name and a letter an argument: f for a float, i for others; and whether it is an optimizer's. */
function table(kernels) {
  const lines = kernels.map(
    ({ name, parameters }) =>
      `  ['${name}', '${parameters.map(({ type }) => (type === 'f32' ? 'f' : 'i')).join('')}'],`,
  );
  return `/** The kernels that can be replayed, by number: the name, and a letter an argument, f for a float and i for others. */
export const replayed = [\n${lines.join('\n')}\n] as const;
`;
}

/** The constants' words are written by `setConstants`, since this build has no memory of its own; exp is called so often that it stands where it is called. */
function math() {
  const text = blasMath(readFileSync('assembly/math.ts', 'utf8')).replace(/^.*\n/, '');
  const [, words] = /memory\.data<u32>\(\[\s*([^\]]*?),?\s*\], 16\);/.exec(text);
  const list = words.split(', ');
  const stores = list.map((bits, i) => `  store<u32>(address, ${bits}, ${4 * i});`);
  const set = `let CONSTANTS: usize = 0;

/** Writes the constants to ${list.length * 4} bytes at this address, and uses them from then on. */
export function setConstants(address: usize): void {
  CONSTANTS = address;
${stores.join('\n')}
}`;
  return text
    .replace(/const CONSTANTS = memory[\s\S]*?\], 16\);/, set)
    .replace('export function exp(', '// @ts-ignore: decorator\n@inline\nexport function exp(');
}

export function writeReplay() {
  const kernels = kernelsOf(replayed);
  for (const [file, text] of [
    ['assembly/generated/replay-kernels.ts', `${kernels.map(declared).join('\n')}\n`],
    ['assembly/generated/replay.ts', dispatch(kernels)],
    ['assembly/generated/replay-math.ts', math()],
    ['src/engine/generated/replay.ts', table(kernels)],
  ]) {
    mkdirSync(file.replace(/\/[^/]*$/, ''), { recursive: true });
    writeFileSync(file, `// Generated by scripts/generate-replay.mjs; do not edit.\n\n${text}`);
  }
}
