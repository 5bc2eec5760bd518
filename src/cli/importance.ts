// How much a model needs each column: of many columns only those that may matter, and part after part, so that Ctrl-C keeps what is measured.

import { inTurnsUntil } from '../base/pause.js';
import type { AnyRows, Labels } from '../evaluate/index.js';
import { readingAll } from '../explain/blocks.js';
import { type ColumnImportance, permutationImportance } from '../explain/index.js';
import { screening } from '../explain/screening.js';
import { subjectOf } from '../explain/subject.js';
import { sampleOf } from './explained-rows.js';
import type { Interrupt } from './interrupt.js';
import { type Model, networksOf } from './model.js';
import type { Values } from './options.js';
import { progress } from './output.js';

/** Of more columns only so many are measured, which a look at gradients chooses, at so many rows. */
const [MOST_COLUMNS, SCREENED_ROWS] = [60, 30];
const REPEATS = 5;
/** Rows that are used where there are as many: fewer for large networks, so that about so many multiplications are enough, half a minute. */
const [MOST_ROWS, FEWEST_ROWS, MULTIPLICATIONS] = [2_000, 200, 1e11];
/** With fewer rows, there is too little to exchange. */
export const FEW_ROWS = 10;
/** Columns that are measured at a time. */
const PART = 5;

export interface Importance {
  /** The most important first. */
  readonly columns: readonly ColumnImportance[];
  readonly rows: number;
  /** How many columns the model reads, and how many of them were to be measured. */
  readonly of: number;
  readonly wanted: number;
}

/** Measures columns. A signal ends it with those that are measured by then. */
export async function measured(
  model: Model,
  rows: number,
  { select, answers }: { select(places: Int32Array): AnyRows; answers(places: Int32Array): Labels },
  { values, interrupt }: { readonly values: Values; readonly interrupt: Interrupt },
): Promise<Importance> {
  const { signal } = interrupt;
  const subject = subjectOf('explain', model);
  const of = subject.columns.length;
  const few = sampleOf(rows, SCREENED_ROWS);
  let chosen = new Set(subject.columns);
  if (of > MOST_COLUMNS)
    try {
      chosen = new Set((await inTurnsUntil(screeningOf(subject, select(few)), signal)).slice(0, MOST_COLUMNS));
    } catch (error) {
      if (!interrupt.happened) throw error;
      return { columns: [], rows: 0, of, wanted: MOST_COLUMNS };
    }
  // In the order of the file, as permutationImportance has columns that are equally important.
  const columns = subject.columns.filter((column) => chosen.has(column));
  const each = networksOf(model).reduce((sum, { model: { inputs, layers } }) => sum + inputs * unitsOf(layers), 0);
  const size = Math.floor(MULTIPLICATIONS / (REPEATS * columns.length * each));
  const places = sampleOf(rows, Math.min(MOST_ROWS, Math.max(FEWEST_ROWS, size)));
  const [x, y] = [select(places), answers(places)];
  const bar = progress(values, 'columns');
  const found: ColumnImportance[] = [];
  try {
    for (let from = 0; from < columns.length; from += PART) {
      bar.update(from, columns.length, '');
      const part = columns.slice(from, from + PART);
      for (const each of await permutationImportance(model, x, { y, repeats: REPEATS, columns: part, signal }))
        found.push(each);
    }
    bar.update(columns.length, columns.length, '');
  } catch (error) {
    if (!interrupt.happened) throw error;
  } finally {
    bar.stop();
  }
  return { columns: found.sort((a, b) => b.mean - a.mean), rows: places.length, of, wanted: columns.length };
}

function* screeningOf(subject: ReturnType<typeof subjectOf>, x: AnyRows): Generator<void, string[]> {
  return yield* screening(yield* readingAll('explain', subject, x), subject, SCREENED_ROWS);
}

/** The units of the first layer that has some. */
const unitsOf = (layers: readonly object[]): number =>
  layers.map((layer) => (layer as { readonly units?: number }).units ?? 0).find((units) => units > 0) ?? 1;
