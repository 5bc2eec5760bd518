// What the command says of a table: the task that it chooses, and rows that were left out.
import { SimdenseError } from '../base/errors.js';
import { visible } from '../base/visible.js';
import { mostLacking } from '../data/csv-columns.js';
import { count, percent } from './numbers.js';
import type { TrainingTable } from './table.js';

/** Whether classes or numbers are predicted, and why: the command's first line. */
export function taskWords({ target, task, why }: Pick<TrainingTable, 'target' | 'task' | 'why'>): string {
  const [head, other] = task === 'classification' ? ['Classification', 'regression'] : ['Regression', 'classification'];
  // Only whole numbers leave a choice.
  const otherwise = /whole numbers|0 and 1/.test(why) ? ` --task ${other} asks for the other.` : '';
  return `${head} of ${visible(target)}, because ${why}.${otherwise}`;
}

/** Share of the rows from which on it is a warning that they were left out. */
const MOST_SKIPPED = 0.5;

/** What was left out for missing cells, with a warning where that is most of the table; '' where nothing was. */
export function skippedWords({ x, skipped, lacking }: Pick<TrainingTable, 'x' | 'skipped' | 'lacking'>): string {
  if (skipped === 0) return '';
  const total = skipped + x.rows;
  const said = `${skipped} of ${count(total)} ${skipped === 1 ? 'was' : 'were'} left out for missing cells; ${x.rows} ${x.rows === 1 ? 'is' : 'are'} used.`;
  if (skipped <= MOST_SKIPPED * total) return said;
  return `${said}\nWarning: ${percent(skipped / total)} of the table is left out, and what remains may not be like it: ${mostLacking(lacking)}. Fill in those cells, or take such columns out of the file.`;
}

/** The same for machines. */
export const skippedData = ({
  x,
  skipped,
  lacking,
}: Pick<TrainingTable, 'x' | 'skipped' | 'lacking'>): Record<string, unknown> => ({
  tableRows: skipped + x.rows,
  skipped,
  usedRows: x.rows,
  lacking,
});

/** The same error; where rows were left out it is told with them, since it may be for lack of them. */
export function withSkipped(error: unknown, table: Pick<TrainingTable, 'x' | 'skipped' | 'lacking'>): unknown {
  if (error instanceof SimdenseError && table.skipped > 0) return Object.assign(error, { note: skippedWords(table) });
  return error;
}
