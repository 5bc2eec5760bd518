// A table in lines of text.
import { visible } from '../base/visible.js';
import type { Column } from './column.js';
import type { Cell, ColumnData, TableData } from './kind.js';

interface Described {
  readonly data: TableData;
  readonly columns: readonly Column[];
}

/** The table in lines of at most `width` characters. `inWords` says options in a sentence as the caller has them. */
export function describeTable(
  { data, columns: all }: Described,
  width: number,
  inWords = (sentence: string): string => sentence,
): string {
  const { rows, notes = [] } = data;
  const columns = all.map((column, i) => shown(column, data.columns[i] as ColumnData, inWords));
  const used = columns.filter(({ kind }) => kind !== 'ignore').length;
  const left = columns.length - used;
  const first = `${counted(rows, 'row')}, ${counted(columns.length, 'column')}${left > 0 ? `, ${left} left out` : ''}`;
  const lines = [first, ...notes.flatMap((note) => wrapped(inWords(note), width))];
  return [...lines, '', ...(width < 80 ? narrow(columns, width) : wide(columns, width))].join('\n');
}

/** What says no more than the kind. */
const PLAIN = /^(texts|(whole )?numbers|dates|\S+ or \S+)$/;

interface Shown extends Pick<Column, 'name' | 'kind' | 'missing' | 'distinct'> {
  /** What is made of it, and why it is of its kind where that is not plain. */
  readonly why: string;
  readonly example: string;
}

function shown(column: Column, { format }: ColumnData, inWords: (sentence: string) => string): Shown {
  const { name, kind, missing, distinct, why, made, example } = column;
  const [no, yes] = format?.words ?? ['false', 'true'];
  const text = typeof example === 'boolean' ? (example ? yes : no) : exampleOf(example);
  return { name, kind, missing, distinct, why: PLAIN.test(why) ? made : `${made}: ${inWords(why)}`, example: text };
}

const heads = ['column', 'kind', 'missing', 'distinct', 'example'] as const;

function wide(columns: readonly Shown[], width: number): string[] {
  const rows = columns.map(({ name, kind, missing, distinct, example }) => [
    cut(name, 22),
    kind,
    missing === 0 ? '–' : short(missing),
    short(distinct),
    cut(example, 12),
  ]);
  const widths = heads.map((head, i) =>
    rows.reduce((most, row) => Math.max(most, lengthOf(row[i] as string)), lengthOf(head)),
  );
  const line = (cells: readonly string[]) =>
    cells.map((cell, i) => (i === 2 || i === 3 ? left(cell, widths[i] as number) : right(cell, widths[i] as number)));
  const before = widths.reduce((sum, each) => sum + each + 2, 0);
  const lines = [`${line(heads).join('  ')}  made of it`];
  for (const [i, row] of rows.entries()) {
    const [first = '', ...others] = wrapped((columns[i] as Column).why, width - before);
    lines.push(`${line(row).join('  ')}  ${first}`.trimEnd());
    for (const other of others) lines.push(' '.repeat(before) + other);
  }
  return lines;
}

function narrow(columns: readonly Shown[], width: number): string[] {
  return columns.flatMap(({ name, kind, missing, distinct, example, why }) => {
    const figures = `${short(distinct)} distinct${missing > 0 ? `, ${short(missing)} missing` : ''}`;
    const room = width - kind.length - 2;
    return [
      `${right(cut(name, room), room)}  ${kind}`,
      ...wrapped(`${figures}, such as ${cut(example, 14)}; ${why}`, width - 2).map((line) => `  ${line}`),
    ];
  });
}

const counted = (count: number, what: string): string =>
  `${count.toLocaleString('en-US')} ${what}${count === 1 ? '' : 's'}`;
const short = (count: number): string => count.toLocaleString('en-US');

function exampleOf(cell: Cell): string {
  if (cell === null) return '–';
  if (cell instanceof Date)
    return cell
      .toISOString()
      .replace(/(T00:00)?(:00)?\.000Z$/, '')
      .replace('T', ' ');
  return typeof cell === 'number' ? String(Number(cell.toPrecision(10))) : visible(String(cell));
}

/** By code points, since no character may be cut in two. */
const lengthOf = (text: string): number => Array.from(text).length;
const right = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - lengthOf(text)));
const left = (text: string, width: number): string => ' '.repeat(Math.max(0, width - lengthOf(text))) + text;

function cut(text: string, most: number): string {
  const characters = Array.from(visible(text));
  return characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : characters.join('');
}

/** Breaks a text between words; a word that is longer than a line is cut. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of visible(text).split(' ')) {
    if (line !== '' && lengthOf(line) + 1 + lengthOf(word) > width) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? cut(word, width) : `${line} ${word}`;
  }
  return [...lines, line];
}
