// What was read, and what is made of it, in sentences and for JSON output: the first lines of the output.
import { show } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { visible } from '../base/visible.js';
import type { Kind, Table } from '../table/index.js';
import { columnKinds } from '../table/kind.js';
import { count } from './numbers.js';
import { quoted as shellWord } from './repeat.js';
import { labelless, type Together, type TrainingTable } from './training-table.js';

const nouns: Readonly<Record<Exclude<Kind, 'ignore'>, readonly [string, string]>> = {
  number: ['number', 'numbers'],
  category: ['category', 'categories'],
  boolean: ['boolean', 'booleans'],
  date: ['date', 'dates'],
  text: ['text', 'texts'],
};

const counted = (number: number, one: string, several: string): string => `${number} ${number === 1 ? one : several}`;
function ofKind(kind: Kind, number: number): string {
  const [one, several] = nouns[kind as 'number'];
  return counted(number, one, several);
}
/** Names of columns, not too many of them. */
const MOST = 12;
const shortened = (names: readonly string[]): string =>
  names.length > MOST ? `${names.slice(0, MOST).join(', ')} and ${names.length - MOST} more` : names.join(', ');

/** A table that was read, for its words. */
type Read = Pick<TrainingTable, 'read' | 'table' | 'targets'> & {
  /** Columns of text whose words are learnt from. */
  readonly texts?: readonly string[];
  readonly together?: Together;
};

interface Facts {
  readonly rows: number;
  readonly columns: number;
  /** How many columns of each kind the model learns from. */
  readonly kinds: Readonly<Partial<Record<Kind, number>>>;
  /** Why each of the others is left out. */
  readonly ignored: Readonly<Record<string, string>>;
  /** Missing cells of the columns that are used. */
  readonly missing: Readonly<Record<string, number>>;
  readonly notes: readonly string[];
}

/** The facts about the columns that are not targets. */
export function factsOf(
  table: Table,
  targets: readonly string[],
  texts: readonly string[] = [],
  { groups }: Together = {},
): Facts {
  const kinds: Partial<Record<Kind, number>> = {};
  const ignored: [string, string][] = [];
  const missing: [string, number][] = [];
  for (const column of table.columns) {
    const { name, kind, why } = column;
    if (targets.includes(name)) continue;
    if (name === groups) ignored.push([name, '--group keeps its rows together']);
    else if (kind === 'ignore') ignored.push([name, why.replace(/^left out, as asked/, 'as asked')]);
    else if (kind === 'text' && !texts.includes(name)) ignored.push([name, why]);
    else {
      kinds[kind] = (kinds[kind] ?? 0) + 1;
      if (column.missing > 0) missing.push([name, column.missing]);
    }
  }
  const [of, lacking] = [Object.fromEntries(ignored), Object.fromEntries(missing)];
  const { rows, columns, notes = [] } = table.data;
  return { rows, columns: columns.length, kinds, ignored: of, missing: lacking, notes };
}

/** Throws SimdenseError 'DATA' if no column is left to learn from. */
export function checkColumns(path: string, { read, targets, texts, together }: Read): void {
  const { kinds, ignored } = factsOf(read, targets, texts, together);
  if (Object.keys(kinds).length > 0) return;
  const left = Object.entries(ignored).map(([name, why]) => `${show(name)} (${why})`);
  const varied = read.columns.find(
    ({ name, distinct }) =>
      distinct > 1 && !targets.includes(name) && name !== together?.groups && !read.column(name).asked,
  );
  const { holds, kind } = varied ? read.column(varied.name) : {};
  const use = kind === 'text' ? 'text' : holds === 'text' ? 'category' : holds;
  const asked = varied && shellWord(`${asPart(varied.name)}=${use}`);
  const message = [
    `there is no column to learn from beside ${targets.map(show).join(', ')}`,
    left.length > 0 ? `; left out: ${shortened(left)}` : '',
    asked === undefined ? '' : `. --kind ${asked} learns from that column all the same`,
  ].join('');
  throw new SimdenseError('DATA', `${path}: ${message}`);
}

/** A name as a part of a list of names. */
export const asPart = (name: string): string => (/[,"]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name);

/** What was read, and what is left out and why. */
function columnWords({ rows, columns, kinds, ignored, missing, notes }: Facts): string[] {
  const used = columnKinds.flatMap((kind) => (kinds[kind] === undefined ? [] : ofKind(kind, kinds[kind])));
  const left = Object.entries(ignored).map(([name, why]) => `${visible(name)} (${why})`);
  const lacking = Object.entries(missing).map(([name, number]) => `${visible(name)} (${number})`);
  return [
    `${count(rows)} and ${counted(columns, 'column', 'columns')} read${used.length > 0 ? `; it learns from ${used.join(', ')}` : ''}.`,
    ...notes.map((note) => (/[.!?]$/.test(note) ? note : `${note}.`)),
    ...(left.length > 0 ? [`Left out: ${shortened(left)}.`] : []),
    ...(lacking.length > 0 ? [`Missing cells: ${shortened(lacking)}. Their rows are used all the same.`] : []),
  ];
}

/** Names as 'a, b'. */
export const namesOf = (targets: readonly string[]): string => shortened(targets.map(visible));

const heads = {
  classification: ['Classification', '--task regression'],
  regression: ['Regression', '--task classification'],
  multilabel: ['Several labels', '--task regression'],
} as const;

/** Whether the task is classification or regression, and why. */
export function taskWords({
  targets,
  chosen,
  task,
  why,
}: Pick<TrainingTable, 'targets' | 'chosen' | 'task' | 'why'>): string {
  const [head, other] = heads[task];
  // Only for whole numbers are both tasks possible.
  const otherwise = /whole numbers|0 and 1/.test(why) && !/--task/.test(why) ? ` ${other} asks for the other.` : '';
  return `${head} of ${namesOf(targets)}${chosen ? ` (${chosen})` : ''}, because ${why}.${otherwise}`;
}

/** How many rows have no target; '' if all have. */
export function lostWords({ read, table, targets }: Read): string {
  const lost = read.rows - table.rows;
  if (lost === 0) return '';
  return `${count(lost)} ${lost === 1 ? 'has' : 'have'} no ${namesOf(targets)} to learn from and ${lost === 1 ? 'is' : 'are'} left out; ${count(table.rows)} ${table.rows === 1 ? 'is' : 'are'} used.`;
}

/** How many rows have none of the labels; '' if none. */
export const labellessWords = (rows: number): string =>
  rows === 0 ? '' : `${count(rows)} ${rows === 1 ? 'has' : 'have'} none of the labels.`;

/** The first lines of the output of a training. */
export function firstWords(table: TrainingTable & Read): string {
  return [
    ...columnWords(factsOf(table.read, table.targets, table.texts, table.together)),
    taskWords(table),
    ...(table.together?.time === undefined ? [] : [`The latest rows by ${visible(table.together.time)} judge it.`]),
    ...[labellessWords(labelless(table.set)), lostWords(table)].filter(Boolean),
  ].join('\n');
}

/** The same for JSON output. */
export function firstData(table: TrainingTable & Read): Record<string, unknown> {
  const { read, targets, task, why, texts, together } = table;
  return {
    read: factsOf(read, targets, texts, together),
    target: targets.length === 1 ? targets[0] : targets,
    task,
    why,
    rowsWithoutTarget: read.rows - table.table.rows,
    ...(task === 'multilabel' && { rowsWithoutLabel: labelless(table.set) }),
    usedRows: table.table.rows,
    ...together,
  };
}

/** Adds a note about rows that were left out to an error, since they may be its cause. */
export function withLost<E>(error: E, table: Read): E {
  const lost = lostWords(table);
  return lost && error instanceof Error ? Object.assign(error, { note: lost.replace(/\.$/, '') }) : error;
}
