// The steps of a program as C.
import { array, literal } from './c-text.js';
import type { Expression } from './expression.js';
import { type Language, statements } from './print.js';
import { functionsOf, LEAST, ROW, type Step, stepTypesOf } from './program.js';

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
    case 'product':
      return {
        lines: [`${p}_product(${step.inputs}, ${step.outputs}, a, ${p}_w${i}, ${step.bias ? `${p}_b${i}` : '0'}, b);`],
        moves: true,
      };
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

const PRODUCT = (
  p: string,
): string => `static inline void ${p}_product(int inputs, int outputs, const float *x, const float *w, const float *b, float *y) {
  for (int u = 0; u < outputs; u++) {
    float sum = b ? b[u] : 0.0f;
    for (int k = 0; k < inputs; k++) sum = sum + x[k] * w[k * outputs + u];
    y[u] = sum;
  }
}`;

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

/** The constants of steps, and the functions that they call; `widest` numbers are the most of a row. */
export function stepConstants(p: string, steps: readonly Step[], widest: number): string[] {
  const types = stepTypesOf(steps);
  const functions = functionsOf(steps);
  return [
    ...steps.flatMap((step, i) => constantsOf(p, step, i)),
    ...(functions.size > 0
      ? [
          `static inline int32_t ${p}_bits_of(float x) {\n  int32_t bits;\n  memcpy(&bits, &x, 4);\n  return bits;\n}`,
          `static inline float ${p}_float_of(int32_t bits) {\n  float x;\n  memcpy(&x, &bits, 4);\n  return x;\n}`,
        ]
      : []),
    ...[...functions].map(([name, expression]) => functionOf(p, name, expression)),
    ...(types.has('product') ? [PRODUCT(p)] : []),
    ...(types.has('quantized') ? [DOT(p, widest)] : []),
    ...(types.has('softmax') ? [SOFTMAX(p)] : []),
    ...(types.has('logSoftmax') ? [LOG_SOFTMAX(p)] : []),
    ...(types.has('rows') ? [NORMALIZE(p)] : []),
  ];
}

/** The statements of a network's steps, from the array `a` to `a`, with `b` for what is between. The number of the first tells its constants from those of others. */
export function stepStatements(p: string, steps: readonly Step[], first: number): string[] {
  return steps.flatMap((step, i) => {
    const { lines, moves } = written(p, step, first + i);
    // The next step reads what this one wrote.
    return moves ? [...lines, '{ float *other = a; a = b; b = other; }'] : lines;
  });
}
