// What stands above the table in a CSV file: Excel's sep=; and comments that begin with #.
import { rowsIn } from './csv-cut.js';
import type { Dialect } from './csv-dialect.js';
import type { Sample } from './csv-sample.js';

export interface Preamble {
  /** Characters before the header. */
  readonly skip: number;
  readonly note: string;
}

/** Excel's first line, which names the delimiter; undefined without one. */
export function separatorIn(text: string): (Preamble & { readonly delimiter: string }) | undefined {
  const [line, delimiter] = /^"?sep=([^\r\n"])"?[\t ]*(?:\r\n?|\n)/i.exec(text) ?? [];
  if (line === undefined || delimiter === undefined) return undefined;
  return { skip: line.length, delimiter, note: `The first line, ${line.trim()}, names the delimiter and is no row.` };
}

interface Line {
  readonly at: number;
  readonly end: number;
  readonly text: string;
}

/** The lines at the beginning of a text that begin with #. */
function commentsIn(text: string): Line[] {
  const lines: Line[] = [];
  const line = /(?:[ \t]*(?:\r\n?|\n))*(#[^\r\n]*)(?:\r\n?|\n)/y;
  for (let match = line.exec(text); match; match = line.exec(text)) {
    const own = match[1] as string;
    lines.push({ at: match.index + match[0].indexOf('#'), end: line.lastIndex, text: own });
  }
  return lines;
}

/**
 * The comments above a table; undefined where there are none, or what follows them is no table. The last of them may be the header, as numpy's savetxt
 * writes it; a name such as #chrom stays as it is.
 */
export function commentsAbove(
  text: string,
  sample: (text: string) => Sample,
  isHeader: (cells: readonly string[], others: Sample['rows']) => boolean,
): Preamble | undefined {
  const comments = commentsIn(text);
  const last = comments.at(-1);
  if (!last) return undefined;
  const { rows, dialect } = sample(text.slice(last.end));
  const [first, ...others] = rows;
  const width = first?.length ?? 0;
  if (!first || !(width > 1 ? others.length > 0 : others.length > 0 && others.every(([cell]) => isPlainNumber(cell))))
    return undefined;
  const headed = isHeader(first, others);
  const cellsOf = (line: string): readonly string[] => rowsIn(line, dialect as Dialect, true, 1).data[0] ?? [];
  const names = (line: string): boolean => {
    const cells = cellsOf(line);
    return width > 1 && cells.length === width && isHeader(cells, rows);
  };
  const mark = /^#+\s*/.exec(last.text)?.[0] ?? '';
  if (names(last.text) && !(headed && /\s$/.test(mark))) return said(comments.slice(0, -1), last.at);
  if (!headed && names(last.text.slice(mark.length))) return said(comments.slice(0, -1), last.at + mark.length);
  return said(comments, last.end);
}

function said(comments: readonly Line[], skip: number): Preamble | undefined {
  const { length } = comments;
  if (length === 0) return skip === 0 ? undefined : { skip, note: '' };
  const lines = length === 1 ? 'The first line begins with # and is' : `The first ${length} lines begin with # and are`;
  return { skip, note: `${lines} taken for ${length === 1 ? 'a comment' : 'comments'}.` };
}

const isPlainNumber = (cell = ''): boolean => cell.trim() !== '' && Number.isFinite(Number(cell));
