import { refuse } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { checkLabel, type Label } from '../data/labels.js';
import { isNumbers, type Numbers } from '../data/numbers.js';

/** A label for each row: strings or finite numbers. */
export type RowLabels = readonly Label[] | Numbers;

/** A checked copy of the labels of so many rows. Throws SimdenseError 'ARGUMENT', 'SHAPE' or 'DATA'. */
export function toLabels(where: string, labels: RowLabels, rows: number): readonly Label[] {
  if (!Array.isArray(labels) && !isNumbers(labels))
    refuse(`${where}: labels`, 'an array with a label for each row', labels);
  if (labels.length !== rows)
    throw new SimdenseError('SHAPE', `${where}: there are ${rows} rows and ${labels.length} labels`);
  return Array.from({ length: rows }, (_, row) => checkLabel(`${where}: the label is`, labels[row], row));
}

/** Throws SimdenseError 'DATA' for a label that is both a number and a string. */
export function refuseTwins(where: string, classes: ReadonlySet<Label>): void {
  for (const label of classes)
    if (typeof label === 'number' && classes.has(String(label)))
      throw new SimdenseError(
        'DATA',
        `${where}: the label ${label} appears as a number and as a string; make all labels numbers or all strings`,
      );
}
