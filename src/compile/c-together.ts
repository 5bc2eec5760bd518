// How the predictions of an ensemble become one in C.
import { type Bundle, weightOfAll } from './bundle.js';
import { double } from './c-text.js';

/** src/evaluate/temperature.ts: probabilities p^(1/T), divided by their sum. */
const TEMPER = (p: string, numbers: number, temperature: number): string => `static inline double ${p}_log2(double x) {
  int whole = 0;
  double m = x < 1e-7 ? 1e-7 : x, sum = 0.0;
  for (; m >= ${double(Math.SQRT2)}; m = m / 2.0) whole++;
  for (; m < ${double(Math.SQRT1_2)}; m = m * 2.0) whole--;
  const double z = (m - 1.0) / (m + 1.0);
  for (int n = 41; n > 0; n -= 2) sum = sum * z * z + 1.0 / n;
  return whole + 2.0 * z * sum / ${double(Math.LN2)};
}

static inline double ${p}_exp2(double x) {
  const double low = floor(x), whole = x - low >= 0.5 ? low + 1.0 : low;
  const double r = (x - whole) * ${double(Math.LN2)};
  double sum = 1.0;
  for (int n = 14; n > 0; n--) sum = 1.0 + sum * r / n;
  return isnan(sum) ? NAN : sum * ldexp(1.0, (int)whole);
}

static inline void ${p}_temper(const float *x, float *out) {
  int top = 0;
  for (int c = 1; c < ${numbers}; c++) if (x[c] > x[top]) top = c;
  const double largest = ${p}_log2(x[top]);
  double powers[${numbers}], sum = 0.0;
  for (int c = 0; c < ${numbers}; c++) {
    powers[c] = ${p}_exp2((${p}_log2(x[c]) - largest) / ${double(temperature)});
    sum = sum + powers[c];
  }
  for (int c = 0; c < ${numbers}; c++) out[c] = (float)(powers[c] / sum);
  /* Rounding may have made equal what was less. */
  for (int c = 0; c < top; c++) if (out[c] == out[top]) out[c] = (float)(out[c] * ${double(1 - 2 ** -23)});
}`;

/** A factor before a value; none where it is 1. */
const times = (weight = 1): string => (weight === 1 ? '' : `${weight}.0 * `);

/** The functions that put predictions together: `_predict` from `_network0` and so on. */
export function togetherFunctions(p: string, bundle: Bundle): string[] {
  const { programs, numbers, together } = bundle;
  const isTempered = together !== undefined && together.temperature !== 1;
  return [
    ...(isTempered ? [TEMPER(p, numbers, together.temperature)] : []),
    `/* The mean of ${programs.length} networks. */
static inline void ${p}_predict(const double *row, float *out) {
  double sums[${numbers}] = {0.0};
  float own[${numbers}];
${programs
  .map(
    (_, m) =>
      `  ${p}_network${m}(row, own);\n  for (int c = 0; c < ${numbers}; c++) sums[c] = sums[c] + ${times(together?.weights?.[m])}own[c];\n`,
  )
  .join('')}  for (int c = 0; c < ${numbers}; c++) own[c] = (float)(sums[c] / ${weightOfAll(bundle)}.0);
  ${isTempered ? `${p}_temper(own, out);` : `for (int c = 0; c < ${numbers}; c++) out[c] = own[c];`}
}`,
  ];
}
