// The trials of an earlier search, from its CSV.
import { refuse, show } from '../../base/checks.js';
import { SimdenseError } from '../../base/errors.js';
import { rowsOf } from '../../data/csv-rows.js';
import { cellOf } from '../to-csv.js';
import type { Place } from './parzen.js';
import { placeOf } from './places.js';
import { type AnySpace, choicesOf, hasMeaning, type Parameter, type Space } from './space.js';
import { columnOf } from './table.js';

/** An earlier trial: its place in the space, and what it came to; undefined if it failed. */
export interface Earlier {
  readonly place: Place;
  readonly mean: number | undefined;
  /** How often it was given more epochs. */
  readonly rung: number;
}

/** The trials of an earlier search, and the figure that it went by. */
export interface EarlierSearch {
  readonly monitor: string;
  readonly trials: readonly Earlier[];
}

export const NO_SEARCH: EarlierSearch = { monitor: '', trials: [] };

const refused = (message: string): SimdenseError => new SimdenseError('FORMAT', `search(earlier): ${message}`);

/** Reads what `toCsv` of a search gave; `monitor` is the figure, if it was given. Throws SimdenseError for another text, and for trials that are no points of the space. */
export function readEarlier<P>(space: Space<P>, text: string, monitor: string | undefined): EarlierSearch {
  if (typeof text !== 'string') refuse('search(earlier)', 'the text of a CSV file', text);
  const [header = [], ...rows] = Array.from(rowsOf(text, ','), ({ cells }) => cells);
  const parameters = Object.entries(space as AnySpace);
  for (const [name, parameter] of parameters) {
    const columns = header.length > 0 ? `its columns are ${header.join(', ')}` : 'it is empty';
    if (!header.includes(name)) throw refused(`there is no column ${name}; ${columns}`);
    const texts = choicesOf(parameter)?.map((choice) => String(cellOf(choice))) ?? [];
    if (new Set(texts).size < texts.length)
      throw refused(`two choices of ${name} are written alike, so that the table does not tell them apart`);
  }
  const figure = monitor ?? figureOf(space, header);
  const column = columnOf(space, figure);
  if (!header.includes(column)) throw refused(`there is no column ${column} among ${header.join(', ')}`);
  const epochs = columnOf(space, 'epochs');
  const trials = rows.map((row, i) => {
    const cells = new Map(header.map((name, c) => [name, row[c] ?? '']));
    const point: Record<string, unknown> = {};
    for (const [name, parameter] of parameters)
      if (hasMeaning(parameter, point)) point[name] = valueIn(parameter, cells.get(name) as string);
    // The header is the first row.
    const which = `row ${i + 2}`;
    const place = placeOf(space, point as P);
    if (!place) throw refused(`${which} is no point of the space: ${JSON.stringify(Object.fromEntries(cells))}`);
    const cell = cells.get(column) as string;
    const mean = cell === '' ? undefined : Number(cell);
    if (Number.isNaN(mean)) throw refused(`${column} is ${show(cell)} in ${which}, expected a number`);
    return { place, mean, epochs: cells.get(epochs) ?? '' };
  });
  return { monitor: figure, trials: longest(trials) };
}

/** Of a point that was tried again with more epochs the trial with the most. */
function longest(trials: readonly (Omit<Earlier, 'rung'> & { readonly epochs: string })[]): Earlier[] {
  const kept = new Map<string, Earlier>();
  const seen = new Map<string, string[]>();
  for (const [i, { place, mean, epochs }] of trials.entries()) {
    const key = place.join();
    const before = seen.get(key) ?? [];
    // With as many epochs it is the same point drawn twice.
    const again = before.length > 0 && !before.includes(epochs) && Number(epochs) > Number(before.at(-1));
    seen.set(key, [...before, epochs]);
    const rung = again ? new Set(before).size : 0;
    kept.set(again ? key : kept.has(key) ? `${key} ${i}` : key, { place, mean, rung });
  }
  return [...kept.values()];
}

/** The figure of a table: the column that has its standard deviation beside it. */
function figureOf<P>(space: Space<P>, header: readonly string[]): string {
  const found = header.find((name) => header.includes(columnOf(space, `${name.replace(/^trial /, '')} stddev`)));
  if (found === undefined)
    throw refused("no column tells the figure, such as 'accuracy' beside 'accuracy stddev': give monitor");
  return found.replace(/^trial /, '');
}

/** Throws SimdenseError 'ARGUMENT' if a search does not go by the figure of the earlier one. */
export function checkEarlier(earlier: EarlierSearch, monitor: string): void {
  if (earlier.trials.length === 0 || earlier.monitor === monitor) return;
  const message = `it went by ${earlier.monitor}, this search goes by ${monitor}; give monitor`;
  throw new SimdenseError('ARGUMENT', `search(earlier): ${message}`);
}

/** The value that a cell stands for. */
function valueIn(parameter: Parameter, cell: string): unknown {
  const choices = choicesOf(parameter);
  if (!choices) return Number(cell === '' ? Number.NaN : cell);
  // toCsv puts a quote in front of what a spreadsheet would run.
  return choices.find((choice) => cell === String(cellOf(choice)) || cell === `'${cellOf(choice)}`);
}
