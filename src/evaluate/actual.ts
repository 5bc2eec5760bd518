// What is true of rows, in the words of a model's classes: a table has booleans as true and false, and a model answers them as they were written, such as Yes and No.
import { isRecord, refuse, show } from '../base/checks.js';
import { isIt } from '../base/did-you-mean.js';
import { SimdenseError } from '../base/errors.js';
import type { Label } from '../data/labels.js';
import { cellsOf, wrongCell } from '../table/encoders/column-cells.js';
import { columnsOf } from '../table/encoders/encoder.js';
import { checkOnce, type TargetData, targetReader } from '../table/encoders/target-kinds.js';
import type { Cell } from '../table/kind.js';
import { booleanWords } from '../table/kinds/booleans.js';
import type { Records } from './row-encoder.js';
import { type HasTable, tableOf } from './table-of.js';
import type { Labels } from './task.js';

/** The place of each class. Of two words for false and true, or of 0 and 1, also the places of the booleans. */
export function placesOf(classes: readonly Label[]): Map<unknown, number> {
  const places = new Map<unknown, number>(classes.map((label, place) => [label, place]));
  const words = classes.map(String);
  const [no, yes] =
    words.length === 2 && words.includes('0') && words.includes('1') ? '01' : (booleanWords(words) ?? []);
  if (no === undefined || yes === undefined) return places;
  return places.set(false, words.indexOf(no)).set(true, words.indexOf(yes));
}

/** Labels whose booleans are the words of the classes. Other labels, and booleans for which there are no words, stay. */
export function inWords(y: Labels | readonly Cell[], classes: readonly Label[] | undefined): Labels {
  const list: readonly unknown[] = Array.isArray(y) ? y : [];
  if (!classes || !list.some((label) => typeof label === 'boolean')) return y as Labels;
  const places = placesOf(classes);
  return list.map((label) =>
    typeof label === 'boolean' ? (classes[places.get(label) ?? -1] ?? label) : label,
  ) as Labels;
}

/**
 * What a table or objects say of the target, as `predict` says it; null where it is missing. Throws SimdenseError 'STATE' for a model that knows no column of a table, or
 * several labels or numbers a row, 'DATA' for a table without the column, a record without its key, and a cell that cannot be one.
 */
export function actualIn(where: string, targets: TargetData | undefined, x: HasTable | Records): (Label | null)[] {
  if (!targets) throw new SimdenseError('STATE', `${where}: the model was not fitted on a Table, and knows no target`);
  const [part] = targets.parts;
  if (!part || targets.parts.length > 1 || targets.kind === 'list')
    throw new SimdenseError(
      'STATE',
      `${where}: a row has several labels or targets; use predictProbabilities, and compare it with the columns of the rows`,
    );
  const wanted = targetReader(part, targets.kind !== 'labels');
  const known = (cell: Label | null): Label | null => (Number.isNaN(cell) ? null : cell);
  const table = tableOf(x);
  if (table) {
    const column = columnsOf(where, table)(part.name);
    checkOnce(where, part, column);
    const cell = cellsOf(where, table, column, wanted);
    return Array.from({ length: table.rows }, (_, row) => known(cell(row)));
  }
  if (!Array.isArray(x) || !x.every((record) => isRecord(record)))
    return refuse(`${where}: x`, `a Table, or an array of objects such as { ${JSON.stringify(part.name)}: … }`, x);
  return x.map((record: Record<string, unknown>, row) => {
    if (!Object.hasOwn(record, part.name)) {
      const message = `row ${row} has no ${show(part.name)}${isIt(part.name, Object.keys(record))}`;
      throw new SimdenseError('DATA', `${where}: ${message}`);
    }
    const cell = wanted.read(record[part.name]);
    if (cell !== undefined) return known(cell);
    return wrongCell(where, row, part.name, record[part.name], wanted.expects);
  });
}
