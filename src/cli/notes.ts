// What was done with cells that could not be used, or were missing, by row and in sum.
import { count } from './numbers.js';

export class Notes {
  readonly #byRow = new Map<number, string[]>();
  readonly #unusable = new Set<number>();
  readonly #counts = new Map<string, number>();
  readonly #missing = new Map<string, number>();
  readonly #lacking: string[] = [];

  /** Notes a cell that could not be used. `group` is the same without the cell's value, for counts. */
  add(row: number, note: string, group = note): void {
    this.#unusable.add(row);
    this.#counts.set(group, (this.#counts.get(group) ?? 0) + 1);
    this.#append(row, note);
  }

  /** Notes a cell that is missing, of a column of which the model has learnt what that means. */
  learnt(row: number, column: string): void {
    this.#missing.set(column, (this.#missing.get(column) ?? 0) + 1);
    this.#append(row, `${column} is missing: the model has learnt what that means`);
  }

  /** Notes a column that no row has. */
  lacks(column: string): void {
    this.#lacking.push(column);
  }

  /** The columns that no row has. */
  get lacking(): readonly string[] {
    return this.#lacking;
  }

  #append(row: number, note: string): void {
    const notes = this.#byRow.get(row);
    if (notes) notes.push(note);
    else this.#byRow.set(row, [note]);
  }

  /** The notes of a row as a text; '' if there are none. */
  of = (row: number): string => this.#byRow.get(row)?.join('; ') ?? '';

  /** Whether any row has a note. */
  get any(): boolean {
    return this.#byRow.size > 0;
  }

  /** How many rows have a cell that could not be used. */
  get rows(): number {
    return this.#unusable.size;
  }

  /** Each group of notes about cells that could not be used with its number of rows, the most frequent first. */
  get counts(): readonly (readonly [group: string, rows: number])[] {
    return byNumber(this.#counts);
  }

  /** The columns whose missing cells the model has learnt from, with their numbers of such cells, the most frequent first. */
  get missing(): readonly (readonly [column: string, cells: number])[] {
    return byNumber(this.#missing);
  }
}

const byNumber = (counts: ReadonlyMap<string, number>): [string, number][] => [...counts].sort((a, b) => b[1] - a[1]);

/** The most groups of notes that are told. */
const MOST = 5;

const shortened = (parts: readonly string[], separator: string, more: string): string =>
  parts.length > MOST
    ? `${parts.slice(0, MOST).join(separator)}${separator.trimEnd()} and ${parts.length - MOST} more${more}`
    : parts.join(separator);

/** What was done with cells that could not be used, and which were missing, in sentences; '' if neither. */
export function notesWords({ rows, counts, missing, lacking }: Notes): string {
  const groups = counts.map(([note, number]) => `${note} (${count(number)})`);
  const columns = missing.map(([name, number]) => `${name} (${count(number)})`);
  return [
    rows > 0 ? `In ${count(rows)} some cell could not be used: ${shortened(groups, '; ', ' of the kind')}.` : '',
    lacking.length > 0
      ? `No row has ${shortened(lacking, ', ', '')}: taken as missing, as in some rows of the training.`
      : '',
    columns.length > 0
      ? `Missing as in training: ${shortened(columns, ', ', '')}. The model has learnt what that means.`
      : '',
  ]
    .filter(Boolean)
    .join(' ');
}

/** The same for JSON output. */
export const notesData = ({ rows, counts, missing, lacking }: Notes): Record<string, unknown> => ({
  ...(rows > 0 && {
    notedRows: rows,
    noteCounts: Object.fromEntries(counts),
    otherNotes: Math.max(0, counts.length - MOST),
  }),
  ...(lacking.length > 0 && { columnsOfNoRow: lacking }),
  ...(missing.length > 0 && { missingAsInTraining: Object.fromEntries(missing) }),
});
