// A CSV file as columns that can be read once more.
import { SimdenseError } from '../../base/errors.js';
import { ColumnBuilder } from '../builder.js';
import { decimalOf } from '../kinds/columns.js';
import { decideDecimal } from '../kinds/decimal.js';
import type { ReadTableOptions } from '../options.js';
import type { ReadOnce, Turns } from '../read-once.js';
import { Columns } from '../sheet.js';
import { readCsv } from './csv.js';
import { type CsvLayout, csvLayout } from './csv-layout.js';
import type { CsvRows } from './csv-rows.js';
import { type Decoding, type Head, headOf, type TextSource, textParts } from './text-parts.js';

/** Characters from which the decimal sign is guessed. */
const HEAD = 2 ** 16;

/** Columns beyond which no guess is tried: a million builders take a while. */
const WIDE = 10_000;

export async function csvSource(
  source: TextSource,
  decoding: Decoding,
  head: Head,
  o: ReadTableOptions,
  turns: Turns,
): Promise<ReadOnce> {
  const start = startOf(head, source, decoding);
  const layout = csvLayout(start.text, start.whole, o);
  if (!layout) throw new SimdenseError('DATA', 'readTable: there are no rows');
  try {
    return await readWith(layout, source, decoding, start, o, turns);
  } catch (error) {
    // The first quote behind a backslash may come after the beginning.
    const { code } = error as SimdenseError;
    if (code !== 'FORMAT' || layout.escapedBy === '\\' || !hasEscapes(source, decoding)) throw error;
    const escaped = { ...layout, escapedBy: '\\' } as const;
    return readWith(escaped, source, decoding, start, o, turns).catch(() => Promise.reject(error));
  }
}

async function readWith(
  layout: CsvLayout,
  source: TextSource,
  decoding: Decoding,
  start: Head,
  o: ReadTableOptions,
  turns: Turns,
): Promise<ReadOnce> {
  const columnsWith = (decimal: '.' | ','): Columns => {
    const columns = new Columns(o, decimal, false);
    columns.delimiter = layout.delimiter;
    for (const name of layout.names) columns.addColumn(name);
    return columns;
  };
  // What the beginning says is mostly what all of it says.
  let guess = o.decimal ?? (layout.names.length > WIDE ? '.' : undefined);
  if (!guess) {
    const first = columnsWith('.');
    const whole = Math.max(start.text.lastIndexOf('\n'), start.text.lastIndexOf('\r')) + 1;
    const trial = readCsv(whole > 0 ? start.text.slice(0, whole) : start.text, decoding, layout, first.builders);
    try {
      while (!trial.next().done);
    } catch {
      // The whole file is read below, and says where it is wrong.
    }
    guess = decimalOf(first.collected(), o).decimal;
  }
  let columns = columnsWith(guess);
  let rows = await turns(readUnlessWrong(readCsv(source, decoding, layout, columns.builders), columns, o));
  if (typeof rows === 'string') {
    columns = columnsWith(rows);
    rows = await turns(readCsv(source, decoding, layout, columns.builders));
  }
  const read = rows;
  for (const note of [decoding.note, ...layout.notes]) if (note) columns.note(note);
  if (read.blanks > 0)
    columns.note(
      `${read.blanks} ${read.blanks === 1 ? 'row is' : 'rows are'} empty: missing cells of the only column.`,
    );
  const collected = columns.collected((row) => read.rowOf(row));
  return {
    collected,
    notes: columns.notes,
    async again(places, how) {
      const fresh = new Map(
        places.map((place) => {
          const { name, taking } = collected.builders[place] as ColumnBuilder;
          return [place, new ColumnBuilder(name, { ...taking, ...how })];
        }),
      );
      await turns(
        readCsv(
          source,
          decoding,
          layout,
          layout.names.map((_, place) => fresh.get(place)),
        ),
      );
      return fresh;
    },
  };
}

/** Whether a quote stands behind a backslash anywhere. */
function hasEscapes(source: TextSource, decoding: Decoding): boolean {
  for (const part of textParts(source, decoding)) if (part.includes('\\"')) return true;
  return false;
}

/** The beginning of the file, with its header and a row at least, however long they are. */
function startOf(head: Head, source: TextSource, decoding: Decoding): Head {
  let all = head;
  while (!all.whole && !/[\r\n][^\r\n]+[\r\n]/.test(all.text)) all = headOf(source, decoding, 4 * all.text.length);
  if (all !== head || all.text.length <= HEAD) return all;
  const text = all.text.slice(0, HEAD);
  return /[\r\n][^\r\n]+[\r\n]/.test(text) ? { text, whole: false } : all;
}

/** Distinct texts of one column after which the guess is looked at again. */
const MANY = 2 ** 16;

/** Reads on, unless a column gets many texts because the guess of the decimal sign was wrong: then the other sign is the answer. */
function* readUnlessWrong(
  work: Generator<void, CsvRows>,
  { builders, delimiter }: Columns,
  { decimal }: ReadTableOptions,
): Generator<void, CsvRows | '.' | ','> {
  let looked = decimal !== undefined;
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
    if (!looked && builders.some(({ texts }) => texts.length > MANY)) {
      looked = true;
      const { decimal: now } = decideDecimal(builders, delimiter, undefined);
      if (now !== builders[0]?.taking.decimal) return now;
    }
    yield;
  }
}
