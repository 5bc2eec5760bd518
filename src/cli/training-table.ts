// A table to learn from: its targets, and the rows that have one.
import { show } from '../base/checks.js';
import { didYouMean } from '../base/did-you-mean.js';
import { SimdenseError } from '../base/errors.js';
import { listed } from '../base/listed.js';
import { atOnce } from '../base/pause.js';
import type { Label } from '../data/index.js';
import { type Dataset, toDataset } from '../evaluate/dataset.js';
import type { Pipeline, Task } from '../evaluate/index.js';
import { suspecting } from '../evaluate/suspecting.js';
import { checkPositive, positiveLast } from '../evaluate/task.js';
import type { Table } from '../table/index.js';
import { lineOf } from '../table/lines.js';
import { list, text, type Values } from './options.js';
import { parts } from './parts.js';
import { columnsOf, openTable, optionsByName, type TableFile } from './read-file.js';

/** Which rows belong together, by the name of a column. */
export interface Together {
  readonly groups?: string;
  readonly time?: string;
}

export interface TrainingTable {
  /** The table as it was read. */
  readonly read: Table;
  /** The rows that have a target. */
  readonly table: Table;
  /** The columns to predict. */
  readonly targets: readonly string[];
  /** Why these, where nobody said so: a clause such as 'the last column'. */
  readonly chosen?: string;
  /** The checked rows of `table`, with their targets. */
  readonly set: Dataset;
  /** The columns of --group and --time. */
  readonly together: Together;
  readonly task: Task;
  /** What a pipeline for this table has of its targets. */
  readonly wanted: Pick<Pipeline, 'task' | 'positive'>;
  /** Why this task: a clause. */
  readonly why: string;
}

/** Reads a table and its targets, which --target gives by name or number. */
export async function readTraining(path: string, values: Values): Promise<TrainingTable> {
  return trainingTable(path, await readForTargets(await openTable(path, values), values), values);
}

/** Reads a table. A target that lists labels is read as texts, also where each cell lists one number: an empty cell is no label then. */
export async function readForTargets(file: TableFile, values: Values): Promise<Table> {
  const o = columnsOf(values);
  const read = await file.read(o);
  if (values['separator'] === undefined) return read;
  const { targets } = targetsOf(read, text(values, 'target'));
  const [name, another] = targets as [string, string?];
  if (another !== undefined || o.kinds?.[name] || 'codes' in read.column(name).cells) return read;
  return file.read({ ...o, kinds: { ...o.kinds, [name]: 'category' } });
}

export function trainingTable(path: string, read: Table, values: Values): TrainingTable {
  const { targets, chosen } = targetsOf(read, text(values, 'target'));
  const asked = text(values, 'task') as Task | undefined;
  const separator = text(values, 'separator');
  const ignored = targets.find((name) => list(values, 'ignore').includes(name));
  if (ignored !== undefined) throw new SimdenseError('ARGUMENT', `--ignore: ${show(ignored)} is the column to predict`);
  const table = withTargets(read, targets, separator);
  if (table.rows < 2) {
    const lost = read.rows - table.rows;
    const why = lost > 0 ? `; ${lost} more have no ${targets.map(show).join(', ')}` : '';
    const count = table.rows === 1 ? '1 row is' : 'no rows are';
    throw new SimdenseError('DATA', `${path}: ${count} too few to train on and to test with${why}`);
  }
  const wanted = { task: asked, ...(separator !== undefined && { separator }) };
  const together = togetherOf(path, { read, table, targets }, values);
  const found = toDataset(path, table, targets.length === 1 ? (targets[0] as string) : [...targets], wanted, together);
  const positive = positiveOf(found, text(values, 'positive'));
  const ordered: Dataset =
    positive === undefined || !found.indices || !found.classes
      ? found
      : { ...found, ...positiveLast({ classes: found.classes, indices: found.indices }, positive) };
  const set = atOnce(suspecting(ordered));
  const why = asked ? '--task says so' : whyOf(set);
  if (set.task !== 'classification' && values['balanced'] === true) {
    const what = set.task === 'regression' ? 'a regression' : 'of several labels a row';
    throw new SimdenseError('ARGUMENT', `--balanced: is about classes, and this is ${what}: ${why}`);
  }
  const { task } = set;
  return {
    read,
    table,
    targets,
    ...(chosen !== undefined && { chosen }),
    set,
    together,
    task,
    wanted: { task, ...(positive !== undefined && { positive }) },
    why,
  };
}

/** The class that --positive names. Throws SimdenseError 'ARGUMENT' if it is not one of two. */
function positiveOf({ classes }: Dataset, given: string | undefined): Label | undefined {
  if (given === undefined) return undefined;
  const label = classes?.find((each) => String(each) === given) ?? given;
  checkPositive('--positive', label, classes?.length === 2 && label === classes[0] ? [...classes].reverse() : classes);
  return label;
}

/** The columns of --group and --time. Throws SimdenseError 'ARGUMENT' for columns that are not there, for a target, and for both. */
function togetherOf(
  path: string,
  { read, table, targets }: Pick<TrainingTable, 'read' | 'table' | 'targets'>,
  values: Values,
): Together {
  const [groups, time] = [text(values, 'group'), text(values, 'time')];
  if (groups !== undefined && time !== undefined)
    throw new SimdenseError('ARGUMENT', '--time: give --group or --time, not both');
  const names = read.columns.map(({ name }) => name);
  for (const [option, name] of Object.entries({ group: groups, time })) {
    if (name === undefined) continue;
    if (!names.includes(name)) noColumn(option, name, names);
    if (targets.includes(name))
      throw new SimdenseError('ARGUMENT', `--${option}: ${show(name)} is the column to predict`);
    checkCells(path, { read, table, targets }, option, name);
  }
  return { ...(groups !== undefined && { groups }), ...(time !== undefined && { time }) };
}

/** Throws SimdenseError 'DATA' where a row that is learnt from has no cell in a column by which rows are split, and for a single group. */
function checkCells(
  path: string,
  { read, table, targets }: Pick<TrainingTable, 'read' | 'table' | 'targets'>,
  option: string,
  name: string,
): void {
  const cells = table.values(name);
  const at = cells.indexOf(null);
  if (at >= 0) {
    const row = knownRows(read, table, targets)(at);
    const message = `row ${lineOf(read.data, row)} has no ${show(name)}; fill its cell, or leave the row out`;
    throw new SimdenseError('DATA', `${path}: --${option}: ${message}`);
  }
  const groups = new Set(cells.map((cell) => (cell instanceof Date ? cell.getTime() : cell)));
  if (option === 'group' && groups.size === 1)
    throw new SimdenseError(
      'DATA',
      `${path}: --group: all rows have the same ${show(name)}, expected two groups or more: a group is never divided`,
    );
}

/** The row of the table that was read of each row that has its targets. */
export function knownRows(read: Table, table: Table, targets: readonly string[]): (row: number) => number {
  if (read.rows === table.rows) return (row) => row;
  const cells = targets.map((name) => read.values(name));
  const known = Array.from({ length: read.rows }, (_, row) => row).filter((row) =>
    cells.every((column) => column[row] !== null),
  );
  return (row) => known[row] as number;
}

function whyOf({ task, targets, why }: Dataset): string {
  if (task !== 'multilabel') return optionsByName(why as string);
  if (targets?.kind !== 'list') return 'each of these columns is 0 and 1';
  return targets.separator === undefined ? 'each of its cells is a list' : '--separator says that a cell lists several';
}

/** The rows that have all targets; the table itself if all do. An empty cell of a column that lists labels has none of them. */
export function withTargets(table: Table, targets: readonly string[], separator: string | undefined): Table {
  const [first] = targets as [string];
  const lists = targets.length === 1 && (separator !== undefined || table.column(first).format?.json === 'lists');
  const known = table.known(targets, { empty: lists });
  return known.rows === table.rows ? table : known;
}

/** How many rows have none of the labels that a column lists; 0 for another target. */
export function labelless({ targets, y }: Pick<Dataset, 'targets' | 'y'>): number {
  if (targets?.kind !== 'list' || !y) return 0;
  const { data, columns } = y;
  let count = 0;
  for (let at = 0; at < data.length; at += columns)
    count += Number(data.subarray(at, at + columns).every((has) => has === 0));
  return count;
}

/** The columns to predict: a name, else a list of names or numbers; by default the last column that is used. */
export function targetsOf(table: Table, given: string | undefined): { targets: string[]; chosen?: string } {
  const { columns } = table;
  const names = columns.map(({ name }) => name);
  if (given === undefined) {
    const at = columns.map(({ kind }) => kind !== 'ignore').lastIndexOf(true);
    const last = at === columns.length - 1 || at < 0;
    const target = names.at(last ? -1 : at) as string;
    return { targets: [target], chosen: last ? 'the last column' : 'the last column that is used' };
  }
  if (names.includes(given)) return { targets: [given] };
  return { targets: parts(given).map((part) => targetOf(names, part)) };
}

function targetOf(names: readonly string[], given: string): string {
  if (names.includes(given)) return given;
  const byNumber = /^\d+$/.test(given) ? names[Number(given)] : undefined;
  if (byNumber !== undefined) return byNumber;
  return noColumn('target', given, names);
}

function noColumn(option: string, given: string, names: readonly string[]): never {
  const message = `there is no column ${show(given)} among ${listed(names)}${didYouMean(given, names)}`;
  throw new SimdenseError('ARGUMENT', `--${option}: ${message}`);
}
