// Programs as an ES module without WebAssembly.
import type { Bundle } from './bundle.js';
import { documentation } from './description.js';
import type { Expression } from './expression.js';
import { type Language, statements } from './print.js';
import { functionsOf, LEAST, ROW, type Step, stepTypesOf } from './program.js';
import { shellOf } from './shell.js';
import { exact, number } from './shortest.js';

const javascript: Language = {
  float: exact,
  declare: (_, name, value) => `const ${name} = ${value};`,
  round: (value) => `f(${value})`,
  // 1.5 · 2²³: adding and taking it away rounds to a whole number.
  nearest: (value) => `f(f(${value} + 12582912) - 12582912)`,
  trunc: (value) => `${value} | 0`,
  convert: (value) => `f(${value})`,
  abs: (value) => `Math.abs(${value})`,
  bitsOf: (value) => `bits(${value})`,
  floatOf: (value) => `float(${value})`,
  wrap: (value) => `(${value}) | 0`,
  shl: (value, distance) => `${value} << ${distance}`,
};

function functionOf(name: string, expression: Expression): string {
  const { lines, result } = statements(expression, javascript);
  return `const ${name} = (x) => {\n${lines.map((line) => `  ${line}\n`).join('')}  return ${result};\n};`;
}

/** Numbers as text: float32 to all their digits. */
const list = (values: ArrayLike<number>): string => Array.from(values, number).join();

/** Up to this many numbers are written as text, and more as bytes in base64. */
const FEW = 64;

/** Float32 numbers, as text or as bytes. */
export function floats(values: Float32Array): string {
  if (values.length <= FEW) return `Float32Array.of(${list(values)})`;
  return `packed('${base64(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))}')`;
}

export function base64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

const writers: { readonly [type in Step['type']]: (step: Extract<Step, { type: type }>, i: number) => string[] } = {
  product: ({ inputs, outputs, bias }, i) => [
    `v = product(v, ${inputs}, ${outputs}, w${i}, ${bias ? `b${i}` : 'undefined'});`,
  ],
  quantized: ({ inputs, outputs, bias }, i) => [
    `v = dot(v, ${inputs}, ${outputs}, w${i}, s${i}, ${bias ? `b${i}` : 'undefined'});`,
  ],
  function: ({ name }) => [`v = v.map(${name});`],
  softmax: ({ logs }) => [`v = ${logs ? 'logSoftmax' : 'softmax'}(v);`],
  affine: ({ scale, offset }) => [`v = v.map((x) => f(x * ${exact(scale)}) + ${exact(offset)});`],
  columns: (_, i) => [`v = v.map((x, c) => f(f(x - m${i}[c]) * s${i}[c]) + b${i}[c]);`],
  slopes: (_, i) => [`v = v.map((x, c) => x < 0 ? x * a${i}[c] : x);`],
  rows: ({ epsilon }, i) => [`v = normalize(v, g${i}, b${i}, ${exact(epsilon)});`],
};

/** The constants of a step. */
function constantsOf(step: Step, i: number): string[] {
  const named = (name: string, values: Float32Array) => `const ${name}${i} = ${floats(values)};`;
  if (step.type === 'product') return [named('w', step.kernel), ...(step.bias ? [named('b', step.bias)] : [])];
  if (step.type === 'quantized') {
    const bytes = base64(new Uint8Array(step.kernel.buffer));
    const weights = `const w${i} = new Int8Array(bytesOf('${bytes}').buffer);`;
    return [weights, named('s', step.scale), ...(step.bias ? [named('b', step.bias)] : [])];
  }
  if (step.type === 'columns') return [named('m', step.mean), named('s', step.slope), named('b', step.beta)];
  if (step.type === 'slopes') return [named('a', step.alpha)];
  if (step.type === 'rows') return [named('g', step.gamma), named('b', step.beta)];
  return [];
}

const HELPERS: Readonly<Record<string, string>> = {
  bytesOf: 'const bytesOf = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));',
  packed: `// Numbers in base64, four bytes each, the lowest first.
const packed = (text) => {
  const view = new DataView(bytesOf(text).buffer);
  return Float32Array.from({ length: view.byteLength / 4 }, (_, i) => view.getFloat32(4 * i, true));
};`,
  bits: `const word = new Int32Array(1);
const floating = new Float32Array(word.buffer);
const bits = (x) => ((floating[0] = x), word[0]);
const float = (x) => ((word[0] = x), floating[0]);`,
  product: `// Sums over the inputs in order, each rounded to float32, four at a time.
const product = (x, inputs, outputs, w, b) => {
  const y = b ? b.slice() : new Float32Array(outputs);
  let u = 0;
  for (; u < outputs - 3; u += 4) {
    let [s0, s1, s2, s3] = [y[u], y[u + 1], y[u + 2], y[u + 3]];
    for (let k = 0, at = u; k < inputs; k++, at += outputs) {
      const value = x[k];
      s0 = f(s0 + f(value * w[at]));
      s1 = f(s1 + f(value * w[at + 1]));
      s2 = f(s2 + f(value * w[at + 2]));
      s3 = f(s3 + f(value * w[at + 3]));
    }
    y[u] = s0;
    y[u + 1] = s1;
    y[u + 2] = s2;
    y[u + 3] = s3;
  }
  for (; u < outputs; u++) for (let k = 0; k < inputs; k++) y[u] += f(x[k] * w[k * outputs + u]);
  return y;
};`,
  dot: `// Whole numbers of 7 bits times those of 8: the sums are exact.
const dot = (x, inputs, outputs, w, s, b) => {
  let top = 0;
  for (let k = 0; k < inputs; k++) top = Math.max(top, Math.abs(x[k]));
  const factor = top >= ${LEAST} && top < Infinity ? f(${ROW} / top) : 0;
  const unit = f(top / ${ROW});
  const q = new Int8Array(inputs);
  for (let k = 0; k < inputs; k++) q[k] = f(f(f(x[k] * factor) + 12582912) - 12582912);
  const y = new Float32Array(outputs);
  const end = (u, sum) => {
    const value = f(f(sum) * f(unit * s[u]));
    y[u] = b ? value + b[u] : value;
  };
  let u = 0;
  for (; u < outputs - 3; u += 4) {
    let [s0, s1, s2, s3] = [0, 0, 0, 0];
    for (let k = 0, at = u; k < inputs; k++, at += outputs) {
      const value = q[k];
      s0 = (s0 + value * w[at]) | 0;
      s1 = (s1 + value * w[at + 1]) | 0;
      s2 = (s2 + value * w[at + 2]) | 0;
      s3 = (s3 + value * w[at + 3]) | 0;
    }
    end(u, s0);
    end(u + 1, s1);
    end(u + 2, s2);
    end(u + 3, s3);
  }
  for (; u < outputs; u++) {
    let sum = 0;
    for (let k = 0; k < inputs; k++) sum += q[k] * w[k * outputs + u];
    end(u, sum);
  }
  return y;
};`,
  softmax: `const softmax = (x) => {
  const top = x.reduce((a, b) => Math.max(a, b), -Infinity);
  const y = x.map((each) => exp(f(each - top)));
  const s = new Float32Array(4);
  for (let i = 0; i < y.length; i++) s[i & 3] += y[i];
  const [s0, s1, s2, s3] = s;
  const sum = f(f(s0 + s1) + f(s2 + s3));
  return y.map((each) => each / sum);
};`,
  logSoftmax: `const logSoftmax = (x) => {
  const top = x.reduce((a, b) => Math.max(a, b), -Infinity);
  const z = x.map((each) => each - top);
  const s = new Float32Array(4);
  for (let i = 0; i < z.length; i++) s[i & 3] += exp(z[i]);
  const [s0, s1, s2, s3] = s;
  const shift = log(f(f(s0 + s1) + f(s2 + s3)));
  return z.map((each) => each - shift);
};`,
  normalize: `// Sums in float32 over 16 columns, by four lanes, and in float64 between these.
const total = (x) => {
  let [low, high, other, last] = [0, 0, 0, 0];
  for (let from = 0; from < x.length; from += 16) {
    const s = new Float32Array(4);
    for (let i = from; i < Math.min(x.length, from + 16); i++) s[i & 3] += x[i];
    low += s[0];
    high += s[1];
    other += s[2];
    last += s[3];
  }
  return low + other + (high + last);
};
const normalize = (x, gamma, beta, epsilon) => {
  const middle = f(total(x) / x.length);
  const centered = x.map((each) => each - middle);
  const spread = total(centered.map((each) => each * each)) / x.length;
  const scale = f(1 / Math.sqrt(spread + epsilon) + spread * 0);
  return centered.map((each, c) => f(f(each * scale) * gamma[c]) + beta[c]);
};`,
};

/** A function that is a network. The number of its first step tells its constants from those of others. */
function networkOf(steps: readonly Step[], m: number, first: number): string {
  const body = steps.flatMap((step, i) =>
    (writers[step.type] as (step: Step, i: number) => string[])(step, first + i).map((line) => `  ${line}\n`),
  );
  return `const network${m} = (v) => {\n${body.join('')}  return v;\n};`;
}

/** The module's text. */
export function toJavaScript(bundle: Bundle): string {
  const { programs } = bundle;
  const steps = programs.flatMap((program) => program.steps);
  const types = stepTypesOf(steps);
  const constants = steps.flatMap(constantsOf);
  const code = [...functionsOf(steps)].map(([name, expression]) => functionOf(name, expression));
  const uses = (name: string): boolean => [...constants, ...code].some((text) => text.includes(`${name}(`));
  const helpers = [
    ...(uses('packed') || uses('bytesOf') ? ['bytesOf'] : []),
    ...(uses('packed') ? ['packed'] : []),
    ...(uses('bits') || uses('float') ? ['bits'] : []),
    ...(types.has('product') ? ['product'] : []),
    ...(types.has('quantized') ? ['dot'] : []),
  ];
  const later = [
    ...(['softmax', 'logSoftmax'] as const).filter((type) => types.has(type)),
    ...(types.has('rows') ? ['normalize'] : []),
  ];
  let first = 0;
  const networks = programs.map(({ inputs, steps: own }, m) => {
    const text = `const given${m} = new Float32Array(${inputs});\n${networkOf(own, m, first)}`;
    first += own.length;
    return text;
  });
  return [
    documentation(bundle),
    'const f = Math.fround;',
    ...helpers.map((name) => HELPERS[name] as string),
    ...code,
    ...later.map((name) => HELPERS[name] as string),
    ...constants,
    ...networks,
    shellOf(bundle),
    '',
  ].join('\n\n');
}
