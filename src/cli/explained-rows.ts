// The rows of a file that an explanation is about.
import { atOnce } from '../base/pause.js';
import type { Label, Matrix } from '../data/index.js';
import { words as draws, range, shuffled } from '../data/random.js';
import { isMatrix } from '../data/rows.js';
import type { Labels } from '../evaluate/index.js';
import type { PartialDependence } from '../explain/index.js';
import { fileWords, type Model, networkOf } from './model.js';
import type { ModelFile } from './model-file.js';
import { truthIn } from './truth.js';

/** The rows whose answers are known to be among those of the model. */
export interface KnownRows {
  /** The rows, from 0. */
  readonly rows: Int32Array;
  /** How many rows have no answer. */
  readonly lost: number;
  /** How many rows have a class that the model does not know. */
  readonly unknown: number;
  /** The columns of the answers. */
  readonly names: readonly string[];
  /** The answers of some of `rows`, by their places in it. */
  answers(places: Int32Array): Labels;
}

/** The rows with answers. Throws SimdenseError 'DATA' where there are none. */
export function answeredRows(model: Model, file: ModelFile, target: string | undefined): KnownRows {
  const { rows, truth, names } = truthIn(networkOf(model), file, target);
  const lost = file.found.rows - rows.length;
  if ('numbers' in truth) {
    const { numbers } = truth;
    return { rows, lost, unknown: 0, names, answers: (places) => numbers.select(places) };
  }
  const known = new Set<Label>(model.classes);
  const kept = range(rows.length).filter((at) => known.has(truth.labels[at] as Label));
  return {
    rows: kept.map((at) => rows[at] as number),
    lost,
    unknown: rows.length - kept.length,
    names,
    answers: (places) => Array.from(places, (place) => truth.labels[kept[place] as number] as Label),
  };
}

/** At most so many of `count` places, drawn at random and in order; the same ones every time. */
export function sampleOf(count: number, most: number): Int32Array {
  const all = range(count);
  if (count <= most) return all;
  atOnce(shuffled(all, draws(0, 0, 0)));
  return all.slice(0, most).sort();
}

/** The values of a column as the training file has them: a boolean is Yes or No where it says so. */
export function inFileWords(model: Model, found: PartialDependence): PartialDependence {
  const words = fileWords(model, found.column);
  if (!words) return found;
  return { ...found, values: found.values.map((cell) => (typeof cell === 'boolean' ? words[cell ? 1 : 0] : cell)) };
}

/** Whether all numbers of a target are the same, so that there is no r2 by which columns are judged. */
export const areSame = (y: Labels | Matrix): boolean =>
  isMatrix(y) && y.data.every((value, i) => value === y.data[i % y.columns]);
