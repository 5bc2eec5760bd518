// Programs as a C header, for gcc, clang and micro-controllers: no allocation, no library but math.h.
import type { Bundle } from './bundle.js';
import { categoriesOf, encoderFunctions, encoderOf, numberOf, RANK } from './c-columns.js';
import { labelFunction } from './c-label.js';
import { stepConstants, stepStatements } from './c-steps.js';
import { array, double, identifier, literal, namesOf } from './c-text.js';
import { togetherFunctions } from './c-together.js';
import { documentation } from './description.js';
import type { Program } from './program.js';

/** The statements that write a row of numbers to a network's, and the arrays that they read. */
function scaledRow(p: string, { scaler, inputs }: Program, m: number): { arrays: string[]; statements: string[] } {
  const each = (value: string): string[] => [`for (int c = 0; c < ${inputs}; c++) a[c] = (float)${value};`];
  if (!scaler) return { arrays: [], statements: each('row[c]') };
  if (scaler.type === 'quantile') {
    const count = scaler.quantiles[0]?.length as number;
    return {
      arrays: [array(`${p}_quantiles${m}`, scaler.quantiles.flat(), double, 'double')],
      statements: each(`${p}_rank(row[c], ${p}_quantiles${m} + c * ${count}, ${count})`),
    };
  }
  return {
    arrays: [
      array(`${p}_center${m}`, scaler.center, double, 'double'),
      array(`${p}_scale${m}`, scaler.scale, double, 'double'),
    ],
    statements: each(`((row[c] - ${p}_center${m}[c]) / ${p}_scale${m}[c])`),
  };
}

/** A network as a function of a row, and the arrays that it reads besides those of its steps, of which `first` is the number of the first. */
function networkOf(
  p: string,
  name: string,
  bundle: Bundle,
  m: number,
  first: number,
): { arrays: string[]; code: string } {
  const program = bundle.programs[m] as Program;
  const { table, inputs, outputs, steps, unscale, classes } = program;
  const { arrays, statements } = table ? encoderOf(p, bundle, table, m) : scaledRow(p, program, m);
  const widest = widestOf(bundle);
  const result = unscale
    ? `for (int c = 0; c < ${outputs}; c++) out[c] = (float)((double)a[c] * ${p}_unit_scale${m}[c] + ${p}_unit_center${m}[c]);`
    : classes && outputs === 1
      ? 'out[0] = (float)(1.0 - (double)a[0]);\n  out[1] = a[0];'
      : `for (int c = 0; c < ${outputs}; c++) out[c] = a[c];`;
  const body = [
    ...(table ? [`for (int c = 0; c < ${inputs}; c++) a[c] = 0.0f;`] : []),
    ...statements,
    ...stepStatements(p, steps, first),
  ];
  const units = unscale
    ? [
        array(`${p}_unit_center${m}`, unscale.center, double, 'double'),
        array(`${p}_unit_scale${m}`, unscale.scale, double, 'double'),
      ]
    : [];
  return {
    arrays: [...arrays, ...units],
    code: `static inline void ${name}(const double *row, float *out) {
  float one[${widest}], two[${widest}];
  float *a = one, *b = two;
  (void)b;
${body.map((line) => `  ${line}`).join('\n')}
  ${result}
}`,
  };
}

/** The most numbers that a row has on its way. */
const widestOf = ({ programs, numbers }: Bundle): number =>
  programs
    .flatMap(({ inputs, steps }) => [inputs, ...steps.map((step) => ('outputs' in step ? step.outputs : 0))])
    .reduce((most, each) => Math.max(most, each), numbers);

/** The header's text. */
export function toC(bundle: Bundle): string {
  const { programs, together, table, classes, columns, cells, numbers, test } = bundle;
  const p = identifier(bundle.name);
  const guard = p.toUpperCase();
  const categories = categoriesOf(bundle);
  let first = 0;
  const networks = programs.map(({ steps }, m) => {
    const network = networkOf(p, together ? `${p}_network${m}` : `${p}_predict`, bundle, m, first);
    first += steps.length;
    return network;
  });
  const ofTables = programs.flatMap((program) => program.table ?? []);
  const scalers = [
    ...ofTables.map((column) => ('scaler' in column ? column.scaler.type : 'none')),
    ...programs.map(({ scaler }) => scaler?.type),
  ];
  const parts = [
    ...(columns ? [namesOf(p, 'columns', columns)] : []),
    ...(classes ? [namesOf(p, 'classes', classes)] : []),
    ...categories.flatMap((own, i) => (own.length > 0 ? [namesOf(p, `categories${i}`, own)] : [])),
    ...networks.flatMap(({ arrays }) => arrays),
    ...(scalers.includes('quantile') ? [RANK(p)] : []),
    ...encoderFunctions(p, ofTables),
    ...stepConstants(
      p,
      programs.flatMap(({ steps }) => steps),
      widestOf(bundle),
    ),
    ...(together ? networks.map(({ code }) => code) : []),
    `/* ${classes ? 'The probabilities of the classes' : 'The numbers that are predicted'} for a row of finite numbers. Numbers that are too large for the network come to NAN or INFINITY. */`,
    ...(together ? togetherFunctions(p, bundle) : networks.map(({ code }) => code)),
    ...labelFunction(p, bundle),
  ];
  const x = test.x.map((cell, i) => numberOf(cell, table?.[i], categories[i] ?? []));
  return `${documentation(bundle)}
// ${p}_predict(row, out) reads ${cells} doubles and writes ${numbers} floats;${classes ? ` ${p}_classes[${p}_label(out)] is the answer to them;` : ''} ${p}_test() is 1 if this compiler computes what the network gave.
// Compile without -ffast-math; link with -lm. Other compilers than gcc and clang must not fuse multiplications and additions.
#ifndef ${guard}_H
#define ${guard}_H

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
#define ${guard}_UNUSED __attribute__((unused))
#else
#define ${guard}_UNUSED
#endif

#define ${guard}_INPUTS ${cells}
#define ${guard}_OUTPUTS ${numbers}

${parts.join('\n\n')}

static inline int ${p}_test(void) {
  static const double x[${test.x.length}] = {${x.map(double).join(', ')}};
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
