import type { Label } from '../../data/labels.js';
import { Matrix } from '../../data/matrix.js';
import type { Dataset } from '../dataset.js';
import type { Truth } from './judge.js';

/** The targets of some rows of a checked data set, as a model that was fitted on others of its rows has them. */
export function truthOf({ targets }: Pick<Dataset, 'targets'>, set: Dataset, rows: Int32Array): Truth {
  const { classes, indices, y } = set;
  if (classes && indices) return { labels: Array.from(rows, (row) => classes[indices[row] as number] as Label) };
  const { data, columns } = y as NonNullable<Dataset['y']>;
  const all = namesOf(set.targets, columns);
  // Labels that only rows of the test have are none of the model's.
  const names = namesOf(targets, columns).filter((name) => all.includes(name));
  const places = names.map((name) => all.indexOf(name));
  const numbers = new Float32Array(rows.length * names.length);
  for (const [i, row] of rows.entries())
    for (const [c, place] of places.entries()) numbers[i * names.length + c] = data[row * columns + place] as number;
  const unknown = all.filter((name) => !names.includes(name));
  return { numbers: new Matrix(numbers, names.length), names, unknown };
}

/** What the columns are called; by their numbers if nothing says so. */
const namesOf = (targets: Dataset['targets'], columns: number): readonly string[] =>
  targets?.kind === 'list'
    ? targets.labels
    : (targets?.parts.map(({ name }) => name) ?? Array.from({ length: columns }, (_, c) => String(c)));
