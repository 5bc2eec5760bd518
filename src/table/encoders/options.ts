// How columns are to be encoded: by kind, and by name.
import {
  boolean,
  finiteNumber,
  isRecord,
  noMore,
  oneOf,
  options,
  positiveNumber,
  positiveUpTo,
  refuse,
  show,
} from '../../base/checks.js';
import { didYouMean } from '../../base/did-you-mean.js';
import { SimdenseError } from '../../base/errors.js';
import type { ScalerType } from '../../data/scalers/index.js';
import { scalerTypes } from '../../data/scalers/index.js';
import type { ColumnData, Kind, TableData } from '../kind.js';
import { MOST_CATEGORIES } from './category.js';
import { type Cycle, cycleNames } from './cycle.js';
import { MOST_BUCKETS } from './hash.js';
import { MOST_PIECES } from './pieces.js';

/**
 * How numbers are scaled: as fitScaler does, or 'spread', which is 'robust' but where half of a column or more is one number: there half the range from the
 * smallest to the largest number becomes 1 (as in RealMLP; Holzmüller, Grinsztajn, Steinwart 2024, "Better by default").
 */
export type NumberScaling = ScalerType | 'spread';

export interface NumberOptions {
  /** How numbers are scaled. Missing cells are left out of it. Default: 'spread'. */
  readonly scale?: NumberScaling;
  /** The bound that scaled numbers stay below: x becomes x / √(1 + (x / clip)²); null for none. Default: 3 where the scale has no bound, as 'spread', 'robust' and 'standard'; otherwise none. */
  readonly clip?: number | null;
  /**
   * So many more features for each column, of pieces of its range with as many training rows each: how much of a piece lies below the number.
   * They let small networks learn steps and bends. Where many numbers are the same there are fewer. Default: 0. Source: Gorishniy et al.
   * 2022, "On Embeddings for Numerical Features in Tabular Deep Learning".
   */
  readonly pieces?: number;
}

export interface CategoryOptions {
  /** The order of the features: by the texts' UTF-16 code units, or the most frequent first. Default: 'sorted'. */
  readonly order?: 'sorted' | 'frequency';
  /** Categories with fewer training rows than this are rare, and share one feature; below 1 a share of the rows. Default: 3. */
  readonly minFrequency?: number;
  /** Where more categories than this are not rare, all are hashed into `buckets` features. Default: 256. */
  readonly maxCategories?: number;
  /** How many features a column of too many categories has. Default: 256. */
  readonly buckets?: number;
}

export interface DateOptions extends Omit<NumberOptions, 'pieces'> {
  /** The cycles whose sine and cosine are features. Default: those that vary in the training rows. */
  readonly cycles?: readonly Cycle[];
}

export interface TextOptions {
  /** The number of features. Default: 64. */
  readonly buckets?: number;
}

export interface EncoderOptions {
  /** For all columns of numbers. */
  readonly number?: NumberOptions;
  /** For all columns of categories. */
  readonly category?: CategoryOptions;
  /** For all columns of dates. */
  readonly date?: DateOptions;
  /** For all columns of text; without it, or `columns`, these are left out. */
  readonly text?: TextOptions;
  /** For single columns, by name: what stands here overrules the options of its kind. */
  readonly columns?: Readonly<Record<string, NumberOptions | CategoryOptions | DateOptions | TextOptions>>;
  /** Names of columns to leave out, such as the target. Default: none. */
  readonly ignore?: readonly string[];
  /** Whether columns stay that tell no training row from another: constant ones, and categories that are all rare. Default: false. */
  readonly keepConstant?: boolean;
}

type Check = (where: string, value: unknown) => unknown;
type Checks<T> = { readonly [Name in keyof Required<T>]: Check };

const clip: Check = (where, value) => (value === null ? null : positiveNumber(where, value));
const buckets: Check = (where, value) => positiveUpTo(where, MOST_BUCKETS, value);
const scales: Checks<Omit<NumberOptions, 'pieces'>> = {
  scale: (where, value) => oneOf(where, value, [...scalerTypes, 'spread'] as const),
  clip,
};
const pieces: Check = (where, value) => (value === 0 ? 0 : positiveUpTo(where, MOST_PIECES, value));

/** The options of each kind. */
const checks = {
  number: { ...scales, pieces } satisfies Checks<NumberOptions>,
  boolean: {},
  category: {
    order: (where, value) => oneOf(where, value, ['sorted', 'frequency']),
    minFrequency: (where, value) => {
      const least = finiteNumber(where, value);
      return (least > 0 && least < 1) || (Number.isInteger(least) && least >= 1)
        ? least
        : refuse(where, 'a whole number of rows, or a share between 0 and 1', value);
    },
    maxCategories: (where, value) => positiveUpTo(where, MOST_CATEGORIES, value),
    buckets,
  } satisfies Checks<CategoryOptions>,
  date: {
    ...scales,
    cycles: (where, value) => {
      if (!Array.isArray(value)) refuse(where, `an array of ${cycleNames.join(', ')}`, value);
      return Array.from(new Set(value as unknown[]), (name) => oneOf(where, name, cycleNames));
    },
  } satisfies Checks<DateOptions>,
  text: { buckets } satisfies Checks<TextOptions>,
} satisfies Readonly<Record<Exclude<Kind, 'ignore'>, Readonly<Record<string, Check>>>>;

/** How numbers are scaled; without `clip` its default. */
export type Scaling = Omit<NumberOptions, 'pieces'> & Required<Pick<NumberOptions, 'scale'>>;

export interface Resolved {
  readonly number: Scaling & Required<Pick<NumberOptions, 'pieces'>>;
  readonly boolean: Readonly<Record<string, never>>;
  readonly category: Required<CategoryOptions>;
  readonly date: Scaling & DateOptions;
  readonly text: Required<TextOptions>;
}

/** Of columns of categories. */
export const categoryDefaults: Required<CategoryOptions> & { readonly minFrequency: number } = {
  order: 'sorted',
  minFrequency: 3,
  maxCategories: 256,
  buckets: 256,
};

const defaults: Resolved = {
  number: { scale: 'spread', pieces: 0 },
  boolean: {},
  category: categoryDefaults,
  date: { scale: 'spread' },
  text: { buckets: 64 },
};

type UsedKind = keyof Resolved;

/** A column that is encoded, with its options. */
export interface Asked<Kind extends UsedKind = UsedKind> {
  readonly kind: Kind;
  readonly column: ColumnData;
  readonly options: Resolved[Kind];
}

function checked(where: string, kind: UsedKind, given: unknown): object {
  const known: Readonly<Record<string, Check>> = checks[kind];
  if (given !== undefined && Object.keys(known).length === 0 && isRecord(given) && Object.keys(given).length > 0)
    refuse(where, `nothing: a column of kind '${kind}' has no options`, given);
  const values = options<Record<string, unknown>, string[]>(
    where,
    given as Record<string, unknown> | undefined,
    Object.keys(known),
  );
  const entries = Object.keys(values).flatMap((name) => {
    const value = values[name];
    return value === undefined ? [] : [[name, (known[name] as Check)(`${where}: ${name}`, value)]];
  });
  return Object.fromEntries(entries) as object;
}

/** The columns to encode with their options, all checked. Throws SimdenseError 'ARGUMENT', and 'DATA' for two columns of one name. */
export function askedColumns(where: string, data: TableData, given: EncoderOptions | undefined): Asked[] {
  noMore('askedColumns', arguments, 3);
  const o = options(where, given, ['number', 'category', 'date', 'text', 'columns', 'ignore', 'keepConstant']);
  boolean(`${where}(keepConstant)`, o.keepConstant ?? false);
  const { number, category, date, text } = o;
  const byKind = Object.fromEntries(
    Object.entries({ number, category, date, text }).map(([kind, own]) => [
      kind,
      checked(`${where}(${kind})`, kind as UsedKind, own),
    ]),
  );
  const names = new Set<string>();
  let twice: string | undefined;
  for (const { name } of data.columns) {
    if (names.has(name)) twice ??= name;
    names.add(name);
  }
  if (twice !== undefined) throw new SimdenseError('DATA', `${where}: the table has two columns ${show(twice)}`);
  const byName = new Map(namedColumns(where, o, names));
  const left = new Set(o.ignore);
  return data.columns.flatMap((column): Asked[] => {
    const { kind, name, why, asked } = column;
    const own = byName.get(name);
    if (left.has(name) || kind === 'ignore') {
      if (own === undefined) return [];
      refuse(
        `${where}(columns)`,
        `a column that is used; ${show(name)} is left out: ${left.has(name) ? 'ignore' : why}`,
        name,
      );
    }
    const ofColumn = checked(`${where}(columns): ${show(name)}`, kind, own);
    if (kind === 'text' && !text && own === undefined && !asked) return [];
    return [{ kind, column, options: { ...defaults[kind], ...byKind[kind], ...ofColumn } }];
  });
}

/** The options by name, whose columns are all there. */
function namedColumns(
  where: string,
  { columns = {}, ignore = [] }: EncoderOptions,
  names: ReadonlySet<string>,
): [string, unknown][] {
  if (!isRecord(columns)) refuse(`${where}(columns)`, 'an object of options by column', columns);
  if (!Array.isArray(ignore)) refuse(`${where}(ignore)`, 'an array of names', ignore);
  for (const [place, list] of [
    ['columns', Object.keys(columns)],
    ['ignore', ignore],
  ] as const)
    for (const name of list)
      if (!names.has(name)) refuse(`${where}(${place})`, 'a column of the table', name, didYouMean(name, [...names]));
  return Object.entries(columns);
}
