// Messages about a table: the chosen task, and the rows that were left out.
import { SimdenseError } from '../base/errors.js';
import { visible } from '../base/visible.js';
import { mostLacking } from '../data/csv-columns.js';
import { count, percent } from './numbers.js';
import type { TrainingTable } from './table.js';

/** Whether the task is classification or regression, and why: the first line of the output. */
export function taskWords({ target, task, why }: Pick<TrainingTable, 'target' | 'task' | 'why'>): string {
  const [head, other] = task === 'classification' ? ['Classification', 'regression'] : ['Regression', 'classification'];
  // Only for whole numbers are both tasks possible.
  const otherwise = /whole numbers|0 and 1/.test(why) ? ` --task ${other} asks for the other.` : '';
  return `${head} of ${visible(target)}, because ${why}.${otherwise}`;
}

/** If more than this share of the rows is left out, a warning says so. */
const MOST_SKIPPED = 0.5;

/** How many rows were left out for missing cells, with a warning if they are most of the table; '' if there are none. */
export function skippedWords({ x, skipped, lacking }: Pick<TrainingTable, 'x' | 'skipped' | 'lacking'>): string {
  if (skipped === 0) return '';
  const total = skipped + x.rows;
  const said = `${skipped} of ${count(total)} ${skipped === 1 ? 'was' : 'were'} left out for missing cells; ${x.rows} ${x.rows === 1 ? 'is' : 'are'} used.`;
  if (skipped <= MOST_SKIPPED * total) return said;
  return `${said}\nWarning: ${percent(skipped / total)} of the table is left out, and what remains may not be like it: ${mostLacking(lacking)}. Fill in those cells, or take such columns out of the file.`;
}

/** The same figures for JSON output. */
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

/** Adds a note about rows that were left out to an error, since they may be its cause. */
export function withSkipped(error: unknown, table: Pick<TrainingTable, 'x' | 'skipped' | 'lacking'>): unknown {
  if (error instanceof SimdenseError && table.skipped > 0) return Object.assign(error, { note: skippedWords(table) });
  return error;
}
