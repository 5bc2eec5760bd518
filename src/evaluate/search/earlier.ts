// The trials of an earlier search, from its CSV.
import { refuse } from '../../base/checks.js';
import { SimdenseError } from '../../base/errors.js';
import { rowsOf } from '../../data/csv-rows.js';
import { cellOf } from '../to-csv.js';
import type { Place } from './parzen.js';
import { placeOf } from './places.js';
import { type AnySpace, choicesOf, hasMeaning, type Parameter, type Space } from './space.js';

/** An earlier trial: its place in the space, and its cells by column. */
export interface Earlier {
  readonly place: Place;
  readonly cells: Readonly<Record<string, string>>;
}

/** Reads what `toCsv` of a search gave. Trials that lie outside of the space are left out. Throws SimdenseError for a text without the space's parameters. */
export function readEarlier<P>(space: Space<P>, text: string): Earlier[] {
  if (typeof text !== 'string') refuse('search(earlier)', 'the text of a CSV file', text);
  const [header, ...rows] = Array.from(rowsOf(text, ','), ({ cells }) => cells);
  const parameters = Object.entries(space as AnySpace);
  for (const [name] of parameters) {
    if (header?.includes(name)) continue;
    const columns = header ? `its columns are ${header.join(', ')}` : 'it is empty';
    throw new SimdenseError('FORMAT', `search(earlier): there is no column ${name}; ${columns}`);
  }
  return rows.flatMap((row) => {
    const cells = Object.fromEntries((header ?? []).map((name, i) => [name, row[i] ?? '']));
    const point: Record<string, unknown> = {};
    for (const [name, parameter] of parameters)
      if (hasMeaning(parameter, point)) point[name] = valueIn(parameter, cells[name] as string);
    const place = placeOf(space, point as P);
    return place ? [{ place, cells }] : [];
  });
}

/** The value that a cell stands for. */
function valueIn(parameter: Parameter, cell: string): unknown {
  const choices = choicesOf(parameter);
  return choices ? choices.find((choice) => String(cellOf(choice)) === cell) : Number(cell === '' ? Number.NaN : cell);
}
