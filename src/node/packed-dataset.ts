// Converts a data set to bytes and back. The bytes do not name the writer, because a data set is identified by its hash, which must be the same in every version.
import { isRecord } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import type { Label } from '../data/labels.js';
import type { Dataset } from '../evaluate/dataset.js';
import { packFiles, unpackFiles } from '../evaluate/files.js';
import { arraysOf, type Grid, inputRows, isTable } from '../evaluate/inputs.js';
import type { Together } from '../evaluate/rows-together.js';
import { type Task, tasks } from '../evaluate/task.js';
import type { TargetData } from '../table/encoders/target-kinds.js';
import { targetsFromJson } from '../table/encoders/targets.js';
import { type ColumnData, columnKinds, EMPTY, type TableData } from '../table/kind.js';
import { hashInTurns } from './hash.js';

/** The entry 'dataset' of the metadata. */
interface Description {
  readonly task: Task;
  /** Of a matrix. */
  readonly columns?: number;
  readonly bytes?: boolean;
  /** Of a table: each column without its cells. */
  readonly table?: { readonly rows: number; readonly columns: readonly TableColumn[] };
  readonly targets?: TargetData;
  /** Whether there is a file of the rows' groups, or of their moments, before the last. */
  readonly together?: 'groups' | 'time';
  readonly classes?: readonly Label[];
  readonly y?: { readonly columns: number; readonly bytes: boolean };
}

/** A column of a table; its texts are a file of their own. */
type TableColumn = Omit<ColumnData, 'cells'> & { readonly texts: boolean };

const raw = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);
const isBytes = (data: unknown): boolean => data instanceof Uint8Array;

/** A data set as the bytes of one file. */
export function packDataset({ task, x, classes, indices, y, targets, groups, time }: Dataset): Uint8Array {
  const description: Description = {
    task,
    ...(isTable(x)
      ? { table: { rows: x.rows, columns: x.columns.map(withoutCells) } }
      : { columns: x.columns, bytes: isBytes(x.data) }),
    ...(targets && { targets }),
    ...((groups || time) && { together: groups ? ('groups' as const) : ('time' as const) }),
    ...(classes && { classes }),
    ...(y && { y: { columns: y.columns, bytes: isBytes(y.data) } }),
  };
  const texts = (isTable(x) ? x.columns : []).flatMap(({ cells }) =>
    'texts' in cells ? [new TextEncoder().encode(JSON.stringify(cells.texts))] : [],
  );
  const together = groups ?? time;
  const files = [
    ...arraysOf(x).map(raw),
    ...texts,
    ...(together ? [raw(together)] : []),
    raw(indices ?? (y as Grid).data),
  ];
  return packFiles(files, { dataset: JSON.stringify(description) });
}

const withoutCells = ({ cells, ...column }: ColumnData): TableColumn => ({ ...column, texts: 'texts' in cells });

/** The data set in these bytes. Rejects with SimdenseError 'FORMAT' if they do not have this hash, or are not a data set. */
export async function unpackDataset(bytes: Uint8Array, hash: string): Promise<Dataset> {
  if ((await hashInTurns(bytes)) !== hash) throw wrong(`the data do not have the hash ${hash}`);
  const { files, metadata } = unpackFiles('the data', bytes);
  const description = describe(metadata['dataset']);
  const { task, classes, y, targets } = description;
  const last = files.pop();
  if (!last) throw wrong('the data: expected rows and targets');
  const together = description.together && files.pop();
  const x = description.table ? unpackTable(files, description.table) : matrixOf(files, description);
  const rows = inputRows(x);
  const set = {
    task,
    x,
    ...(targets && { targets: targetsFromJson(targets) }),
    ...(together && togetherOf(together, description.together as 'groups', rows)),
  };
  if (classes) {
    if (last.length !== rows * 4) throw wrong('the data: rows and classes differ in number');
    const indices = new Int32Array(new Uint8Array(last).buffer);
    if (!indices.every((index) => index >= 0 && index < classes.length))
      throw wrong('the data: a row has a class that does not exist');
    return { ...set, classes, indices };
  }
  const grid = numbers(last, y?.bytes === true, y?.columns as number);
  if (grid.data.length !== rows * grid.columns) throw wrong('the data: rows and targets differ in number');
  return { ...set, y: grid };
}

function togetherOf(file: Uint8Array, name: 'groups' | 'time', rows: number): Together {
  const { buffer, byteLength } = new Uint8Array(file);
  if (byteLength !== rows * (name === 'groups' ? 4 : 8)) throw wrong(`the data: not a value of ${name} for each row`);
  return name === 'groups' ? { groups: new Int32Array(buffer) } : { time: new Float64Array(buffer) };
}

const wrong = (what: string): SimdenseError => new SimdenseError('FORMAT', what);
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) > 0;

function matrixOf(files: readonly Uint8Array[], { columns, bytes }: Description): Grid {
  if (files.length !== 1) throw wrong('the data: expected rows and targets');
  return numbers(files[0] as Uint8Array, bytes === true, columns as number);
}

function unpackTable(files: readonly Uint8Array[], { rows, columns }: NonNullable<Description['table']>): TableData {
  const texts = files.slice(columns.length);
  if (texts.length !== columns.filter((column) => column.texts).length)
    throw wrong('the data: not a file for each column');
  return {
    rows,
    columns: columns.map(({ texts: hasTexts, ...column }, c): ColumnData => {
      const { buffer, byteLength } = new Uint8Array(files[c] as Uint8Array);
      if (byteLength !== rows * (hasTexts ? 4 : 8)) throw wrong('the data: columns differ in their rows');
      if (!hasTexts) return { ...column, cells: { values: new Float64Array(buffer) } };
      const known = textsOf(texts.shift() as Uint8Array);
      const codes = new Int32Array(buffer);
      if (!codes.every((code) => code >= EMPTY && code < known.length))
        throw wrong('the data: a cell has a text that does not exist');
      return { ...column, cells: { texts: known, codes } };
    }),
  };
}

function textsOf(file: Uint8Array): string[] {
  const texts: unknown = parsed(new TextDecoder().decode(file));
  if (Array.isArray(texts) && texts.every((text) => typeof text === 'string')) return texts;
  throw wrong('the data: the texts of a column are broken');
}

/** The value of a text of JSON; undefined if it is not JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The numbers, in a copy that is aligned for them. */
function numbers(file: Uint8Array, asBytes: boolean, columns: number): Grid {
  // Not by slice: for a Buffer that is a view.
  const copy = new Uint8Array(file);
  if (!asBytes && copy.length % 4 !== 0) throw wrong('the data: not whole numbers of four bytes');
  const data = asBytes ? copy : new Float32Array(copy.buffer);
  if (data.length % columns !== 0) throw wrong(`the data: not whole rows of ${columns} columns`);
  return { data, columns };
}

const isTableDescription = (table: unknown): boolean => {
  if (!isRecord(table) || !isCount(table['rows']) || !Array.isArray(table['columns'])) return false;
  const { columns } = table as { columns: unknown[] };
  const kinds: readonly unknown[] = columnKinds;
  return (
    columns.length > 0 &&
    columns.every(
      (column) =>
        isRecord(column) &&
        typeof column['name'] === 'string' &&
        typeof column['texts'] === 'boolean' &&
        kinds.includes(column['kind']) &&
        column['texts'] === (column['holds'] === 'text'),
    )
  );
};

const BROKEN = 'the data: the description is not that of a data set';

function describe(text: string | undefined): Description {
  const value = parsed(text ?? '');
  if (isRecord(value)) {
    const { task, columns, bytes, table, classes, y, together } = value;
    if (together !== undefined && together !== 'groups' && together !== 'time') throw wrong(BROKEN);
    const sound = table === undefined ? isCount(columns) && typeof bytes === 'boolean' : isTableDescription(table);
    const labels =
      Array.isArray(classes) &&
      classes.length > 1 &&
      classes.every((label) => typeof label === 'string' || Number.isFinite(label));
    const targets = isRecord(y) && isCount(y['columns']) && typeof y['bytes'] === 'boolean';
    const complete = task === 'classification' ? labels && y === undefined : classes === undefined && targets;
    if (sound && complete && (tasks as readonly unknown[]).includes(task)) return value as unknown as Description;
  }
  throw wrong(BROKEN);
}
