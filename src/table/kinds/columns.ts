// What each column of a file is, once all of its cells are there.
import { show } from '../../base/checks.js';
import { SimdenseError } from '../../base/errors.js';
import type { ColumnBuilder } from '../builder.js';
import type { ColumnData, Kind } from '../kind.js';
import type { ReadTableOptions } from '../options.js';
import { type Dates, datesIn } from './dates.js';
import { type DecimalDecision, decideDecimal } from './decimal.js';
import { type Decided, type FileFacts, isImprecise, type Raw } from './found.js';
import { isRepeatingIds } from './ids.js';
import { haveLostDigits, whyLost } from './lost-digits.js';
import { measured } from './measured.js';
import { missingNumbers } from './missing-numbers.js';
import { mostlyNote, mostlyNumbers } from './mostly.js';
import { isNumeric, numberColumn, refuseText } from './number-column.js';
import { numericTexts } from './numeric.js';
import { booleanColumn, dateColumn, daysColumn } from './other-columns.js';
import { idColumn, textColumn, whyNoNumbers } from './text-column.js';
import { unlike, unlikeUnits } from './unlike.js';

export interface Collected {
  readonly builders: readonly ColumnBuilder[];
  /** Whether a column has no name of its own. */
  readonly unnamed: readonly boolean[];
  /** The places of columns whose name a later one had too. */
  readonly twice: ReadonlySet<number>;
  readonly delimiter: string | undefined;
  /** Whether the cells are JavaScript's: whole numbers beyond 2⁵³ have lost digits before they came. */
  readonly objects?: boolean;
  /** Whether the file has rows as a spreadsheet has them. */
  readonly hasLines?: boolean;
  rowOf(row: number): number;
}

/** The decision about decimals, for the columns of a file or of its beginning. */
export function decimalOf({ builders, delimiter }: Collected, o: ReadTableOptions): DecimalDecision {
  return decideDecimal(builders, delimiter, o.decimal);
}

/** The kind that is asked for a column. */
export function askedKind(name: string, { kinds, ignore }: ReadTableOptions): Kind | undefined {
  if (ignore?.includes(name)) return 'ignore';
  return kinds && Object.hasOwn(kinds, name) ? kinds[name] : undefined;
}

/** The columns, or some of them; undefined for one that must be read again, as texts. */
export function decideColumns(
  collected: Collected,
  decimal: DecimalDecision,
  o: ReadTableOptions,
  note: (sentence: string) => void,
  only?: ReadonlySet<number>,
): (ColumnData | undefined)[] {
  const { builders, unnamed, twice, objects = false, rowOf } = collected;
  const { missing = [] } = o;
  const named = 'only' in missing ? missing.only : missing;
  const gone = missingNumbers(named, decimal.decimal);
  for (const builder of builders) builder.dropNumbers(gone);
  const dates = builders.map(datesOf);
  const facts: FileFacts = {
    decimal,
    order: o.dates ?? orderIn(dates),
    orderAsked: o.dates !== undefined,
    columns: builders.length,
    objects,
    missing: 'only' in missing ? { missing: named, missingOnly: true } : { missing: named },
    gone,
    rowOf,
    note,
  };
  return builders.map((builder, place): ColumnData | undefined => {
    if (only && !only.has(place)) return undefined;
    const raw: Raw = {
      builder,
      place,
      numeric: decimal.numeric[place] as Raw['numeric'],
      dates: dates[place],
      unnamed: unnamed[place] as boolean,
      asked: askedKind(builder.name, o),
    };
    const decided = decide(raw, facts);
    if (!decided) return undefined;
    const format = twice.has(place) ? { ...decided.format, twice: true as const } : decided.format;
    return { name: builder.name, ...decided, ...(raw.asked && { asked: true }), ...(format && { format }) };
  });
}

function decide(raw: Raw, facts: FileFacts): Decided {
  const { builder, asked } = raw;
  if (asked === 'number') return askedNumbers(raw, facts);
  if (asked === 'category' || asked === 'text') return textColumn(raw, facts, undefined);
  if (asked === 'boolean') return booleanColumn(raw, facts);
  if (asked === 'date') return dateColumn(raw, facts);
  const lost = isImprecise(raw, facts) && haveLostDigits(builder.cells);
  if (!lost && isNumeric(raw, facts)) {
    if (asked) return numberColumn(raw, facts);
    return (isRepeatingIds(raw) ? idColumn(raw, facts) : daysColumn(raw, facts)) ?? numberColumn(raw, facts);
  }
  const own = lost ? undefined : measured(raw, facts.decimal.decimal);
  if (own) return numberColumn({ ...raw, numeric: own.numeric }, facts, own);
  builder.because ??= lost ? whyLost(facts.objects) : whyNoNumbers(raw, facts);
  return booleanColumn(raw, facts) ?? dateColumn(raw, facts) ?? textColumn(raw, facts, builder.because);
}

/** A column that is asked to be numbers: where most of its cells are, the others are missing. */
function askedNumbers(raw: Raw, facts: FileFacts): Decided {
  const { builder, numeric } = raw;
  const { plain, taking, instants, texts, name } = builder;
  const { decimal } = facts.decimal;
  const own = measured(raw, decimal);
  if (own) return numberColumn({ ...raw, numeric: own.numeric }, facts, own);
  const otherSign = plain.sure > 0 && taking.decimal !== decimal;
  // So that the message shows one.
  if (instants) builder.writeInstants();
  const mostly = instants || otherSign ? undefined : mostlyNumbers(raw, decimal);
  const two = unlike(raw) ?? (mostly ? undefined : unlikeUnits(raw, decimal));
  if (two !== undefined) {
    const message = `column ${show(name)} has ${two}; it is asked to be 'number'`;
    throw new SimdenseError('DATA', `readTable: ${message}`);
  }
  if (!mostly) {
    if (instants || otherSign || numeric.bad >= 0) refuseText(raw, facts);
    return numberColumn(raw, facts);
  }
  facts.note(mostlyNote(name, mostly));
  return numberColumn({ ...raw, numeric: numericTexts(texts, decimal, taking.beside, true) }, facts, {
    format: { othersMissing: true },
  });
}

/** The texts of a column as dates, where all of its cells are texts. */
const datesOf = ({ texts, plain, typed, instants, taking }: ColumnBuilder): Dates | undefined =>
  plain.count > 0 || typed || instants || texts.length === 0 ? undefined : datesIn(texts, taking.beside);

/** The order of days and months, if one column settles it and none another. */
function orderIn(dates: readonly (Dates | undefined)[]): 'dmy' | 'mdy' | undefined {
  const orders = new Set(dates.flatMap((each) => (each?.order === 'dmy' || each?.order === 'mdy' ? [each.order] : [])));
  const [order] = orders;
  return orders.size === 1 ? order : undefined;
}
