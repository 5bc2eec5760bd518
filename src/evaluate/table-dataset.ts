// Data sets of a table: its columns, and the targets in some of them.
import { refuse, show } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import type { Label } from '../data/labels.js';
import { Matrix } from '../data/matrix.js';
import { checkingColumn } from '../data/precision.js';
import { fittingTargets } from '../table/encoders/fit-targets.js';
import type { TargetData } from '../table/encoders/target-kinds.js';
import { type ReadTargets, readingTargets } from '../table/encoders/targets.js';
import type { TableData, TextCells } from '../table/kind.js';
import { keepsDigits, mergedTexts } from '../table/kinds/lost-digits.js';
import { keyOf } from '../table/kinds/mostly.js';
import { numberReader } from '../table/read-value.js';
import type { Wanted } from './task.js';

/** A table's columns without its targets, and the targets of all rows. */
export interface TableParts {
  readonly x: TableData;
  readonly targets: TargetData;
  readonly labels: readonly Label[] | Matrix;
}

/**
 * Splits a table into what is predicted and what it is predicted from. In slices; the event loop may turn between them. Throws SimdenseError 'ARGUMENT' and 'DATA', also for
 * rows without a target.
 */
export function* readingTable(
  where: string,
  table: TableData,
  target: unknown,
  { task, separator }: Wanted,
): Generator<undefined, TableParts> {
  const areNames = typeof target === 'string' || (Array.isArray(target) && target.every((n) => typeof n === 'string'));
  if (!areNames) refuse(`${where}: y`, "the name of the table's column to predict", target);
  const targets = yield* fittingTargets(
    table,
    target as string | readonly string[],
    { ...(task && task !== 'multilabel' && { task }), ...(separator !== undefined && { separator }) },
    where,
  );
  const names = new Set(targets.parts.map(({ name }) => name));
  const columns = table.columns.filter(({ name }) => !names.has(name));
  const labels = yield* readingKnown(where, targets, table);
  return { x: { rows: table.rows, columns }, targets, labels };
}

/** The targets of all rows. Throws SimdenseError 'DATA' where a row has none. */
export function* readingKnown(
  where: string,
  targets: TargetData,
  table: TableData,
): Generator<undefined, readonly Label[] | Matrix> {
  const read = yield* readingTargets(targets, table, undefined, where);
  const [first] = read.missing;
  if (first !== undefined) {
    const names = targets.parts.map(({ name }) => show(name)).join(', ');
    const argument = targets.parts.length === 1 ? names : `[${names}]`;
    const empty = targets.kind === 'list' ? ', { empty: true }' : '';
    const count = read.missing.length === 1 ? '' : ` and ${read.missing.length - 1} more`;
    throw new SimdenseError(
      'DATA',
      `${where}: row ${first}${count} of the table has no ${names} to learn from; leave such rows out with table.known(${argument}${empty})`,
    );
  }
  // Labels are looked at where they turn out to be numbers.
  for (const [i, name] of (targets.kind === 'numbers' ? read.names : []).entries())
    yield* checkingColumn(`${where}: column ${show(name)}`, read.numbers as Float64Array, i, read.names.length);
  return valuesOf(read);
}

function valuesOf({ labels, numbers, names }: ReadTargets): readonly Label[] | Matrix {
  if (!numbers) return labels as readonly Label[];
  return new Matrix(Float32Array.from(numbers), names.length);
}

/** The reason for a task. Whole numbers with too many digits have become texts, which nobody asked to be classes. */
export function whyClasses(why: string | undefined, { columns }: TableData, { parts }: TargetData): string | undefined {
  const column = columns.find(({ name }) => name === parts[0]?.name);
  if (column?.kind !== 'category' || !keepsDigits(column.why) || why !== 'the labels are texts') return why;
  const codes = 'the labels are codes, or whole numbers with more digits than a number holds';
  const { texts } = column.cells as TextCells;
  const read = numberReader({ holds: 'number', ...(column.format && { format: column.format }) });
  const merged = mergedTexts(
    texts,
    texts.map((text) => read(text) ?? Number.NaN),
  );
  if (merged) return `${codes}: as numbers, ${merged[0]} and ${merged[1]} would be one`;
  return `${codes}; kinds: { ${keyOf(column.name)}: 'number' } makes numbers of them`;
}
