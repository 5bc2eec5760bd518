// How the cells of a table's row become a network's numbers in C: the arithmetic of src/table/encoders on doubles. A category is its place in a list, a date its milliseconds.
import { SimdenseError } from '../base/errors.js';
import type { CategoryColumn } from '../table/encoders/category.js';
import type { DateColumn } from '../table/encoders/date.js';
import type { ColumnOf, EncoderColumn, EncoderKind } from '../table/encoders/kinds.js';
import { dateReader } from '../table/encoders/read-cell.js';
import { type Scale, scaling } from '../table/encoders/scale.js';
import { missingNumbers } from '../table/kinds/missing-numbers.js';
import type { Bundle } from './bundle.js';
import { array, double } from './c-text.js';
import { type Cell, featuresOf } from './columns.js';
import { inComment } from './text.js';

/** A column as it is written: the names of C begin with `p`, its cell is `row[i]`, its features stand from a[at] on, and those of its arrays end in `end`. */
interface Written<Column = EncoderColumn> {
  readonly p: string;
  readonly column: Column;
  readonly i: number;
  readonly at: number;
  readonly end: string;
  /** The categories of the column in all networks. */
  readonly categories: readonly string[];
}

/** The categories of each column, of all networks; a cell is a place in them. */
export function categoriesOf({ table = [], programs }: Bundle): string[][] {
  return table.map(({ name }) => {
    const own = programs.flatMap(
      (program) =>
        program.table?.filter(
          (column): column is CategoryColumn => column.kind === 'category' && column.name === name,
        ) ?? [],
    );
    return [...new Set(own.flatMap(({ categories }) => categories))];
  });
}

/** The array that a column's scale or categories need, if they need one. */
function arraysOf({ p, column, end, categories }: Written): string[] {
  if (column.kind === 'category' && !isWhole(column, categories)) {
    const places = categories.map((category) => {
      const place = column.categories.indexOf(category);
      return place < 0 ? otherOf(column) : place;
    });
    return [array(`${p}_places${end}`, places, String, 'int')];
  }
  const scaler = column.kind === 'number' || column.kind === 'date' ? column.scaler : undefined;
  return scaler?.type === 'quantile'
    ? [array(`${p}_quantiles${end}`, scaler.quantiles[0] as readonly number[], double, 'double')]
    : [];
}

/** Whether a network has each of the categories, so that its places are those of a cell. */
const isWhole = ({ categories }: CategoryColumn, all: readonly string[]): boolean =>
  categories.length === all.length && categories.every((category, i) => category === all[i]);

/** The place of categories that are none of a column's; −1 for none. */
const otherOf = ({ categories, missing, rare }: CategoryColumn): number =>
  rare ? categories.length + (missing ? 1 : 0) : -1;

/** A number as a feature. */
function scaled(p: string, value: string, { unit = 1, scaler, clip = 0 }: Scale, end: string): string {
  const own = unit === 1 ? value : `${value} * ${double(unit)}`;
  const plain =
    scaler.type === 'none'
      ? own
      : scaler.type === 'quantile'
        ? `${p}_rank(${own}, ${p}_quantiles${end}, ${scaler.quantiles[0]?.length})`
        : `(${own} - ${double(scaler.center[0] as number)}) / ${double(scaler.scale[0] as number)}`;
  return `(float)${p}_clipped(${plain}, ${double(clip)})`;
}

/** The statements that write the features of a column of each kind; undefined for those that C has no cells for. */
const kinds: { readonly [Kind in EncoderKind]: ((w: Written<ColumnOf<Kind>>) => string[]) | undefined } = {
  number: ({ p, column, i, at, end }) => {
    const { fill, flag, edges = [], format } = column;
    const gone = [...missingNumbers(format?.missing, format?.decimal)].map(
      (value) => ` || row[${i}] == ${double(value)}`,
    );
    const pieces = edges
      .slice(1)
      .map(
        (high, j) =>
          `a[${at + (flag ? 2 : 1) + j}] = ${p}_piece(${double(edges[j] as number)}, ${double(high)}, none ? ${double(fill)} : row[${i}]);`,
      );
    return [
      `/* ${inComment(column.name)}: a number, NAN for none. */`,
      `const int none = isnan(row[${i}])${gone.join('')};`,
      `a[${at}] = none ? (float)${double(scaling(column)(fill))} : ${scaled(p, `row[${i}]`, column, end)};`,
      ...(flag ? [`a[${at + 1}] = none ? 1.0f : 0.0f;`] : []),
      ...pieces,
    ];
  },
  boolean: ({ column: { name, fill, flag }, i, at }) => [
    `/* ${inComment(name)}: 0 or 1, NAN for none. */`,
    `a[${at}] = isnan(row[${i}]) ? ${fill}.0f : (float)row[${i}];`,
    ...(flag ? [`a[${at + 1}] = isnan(row[${i}]) ? 1.0f : 0.0f;`] : []),
  ],
  category: ({ p, column, i, at, end, categories }) => {
    const other = otherOf(column);
    const place = isWhole(column, categories) ? `(int)row[${i}]` : `${p}_places${end}[(int)row[${i}]]`;
    const known =
      categories.length === 0
        ? `${other}`
        : `row[${i}] >= 0.0 && row[${i}] < ${categories.length}.0 ? ${place} : ${other}`;
    return [
      `/* ${inComment(column.name)}: its place in ${p}_categories${i}; another number for others, NAN for none. */`,
      `const int place = isnan(row[${i}]) ? ${column.missing ? column.categories.length : other} : ${known};`,
      `if (place >= 0) a[${at} + place] = 1.0f;`,
    ];
  },
  date: ({ p, column, i, at, end }) => {
    const { flag, cycles } = column;
    const first = at + (flag ? 2 : 1);
    const filled = double(scaling(column)(column.fill));
    return [
      `/* ${inComment(column.name)}: milliseconds since 1970, UTC; NAN for none. */`,
      `const double days = row[${i}] / 86400000.0;`,
      `a[${at}] = isnan(days) ? (float)${filled} : ${scaled(p, 'days', column, end)};`,
      ...(flag ? [`a[${at + 1}] = isnan(days) ? 1.0f : 0.0f;`] : []),
      ...cycles.map((cycle, j) => `${p}_turn(${p}_${cycle}(days), a + ${first + 2 * j});`),
    ];
  },
  hashedCategory: undefined,
  text: undefined,
};

const words = { hashedCategory: 'categories by hash', text: 'free text' };

/** The arrays of a network's columns, and the statements that write their features. Throws SimdenseError 'UNSUPPORTED' for columns of texts. */
export function encoderOf(
  p: string,
  bundle: Bundle,
  table: readonly EncoderColumn[],
  m: number,
): { arrays: string[]; statements: string[] } {
  const all = categoriesOf(bundle);
  const [arrays, statements]: [string[], string[]] = [[], []];
  let at = 0;
  for (const column of table) {
    const i = (bundle.columns as readonly string[]).indexOf(column.name);
    const own: Written = { p, column, i, at, end: `${m}_${i}`, categories: all[i] as string[] };
    const write = kinds[column.kind] as ((w: Written) => string[]) | undefined;
    if (!write) {
      const held = words[column.kind as keyof typeof words];
      const message = `the column "${column.name}" has ${held}, and cells are numbers in C; compile to js, wasm or html, or leave the column out`;
      throw new SimdenseError('UNSUPPORTED', `compile: ${message}`);
    }
    for (const text of arraysOf(own)) arrays.push(text);
    statements.push(`{\n    ${write(own).join('\n    ')}\n  }`);
    at += featuresOf(column);
  }
  return { arrays, statements };
}

/** A cell of the row that is tried, as a number. */
export function numberOf(cell: Cell, column: EncoderColumn | undefined, categories: readonly string[]): number {
  if (cell === null) return Number.NaN;
  if (column?.kind === 'category') return categories.indexOf(String(cell));
  return column?.kind === 'date' ? (dateReader((column as DateColumn).format)(cell) as number) : Number(cell);
}

/** The functions that the statements call, by what columns need. */
export function encoderFunctions(p: string, columns: readonly EncoderColumn[]): string[] {
  const isScaled = columns.some(({ kind }) => kind === 'number' || kind === 'date');
  const hasPieces = columns.some((column) => column.kind === 'number' && column.edges);
  const hasCycles = columns.some((column) => column.kind === 'date' && column.cycles.length > 0);
  return [...(isScaled ? [CLIPPED(p)] : []), ...(hasPieces ? [PIECE(p)] : []), ...(hasCycles ? [CYCLES(p)] : [])];
}

const CLIPPED = (p: string): string => `static inline double ${p}_clipped(double x, double clip) {
  if (clip != 0.0) {
    const double share = x / clip;
    x = fabs(share) < 1e9 ? x / sqrt(1.0 + share * share) : share < 0.0 ? -clip : clip;
  }
  return x > 3.4028234663852886e38 ? 3.4028234663852886e38 : x < -3.4028234663852886e38 ? -3.4028234663852886e38 : x;
}`;

const PIECE = (p: string): string => `static inline float ${p}_piece(double low, double high, double value) {
  const double width = high - low;
  const double share = isfinite(width) ? (value - low) / width : (value / 2.0 - low / 2.0) / (high / 2.0 - low / 2.0);
  return (float)((share < 0.0 ? 0.0 : share > 1.0 ? 1.0 : share) - 0.5);
}`;

/** The share of quantiles below a number: that of src/data/scalers/quantile.ts. */
export const RANK = (
  p: string,
): string => `static inline int ${p}_below(double x, const double *q, int n, int or_equal) {
  int low = 0, high = n;
  while (low < high) {
    const int middle = (low + high) / 2;
    if (q[middle] < x || (or_equal && q[middle] == x)) low = middle + 1;
    else high = middle;
  }
  return low;
}

static inline double ${p}_rank(double x, const double *q, int n) {
  const int last = n - 1, most = last > 1 ? last : 1;
  if (x <= q[0]) return 0.0;
  if (x >= q[last]) return (double)last / most;
  const int next = ${p}_below(x, q, n, 0);
  if (q[next] == x) return (next + ${p}_below(x, q, n, 1) - 1) / 2.0 / most;
  return (next - 1 + (x - q[next - 1]) / (q[next] - q[next - 1])) / most;
}`;

/** The places of days since 1970 on circles, in turns, NAN beyond the dates of JavaScript; and the sine and cosine of turns: those of src/table/encoders/cycle.ts. */
const CYCLES = (p: string): string => `static inline double ${p}_sine(double turns) {
  const double low = floor(turns);
  double part = turns - (turns - low >= 0.5 ? low + 1.0 : low), sum = 1.0;
  if (part > 0.25) part = 0.5 - part;
  if (part < -0.25) part = -0.5 - part;
  const double x = 6.283185307179586 * part;
  for (int k = 20; k > 0; k -= 2) sum = 1.0 - sum * x * x / (k * (k + 1));
  return x * sum;
}

static inline void ${p}_turn(double turns, float *out) {
  if (isnan(turns)) return;
  out[0] = (float)${p}_sine(turns);
  out[1] = (float)${p}_sine(turns + 0.25);
}

/* The first day of a year. */
static inline double ${p}_first(double year) {
  return 365.0 * (year - 1970.0) + floor((year - 1969.0) / 4.0) - floor((year - 1901.0) / 100.0) + floor((year - 1601.0) / 400.0);
}

static inline double ${p}_year(double days) {
  const double day = floor(days);
  if (!(fabs(day) <= 1e8)) return NAN;
  double year = 1970.0 + floor(day / 365.2425);
  while (${p}_first(year) > day) year -= 1.0;
  while (${p}_first(year + 1.0) <= day) year += 1.0;
  const double start = ${p}_first(year), end = ${p}_first(year + 1.0);
  return fabs(start) > 1e8 || fabs(end) > 1e8 ? NAN : (day - start) / (end - start);
}

static inline double ${p}_week(double days) {
  return fmod(fmod(floor(days) + 3.0, 7.0) + 7.0, 7.0) / 7.0;
}

static inline double ${p}_day(double days) {
  return days - floor(days);
}`;
