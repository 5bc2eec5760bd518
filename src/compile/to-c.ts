// A program as a C header, for gcc, clang and micro-controllers: no allocation, no library but math.h's sqrt.
import type { Label } from '../data/labels.js';
import { type ColumnProgram, featuresOf } from './columns.js';
import type { Expression } from './expression.js';
import { exponential, logarithm } from './functions.js';
import { type Language, statements } from './print.js';
import { LEAST, type Program, predictedNumbers, ROW, type Step } from './program.js';
import { documentation, inComment } from './shell.js';

/** A float32 constant to all its digits. */
function literal(value: number): string {
  if (Number.isNaN(value)) return 'NAN';
  if (!Number.isFinite(value)) return value < 0 ? '-INFINITY' : 'INFINITY';
  const text = Object.is(value, -0) ? '-0.0' : `${Number(value.toPrecision(9))}`;
  return /[.e]/.test(text) ? `${text}f` : `${text}.0f`;
}

const double = (value: number): string =>
  Number.isNaN(value) ? 'NAN' : /[.e]/.test(`${value}`) ? `${value}` : `${value}.0`;

const c: Language = {
  float: literal,
  declare: (kind, name, value) => `const ${kind === 'float' ? 'float' : 'int32_t'} ${name} = ${value};`,
  round: (value) => value,
  nearest: (value) => `(${value} + 12582912.0f) - 12582912.0f`,
  trunc: (value) => `${value} == ${value} ? (int32_t)${value} : 0`,
  convert: (value) => `(float)${value}`,
  abs: (value) => `fabsf(${value})`,
  bitsOf: (value) => `bits_of(${value})`,
  floatOf: (value) => `float_of(${value})`,
  wrap: (value) => `(int32_t)(${value.replace(/(-?\w+)/g, '(uint32_t)$1')})`,
  shl: (value, distance) => `(int32_t)((uint32_t)${value} << ${distance})`,
};

function functionOf(prefix: string, name: string, expression: Expression): string {
  const { lines, result } = statements(expression, c);
  const own = [...lines, `return ${result};`].map(
    (line) => `  ${line.replace(/\b(bits_of|float_of)\b/g, `${prefix}_$1`)}`,
  );
  return `static inline float ${prefix}_${name}(float x) {\n${own.join('\n')}\n}`;
}

function array(name: string, values: ArrayLike<number>, write = literal, type = 'float'): string {
  const lines: string[] = [];
  for (let i = 0; i < values.length; i += 8)
    lines.push(
      `  ${Array.from({ length: Math.min(8, values.length - i) }, (_, j) => write(values[i + j] as number)).join(', ')},`,
    );
  return `static const ${type} ${name}[${values.length}] = {\n${lines.join('\n')}\n};`;
}

function constantsOf(prefix: string, step: Step, i: number): string[] {
  const named = (name: string, values: Float32Array) => array(`${prefix}_${name}${i}`, values);
  if (step.type === 'product') return [named('w', step.kernel), ...(step.bias ? [named('b', step.bias)] : [])];
  if (step.type === 'quantized')
    return [
      array(`${prefix}_w${i}`, step.kernel, (value) => `${value}`, 'int8_t'),
      named('s', step.scale),
      ...(step.bias ? [named('b', step.bias)] : []),
    ];
  if (step.type === 'columns') return [named('m', step.mean), named('s', step.slope), named('b', step.beta)];
  if (step.type === 'slopes') return [named('a', step.alpha)];
  if (step.type === 'rows') return [named('g', step.gamma), named('b', step.beta)];
  return [];
}

/** The statements of a step from the array `a` to `b`, or in place; whether the result is in `b`. */
function written(prefix: string, step: Step, i: number): { lines: string[]; moves: boolean } {
  const p = prefix;
  const each = (width: number, body: string): string => `for (int c = 0; c < ${width}; c++) a[c] = ${body};`;
  switch (step.type) {
    case 'product': {
      const start = step.bias ? `${p}_b${i}[u]` : '0.0f';
      return {
        lines: [
          `for (int u = 0; u < ${step.outputs}; u++) {`,
          `  float sum = ${start};`,
          `  for (int k = 0; k < ${step.inputs}; k++) sum = sum + a[k] * ${p}_w${i}[k * ${step.outputs} + u];`,
          '  b[u] = sum;',
          '}',
        ],
        moves: true,
      };
    }
    case 'quantized':
      return {
        lines: [
          `${p}_dot(${step.inputs}, ${step.outputs}, a, ${p}_w${i}, ${p}_s${i}, ${step.bias ? `${p}_b${i}` : '0'}, b);`,
        ],
        moves: true,
      };
    case 'function':
      return { lines: [each(step.width, `${p}_${step.name}(a[c])`)], moves: false };
    case 'softmax':
      return { lines: [`${p}_${step.logs ? 'log_softmax' : 'softmax'}(${step.width}, a);`], moves: false };
    case 'affine':
      return { lines: [each(step.width, `a[c] * ${literal(step.scale)} + ${literal(step.offset)}`)], moves: false };
    case 'columns':
      return { lines: [each(step.width, `(a[c] - ${p}_m${i}[c]) * ${p}_s${i}[c] + ${p}_b${i}[c]`)], moves: false };
    case 'slopes':
      return { lines: [each(step.width, `a[c] < 0.0f ? a[c] * ${p}_a${i}[c] : a[c]`)], moves: false };
    case 'rows':
      return {
        lines: [`${p}_normalize(${step.width}, a, ${p}_g${i}, ${p}_b${i}, ${literal(step.epsilon)});`],
        moves: false,
      };
  }
}

/** Whole numbers of 7 bits times those of 8: the sums are exact. */
const DOT = (
  p: string,
  widest: number,
): string => `static inline void ${p}_dot(int inputs, int outputs, const float *x, const int8_t *w, const float *s, const float *b, float *y) {
  int8_t q[${widest}];
  float top = 0.0f;
  for (int k = 0; k < inputs; k++) top = x[k] != x[k] || top != top ? NAN : fabsf(x[k]) > top ? fabsf(x[k]) : top;
  const float factor = top >= ${literal(LEAST)} && top < INFINITY ? ${ROW}.0f / top : 0.0f, unit = top / ${ROW}.0f;
  for (int k = 0; k < inputs; k++) {
    const float scaled = x[k] * factor, whole = (scaled + 12582912.0f) - 12582912.0f;
    q[k] = whole == whole ? (int8_t)whole : 0;
  }
  for (int u = 0; u < outputs; u++) {
    int32_t sum = 0;
    for (int k = 0; k < inputs; k++) sum += (int32_t)q[k] * w[k * outputs + u];
    const float scale = unit * s[u], value = (float)sum * scale;
    y[u] = b ? value + b[u] : value;
  }
}`;

const SOFTMAX = (p: string): string => `static inline void ${p}_softmax(int n, float *x) {
  float top = -INFINITY, s[4] = {0.0f, 0.0f, 0.0f, 0.0f};
  for (int i = 0; i < n; i++) top = x[i] != x[i] || top != top ? NAN : x[i] > top ? x[i] : top;
  for (int i = 0; i < n; i++) {
    x[i] = ${p}_exp(x[i] - top);
    s[i & 3] = s[i & 3] + x[i];
  }
  const float low = s[0] + s[1], high = s[2] + s[3], sum = low + high;
  for (int i = 0; i < n; i++) x[i] = x[i] / sum;
}`;

const LOG_SOFTMAX = (p: string): string => `static inline void ${p}_log_softmax(int n, float *x) {
  float top = -INFINITY, s[4] = {0.0f, 0.0f, 0.0f, 0.0f};
  for (int i = 0; i < n; i++) top = x[i] != x[i] || top != top ? NAN : x[i] > top ? x[i] : top;
  for (int i = 0; i < n; i++) {
    x[i] = x[i] - top;
    s[i & 3] = s[i & 3] + ${p}_exp(x[i]);
  }
  const float low = s[0] + s[1], high = s[2] + s[3], shift = ${p}_log(low + high);
  for (int i = 0; i < n; i++) x[i] = x[i] - shift;
}`;

const NORMALIZE = (
  p: string,
): string => `/* Sums in float32 over 16 columns, by four lanes, and in float64 between these. */
static inline double ${p}_total(int n, const float *x, float middle, int squares) {
  double lanes[4] = {0.0, 0.0, 0.0, 0.0};
  for (int from = 0; from < n; from += 16) {
    float s[4] = {0.0f, 0.0f, 0.0f, 0.0f};
    for (int i = from; i < n && i < from + 16; i++) {
      const float d = x[i] - middle, term = squares ? d * d : x[i];
      s[i & 3] = s[i & 3] + term;
    }
    for (int i = 0; i < 4; i++) lanes[i] = lanes[i] + (double)s[i];
  }
  return (lanes[0] + lanes[2]) + (lanes[1] + lanes[3]);
}

static inline void ${p}_normalize(int n, float *x, const float *gamma, const float *beta, float epsilon) {
  const float middle = (float)(${p}_total(n, x, 0.0f, 0) / (double)n);
  const double spread = ${p}_total(n, x, middle, 1) / (double)n;
  const float scale = (float)(1.0 / sqrt(spread + (double)epsilon) + spread * 0.0);
  for (int c = 0; c < n; c++) {
    const float d = x[c] - middle, normal = d * scale, product = normal * gamma[c];
    x[c] = product + beta[c];
  }
}`;

/** How the cells of a table's row become the network's numbers: the arithmetic of src/table/encoders. A category is its place in its list. */
const ENCODE = (p: string): string => `static inline double ${p}_bounded(double x) {
  return x > 3.4028234663852886e38 ? 3.4028234663852886e38 : x < -3.4028234663852886e38 ? -3.4028234663852886e38 : x;
}

static inline double ${p}_scaled(double value, double unit, double center, double scale, double clip) {
  const double x = (value * unit - center) / scale;
  if (clip == 0.0) return ${p}_bounded(x);
  const double share = x / clip;
  return ${p}_bounded(fabs(share) < 1e9 ? x / sqrt(1.0 + share * share) : share < 0.0 ? -clip : clip);
}

static inline float ${p}_piece(double low, double high, double value) {
  const double width = high - low;
  const double share = isfinite(width) ? (value - low) / width : (value / 2.0 - low / 2.0) / (high / 2.0 - low / 2.0);
  return (float)((share < 0.0 ? 0.0 : share > 1.0 ? 1.0 : share) - 0.5);
}`;

/** The statements that write the features of a column, from the place \`at\` on. */
function encoded(p: string, column: ColumnProgram, i: number, at: number): string[] {
  const cell = `row[${i}]`;
  if (column.kind === 'category') {
    const { categories, missing, other } = column;
    return [
      `/* ${inComment(column.name)}: its place in ${p}_categories${i}; another number for others, NAN for none. */`,
      `{`,
      `  const int place = isnan(${cell}) ? ${missing} : ${cell} >= 0.0 && ${cell} < ${categories.length}.0 ? (int)${cell} : ${other};`,
      `  if (place >= 0) a[${at} + place] = 1.0f;`,
      `}`,
    ];
  }
  const flag = column.flag ? [`a[${at + 1}] = isnan(${cell}) ? 1.0f : 0.0f;`] : [];
  if (column.kind === 'boolean')
    return [
      `/* ${inComment(column.name)}: 0 or 1, NAN for none. */`,
      `a[${at}] = isnan(${cell}) ? ${column.fill}.0f : (float)${cell};`,
      ...flag,
    ];
  const { unit, center, scale, clip, fill, filled, edges } = column;
  const numbers = [unit, center, scale, clip].map(double).join(', ');
  const pieces = edges
    .slice(1)
    .map(
      (high, j) =>
        `a[${at + 1 + flag.length + j}] = ${p}_piece(${double(edges[j] as number)}, ${double(high)}, isnan(${cell}) ? ${double(fill)} : ${cell});`,
    );
  return [
    `/* ${inComment(column.name)}: a number, NAN for none. */`,
    `a[${at}] = isnan(${cell}) ? (float)${double(filled)} : (float)${p}_scaled(${cell}, ${numbers});`,
    ...flag,
    ...pieces,
  ];
}

function encoder(p: string, table: readonly ColumnProgram[]): string[] {
  let at = 0;
  return table.flatMap((column, i) => {
    const lines = encoded(p, column, i, at);
    at += featuresOf(column);
    return lines;
  });
}

/** The cells of the row that is tried, as numbers. */
const numbersOf = ({ table, test }: Program): number[] =>
  test.x.map((cell, i) => {
    if (cell === null) return Number.NaN;
    const column = table?.[i];
    return column?.kind === 'category' ? column.categories.indexOf(String(cell)) : Number(cell);
  });

/** A name that C takes: other letters by their numbers. */
function identifier(name: string): string {
  const own = name.replace(/[^A-Za-z0-9_]/gu, (c) => {
    const code = c.codePointAt(0) as number;
    return code > 127 ? `u${code.toString(16)}` : '_';
  });
  return (/^[A-Za-z]/.test(own) ? own : `network${own}`).toLowerCase();
}

/** A text of C, whose bytes are those of UTF-8. */
const quoted = (text: string): string =>
  `"${Array.from(new TextEncoder().encode(text), (byte) => (byte > 31 && byte < 127 && byte !== 34 && byte !== 92 && byte !== 63 ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`)).join('')}"`;

function namesOf(prefix: string, what: string, labels: readonly Label[]): string {
  const texts = labels.map((label) => quoted(String(label)));
  return `static const char *const ${prefix}_${what}[${labels.length}] ${prefix.toUpperCase()}_UNUSED = {${texts.join(', ')}};`;
}

/** The header's text. */
export function toC(program: Program): string {
  const { steps, inputs, outputs, table, scaler, unscale, classes, columns, test } = program;
  const p = identifier(program.name);
  const numbers = predictedNumbers(program);
  const widest = steps.reduce(
    (most, step) => Math.max(most, 'outputs' in step ? step.outputs : 0),
    Math.max(inputs, numbers),
  );
  const types = new Set(steps.map((step) => (step.type === 'softmax' && step.logs ? 'logSoftmax' : step.type)));
  const functions = new Map<string, Expression>();
  for (const step of steps) if (step.type === 'function') functions.set(step.name, step.expression);
  if (types.has('softmax') || types.has('logSoftmax')) functions.set('exp', exponential());
  if (types.has('logSoftmax')) functions.set('log', logarithm());
  const body: string[] = [];
  for (const [i, step] of steps.entries()) {
    const { lines, moves } = written(p, step, i);
    for (const line of lines) body.push(line);
    // The next step reads what this one wrote.
    if (moves) body.push('{ float *other = a; a = b; b = other; }');
  }
  const scaled = scaler ? `(float)((row[c] - ${p}_center[c]) / ${p}_scale[c])` : '(float)row[c]';
  const input = table
    ? [`for (int c = 0; c < ${inputs}; c++) a[c] = 0.0f;`, ...encoder(p, table)]
    : [`for (int c = 0; c < ${inputs}; c++) a[c] = ${scaled};`];
  const result = unscale
    ? `for (int c = 0; c < ${outputs}; c++) out[c] = (float)((double)a[c] * ${p}_unit_scale[c] + ${p}_unit_center[c]);`
    : classes && outputs === 1
      ? 'out[0] = (float)(1.0 - (double)a[0]);\n  out[1] = a[0];'
      : `for (int c = 0; c < ${outputs}; c++) out[c] = a[c];`;
  const guard = `${p.toUpperCase()}_H`;
  return `${documentation(program, '//')}
// ${p}_predict(row, out) reads ${table?.length ?? inputs} doubles and writes ${numbers} floats; ${p}_test() is 1 if this compiler computes what the network gave.
// Compile without -ffast-math; link with -lm. Other compilers than gcc and clang must not fuse multiplications and additions.
#ifndef ${guard}
#define ${guard}

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#if defined(__FAST_MATH__)
#error "${p}: -ffast-math changes the numbers"
#endif
#if defined(FLT_EVAL_METHOD) && FLT_EVAL_METHOD != 0
#error "${p}: this processor computes floats with more digits"
#endif
#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#elif defined(__GNUC__)
#pragma GCC push_options
#pragma GCC optimize("fp-contract=off")
#endif

#if defined(__GNUC__)
#define ${p.toUpperCase()}_UNUSED __attribute__((unused))
#else
#define ${p.toUpperCase()}_UNUSED
#endif

#define ${p.toUpperCase()}_INPUTS ${table?.length ?? inputs}
#define ${p.toUpperCase()}_OUTPUTS ${numbers}

${[
  ...(columns ? [namesOf(p, 'columns', columns)] : []),
  ...(classes ? [namesOf(p, 'classes', classes)] : []),
  ...(table ?? []).flatMap((column, i) =>
    column.kind === 'category' && column.categories.length > 0 ? [namesOf(p, `categories${i}`, column.categories)] : [],
  ),
  ...(scaler
    ? [array(`${p}_center`, scaler.center, double, 'double'), array(`${p}_scale`, scaler.scale, double, 'double')]
    : []),
  ...(unscale
    ? [
        array(`${p}_unit_center`, unscale.center, double, 'double'),
        array(`${p}_unit_scale`, unscale.scale, double, 'double'),
      ]
    : []),
  ...steps.flatMap((step, i) => constantsOf(p, step, i)),
  ...(functions.size > 0
    ? [
        `static inline int32_t ${p}_bits_of(float x) {\n  int32_t bits;\n  memcpy(&bits, &x, 4);\n  return bits;\n}`,
        `static inline float ${p}_float_of(int32_t bits) {\n  float x;\n  memcpy(&x, &bits, 4);\n  return x;\n}`,
      ]
    : []),
  ...[...functions].map(([name, expression]) => functionOf(p, name, expression)),
  ...(table ? [ENCODE(p)] : []),
  ...(types.has('quantized') ? [DOT(p, widest)] : []),
  ...(types.has('softmax') ? [SOFTMAX(p)] : []),
  ...(types.has('logSoftmax') ? [LOG_SOFTMAX(p)] : []),
  ...(types.has('rows') ? [NORMALIZE(p)] : []),
].join('\n\n')}

/* ${classes ? 'The probabilities of the classes' : 'The numbers that are predicted'} for a row of finite numbers. */
static inline void ${p}_predict(const double *row, float *out) {
  float one[${widest}], two[${widest}];
  float *a = one, *b = two;
  (void)b;
${input.map((line) => `  ${line}`).join('\n')}
${body.map((line) => `  ${line}`).join('\n')}
  ${result}
}

static inline int ${p}_test(void) {
  static const double x[${test.x.length}] = {${numbersOf(program).map(double).join(', ')}};
  static const float y[${numbers}] = {${Array.from(test.y, literal).join(', ')}};
  float out[${numbers}];
  ${p}_predict(x, out);
  return memcmp(out, y, sizeof out) == 0;
}

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC pop_options
#endif

#endif
`;
}
