// A CSV file as columns that can be read once more.
import { SimdenseError } from '../../base/errors.js';
import { ColumnBuilder } from '../builder.js';
import { decimalOf } from '../kinds/columns.js';
import type { ReadTableOptions } from '../options.js';
import type { ReadOnce, Turns } from '../read-once.js';
import { Columns } from '../sheet.js';
import { readCsv } from './csv.js';
import { csvLayout } from './csv-layout.js';
import type { Decoding, Head, TextSource } from './text-parts.js';

/** Characters from which the decimal sign is guessed. */
const HEAD = 2 ** 16;

export async function csvSource(
  source: TextSource,
  decoding: Decoding,
  head: Head,
  o: ReadTableOptions,
  turns: Turns,
): Promise<ReadOnce> {
  const start = head.text.slice(0, HEAD);
  const layout = csvLayout(start, head.whole && start.length === head.text.length, o);
  if (!layout) throw new SimdenseError('DATA', 'readTable: there are no rows');
  const columnsWith = (decimal: '.' | ','): Columns => {
    const columns = new Columns(o, decimal, false);
    columns.delimiter = layout.delimiter;
    for (const name of layout.names) columns.addColumn(name);
    return columns;
  };
  // What the beginning says is mostly what all of it says.
  let guess = o.decimal;
  if (!guess) {
    const first = columnsWith('.');
    const whole = Math.max(start.lastIndexOf('\n'), start.lastIndexOf('\r')) + 1;
    const trial = readCsv(whole > 0 ? start.slice(0, whole) : start, decoding, layout, first.builders);
    try {
      while (!trial.next().done);
    } catch {
      // The whole file is read below, and says where it is wrong.
    }
    guess = decimalOf(first.collected(), o).decimal;
  }
  const columns = columnsWith(guess);
  for (const note of [decoding.note, ...layout.notes]) if (note) columns.note(note);
  const rows = await turns(readCsv(source, decoding, layout, columns.builders));
  const collected = columns.collected((row) => rows.rowOf(row));
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
