// Wraps text and tables to a number of columns.
import { visible } from '../base/visible.js';

/** The least width of a report, in columns. */
export const NARROWEST = 40;

/** Wraps a text to a number of columns, with an indent. Longer words are broken; a percent sign stays with its number. */
export function wrapped(text: string, columns: number, indent = ''): string {
  const room = columns - indent.length;
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/ (?!%)/).flatMap((w) => pieces(w, room))) {
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((l) => `${indent}${l}`).join('\n');
}

function pieces(word: string, room: number): string[] {
  if (word.length <= room) return [word];
  const out: string[] = [];
  let piece = '';
  // Iterate over code points, so that no surrogate pair is broken.
  for (const point of word) {
    if (piece.length + point.length > room) {
      out.push(piece);
      piece = '';
    }
    piece += point;
  }
  return [...out, piece];
}

/** Cuts a text to at most `length` characters. */
export function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** Aligns the cells of a table: the first column to the left, the others to the right. */
export function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, c) => rows.reduce((most, row) => Math.max(most, (row[c] ?? '').length), 0));
  return rows
    .map((row) =>
      row
        .map((cell, c) => (c === 0 ? cell.padEnd(widths[c] ?? 0) : cell.padStart(widths[c] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** A model's summary. If the table of layers is too wide, the cells of a line are separated by commas instead. */
export function narrowed(summary: string, columns: number): string {
  const lines = summary.split('\n').map(visible);
  if (lines.every((line) => line.length <= columns)) return lines.join('\n');
  return lines
    .map((line) =>
      /^─+$/.test(line) ? line.slice(0, columns) : wrapped(line.trim().split(/ {2,}/).join(', '), columns),
    )
    .join('\n');
}
