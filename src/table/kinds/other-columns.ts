// Columns of booleans and of dates.
import { show } from '../../base/checks.js';
import { SimdenseError } from '../../base/errors.js';
import type { CellFormat } from '../kind.js';
import { booleanOf, booleanWords, wordsWith } from './booleans.js';
import { dateOfNumber, sinceOf } from './date-number.js';
import { dateOf, dateOfDigits } from './date-text.js';
import { datesIn } from './dates.js';
import { type Decided, type FileFacts, formatOf, type Raw, takenNumbers, words } from './found.js';
import { isMissingSign } from './missing.js';
import { keyOf } from './mostly.js';

/** A column of two words that mean false and true; undefined if it is none. When asked for, any two words will do. */
export function booleanColumn({ builder, asked }: Raw, facts: FileFacts): Decided {
  const { texts, cells, name } = builder;
  const all = builder.plain.count > 0 || builder.typed ? undefined : texts;
  const known = all && booleanWords(all);
  let pair = known;
  if (!pair && asked === 'boolean') {
    const two: string[] = [];
    cells.some((value, code, row) => {
      const text = code < 0 ? String(value) : (texts[code] as string);
      if (two.includes(text) || builder.taking.beside.has(text)) return false;
      if (two.push(text) < 3) return false;
      const message = `row ${facts.rowOf(row)}, column ${show(name)} is ${show(text)}, neither ${show(two[0])} nor ${show(two[1])}`;
      throw new SimdenseError('DATA', `readTable: ${message}; it is asked to be 'boolean'`);
    });
    const [first, second] = two as [string?, string?];
    if (first === undefined) pair = ['false', 'true'];
    else if (second !== undefined)
      pair = booleanWords([first, second]) ?? (first < second ? [first, second] : [second, first]);
    else pair = wordsWith(first) ?? refuseLone(name, first);
  }
  if (!pair) return undefined;
  const words = pair;
  const values = cells.takeNumbers(
    Float64Array.from(texts, (text) => booleanOf(text, words)),
    (value) => booleanOf(String(value), words),
  );
  const [no, yes] = words;
  const short = texts.filter((text) => text.length === 1 && text !== no && text !== yes);
  const also = short.length > 0 ? `; also written ${short.join(' and ')}` : '';
  return {
    kind: asked ?? 'boolean',
    why: asked === 'ignore' ? 'left out, as asked' : `${no} or ${yes}${also}${asked ? ', as asked' : ''}`,
    holds: 'boolean',
    cells: { values },
    ...formatOf({ words: no === 'false' && yes === 'true' ? undefined : words }, facts),
  };
}

function refuseLone(name: string, word: string): never {
  const message = `column ${show(name)} has one word, ${show(word)}, which does not say whether it means false or true`;
  throw new SimdenseError('DATA', `readTable: ${message}; it is asked to be 'boolean', 'category' takes it as it is`);
}

/** A column of dates; undefined if it is none, also where the order of days and months is not settled and that is not refused. */
export function dateColumn(raw: Raw, facts: FileFacts): Decided {
  const { builder, asked } = raw;
  const { texts, cells, plain, typed, name } = builder;
  const { beside } = builder.taking;
  const why = (found: string) => (asked === 'ignore' ? 'left out, as asked' : asked ? `${found}, as asked` : found);
  if (builder.instants) {
    const values = cells.takeNumbers();
    return { kind: asked ?? 'date', why: why('dates'), holds: 'date', cells: { values }, ...formatOf({}, facts) };
  }
  const digits = asked === 'date';
  if (!digits && (plain.count > 0 || typed || texts.length === 0)) return undefined;
  const since = digits ? sinceOf(cells) : undefined;
  if (digits) refuseUndated(raw, facts, since);
  const open = raw.dates ?? (digits ? datesIn(texts, beside) : undefined);
  const own = open && facts.orderAsked ? datesIn(texts, beside, facts.order) : open;
  if (open && !own)
    builder.because ??= `not all are dates with the ${facts.order === 'mdy' ? 'month' : 'day'} first, as asked`;
  const order = own?.order === 'dmy' || own?.order === 'mdy' ? own.order : facts.order;
  const dates = own && order && own.order !== undefined ? datesIn(texts, beside, order) : own;
  if (!digits && (!dates || own?.order === 'both')) return undefined;
  if (own?.order === 'both') {
    const message = `column ${show(name)} has dates of both orders, such as ${show(own.witness)}`;
    throw new SimdenseError('DATA', `readTable: ${message}`);
  }
  if (dates?.order === 'either' && order === undefined) {
    if (digits) {
      const message = `the dates of column ${show(name)} may have the day or the month first, such as ${show(dates.witness)}`;
      throw new SimdenseError('DATA', `readTable: ${message}; say dates: 'dmy' or 'mdy'`);
    }
    return {
      kind: 'ignore',
      why: `dates such as ${dates.witness}, with the day or the month first: dates: 'dmy' or 'mdy' settles it`,
      holds: 'date',
      cells: { values: cells.takeNumbers(dates.times) },
      ...formatOf({ guessed: true }, facts),
    };
  }
  const times = dates?.times ?? new Float64Array(texts.length).fill(Number.NaN);
  const signs = dates?.signs ?? [];
  const values = cells.takeNumbers(times, (value) => dateOfNumber(value, since));
  const named = since
    ? `dates, as ${since} since 1970`
    : own?.order === undefined
      ? 'dates'
      : `dates, ${order === 'mdy' ? 'month' : 'day'} first`;
  const settled = open?.order === 'either' ? (facts.orderAsked ? ', as asked' : ', as in another column') : '';
  const { dropped } = builder;
  const missed = `${signs.length > 0 ? `; ${words(signs)} taken for missing` : ''}${dropped.size > 0 ? `; ${takenNumbers(dropped)}` : ''}`;
  return {
    kind: asked ?? 'date',
    why: why(`${named}${settled}${missed}`),
    holds: 'date',
    cells: { values },
    ...formatOf({ order: own?.order === undefined ? undefined : order, since }, facts, signs),
  };
}

/** Whole numbers that are days such as 20170404; undefined where one is none. */
export function daysColumn({ builder, numeric }: Raw, facts: FileFacts): Decided {
  const { cells } = builder;
  const days = new Set<number>();
  const other = cells.some((number, code) => {
    const value = code < 0 ? number : (numeric.values[code] as number);
    if (Number.isNaN(value)) return false;
    days.add(value);
    return !(value >= FIRST_DAY && value <= LAST_DAY) || Number.isNaN(dateOfDigits(String(value)));
  });
  if (other || days.size < 2) return undefined;
  const [day] = days;
  const times = numeric.values.map((value) => dateOfDigits(String(value)));
  return {
    kind: 'date',
    why: `dates written as ${day}; kinds: { ${keyOf(builder.name)}: 'number' } overrules it`,
    holds: 'date',
    cells: { values: cells.takeNumbers(times, (value) => dateOfDigits(String(value))) },
    ...formatOf({}, facts, numeric.signs),
  };
}
/** Of the years 1900 to 2100. */
const [FIRST_DAY, LAST_DAY] = [19_000_101, 21_001_231];

/** Refuses a column that is asked to be dates and has a cell that is none. */
function refuseUndated({ builder }: Raw, { order, orderAsked, rowOf }: FileFacts, since: CellFormat['since']): void {
  const { texts, cells, name, taking } = builder;
  const isDate = texts.map(
    (text) =>
      isMissingSign(text) ||
      taking.beside.has(text) ||
      (dateOf(text, order) ?? (orderAsked ? undefined : dateOf(text))) !== undefined,
  );
  cells.some((value, code, row) => {
    const text = code < 0 ? String(value) : (texts[code] as string);
    if (code < 0 ? !Number.isNaN(dateOfNumber(value, since)) : isDate[code]) return false;
    throw new SimdenseError(
      'DATA',
      `readTable: row ${rowOf(row)}, column ${show(name)} is ${show(text)}, no date${orderAsked ? ` with the ${order === 'mdy' ? 'month' : 'day'} first` : ''}; it is asked to be 'date'`,
    );
  });
}
