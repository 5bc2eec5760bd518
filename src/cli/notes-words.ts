import type { Notes } from './model-cells.js';
import { count } from './numbers.js';

/** The most groups of notes that are told. */
const MOST = 5;

/** What was done with cells that could not be used, in a sentence; '' if all could. */
export function notesWords({ rows, counts }: Notes): string {
  if (rows === 0) return '';
  const shown = counts.slice(0, MOST).map(([note, number]) => `${note} (${count(number)})`);
  const more = counts.length > MOST ? `; and ${counts.length - MOST} more of the kind` : '';
  return `In ${count(rows)} some cell could not be used: ${shown.join('; ')}${more}.`;
}

/** The same for JSON output. */
export const notesData = ({ rows, counts }: Notes): Record<string, unknown> =>
  rows === 0
    ? {}
    : { notedRows: rows, noteCounts: Object.fromEntries(counts), otherNotes: Math.max(0, counts.length - MOST) };
