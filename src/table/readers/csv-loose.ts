// Cuts text into cells where papaparse does not: at runs of spaces, and with quotes that a backslash makes part of a cell. A backslash before anything
// else is kept, as R's scan does.
import type { Dialect, ParsedRows, QuoteFault } from './csv-dialect.js';

const QUOTE = '"';

/** As rowsIn. A `most` of 0 is no limit. */
export function looseRows(text: string, dialect: Dialect, last: boolean, most: number): ParsedRows {
  const { delimiter, newline, spaces, escapedBy } = dialect;
  const { length } = text;
  const data: string[][] = [];
  const faults: QuoteFault[] = [];
  const isSpace = (at: number): boolean => {
    const sign = text[at];
    return sign === ' ' || sign === '\t' || (sign === '\r' && newline === '\n');
  };
  const behindSpaces = (from: number): number => {
    let at = from;
    while (at < length && isSpace(at)) at++;
    return at;
  };
  const ends = (at: number): boolean =>
    text[at] === newline || (spaces ? isSpace(at) : text[at] === delimiter[0] && text.startsWith(delimiter, at));
  const endFrom = (from: number): number => {
    let at = from;
    while (at < length && !ends(at)) at++;
    return at;
  };
  let cursor = 0;
  while (cursor < length && (most === 0 || data.length < most)) {
    const row: string[] = [];
    let at = spaces ? behindSpaces(cursor) : cursor;
    for (;;) {
      let end: number;
      if (text[at] === QUOTE) {
        const close = closing(text, at + 1, escapedBy);
        if (close < 0) {
          faults.push({ row: data.length, open: true, at });
          return { data, faults, cursor };
        }
        end = endFrom(close + 1);
        if (text.slice(close + 1, end).trim() !== '') faults.push({ row: data.length, open: false, at });
        row.push(text.slice(at + 1, close).replace(escapedBy === QUOTE ? /""/g : /\\"|""/g, QUOTE));
      } else {
        end = endFrom(at);
        row.push(text.slice(at, end));
      }
      at = spaces ? behindSpaces(end) : end;
      if (at >= length || text[at] === newline) break;
      if (!spaces) at += delimiter.length;
    }
    if (at >= length && !last) break;
    data.push(row);
    cursor = Math.min(at + 1, length);
  }
  return { data, faults, cursor };
}

/** The place of the quote that ends a cell; −1 if none does. */
function closing(text: string, from: number, escapedBy: Dialect['escapedBy']): number {
  for (let at = text.indexOf(QUOTE, from); at >= 0; at = text.indexOf(QUOTE, at + 1)) {
    let back = at;
    if (escapedBy === '\\') while (back > from && text[back - 1] === '\\') back--;
    if ((at - back) % 2 === 1) continue;
    if (text[at + 1] !== QUOTE) return at;
    at++;
  }
  return -1;
}
