// Real tables, as people have them, at the command's default settings.
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { type Label, type Matrix, parseCsv, type Table } from '../../src/data/index.js';
import { type Diagnosis, diagnose } from '../../src/diagnose/index.js';
import { type FittedPipeline, fitPipeline } from '../../src/evaluate/index.js';
import { dense, type FitOptions } from '../../src/index.js';

export interface TableName {
  readonly file: string;
  readonly target: string;
  readonly task: 'classification' | 'regression';
}

const folder = new URL('../fixtures/tables/', import.meta.url).pathname;

export const tables: readonly TableName[] = readFileSync(`${folder}tables.csv`, 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.split(','))
  .map(([file, target, task]) => ({ file, target, task }) as TableName);

/** A table without the rows that have a missing cell, or, where that leaves few, without the columns that have many. */
function filled(text: string, target: string): Table {
  const table = parseCsv(text, { target, missing: 'skip' });
  const rows = text.trimEnd().split('\n').length - 1;
  if (table.x.rows > rows / 2) return table;
  const names = text
    .slice(0, text.indexOf('\n'))
    .split(',')
    .map((cell) => cell.trim().replaceAll('"', ''));
  const columns = names.filter((name) => {
    if (name === target) return false;
    return parseCsv(text, { target, columns: [name], missing: 'skip' }).x.rows >= 0.9 * rows;
  });
  return parseCsv(text, { target, columns, missing: 'skip' });
}

const read = new Map<string, { x: Matrix; y: readonly Label[] }>();

/** Numbers and labels of a table; of a whole one, where TABLES names a folder that has it. */
export function readTable({ file, target, task }: TableName, from = folder): { x: Matrix; y: readonly Label[] } {
  const path = `${from}/${file}`;
  const known = read.get(path) ?? readAnew({ file, target, task }, from);
  read.set(path, known);
  return known;
}

function readAnew({ file, target, task }: TableName, from: string): { x: Matrix; y: readonly Label[] } {
  const text = gunzipSync(readFileSync(`${from}/${file}`)).toString();
  const { x, target: y = [] } = filled(text, target);
  if (task === 'classification') return { x, y: y.map(String) };
  return { x, y };
}

export const wholeTables = (): string | undefined => {
  const { TABLES } = process.env;
  return TABLES !== undefined && existsSync(TABLES) ? TABLES : undefined;
};

/** A run as `npx simdense train` makes it, and what diagnose says of it. */
export async function runTable(
  table: TableName,
  hidden: readonly number[],
  seed: number,
  fit: FitOptions = { epochs: 200 },
  from?: string,
): Promise<{ diagnosis: Diagnosis; told: string[]; model: FittedPipeline }> {
  const { x, y } = readTable(table, from);
  const told: string[] = [];
  const diagnosis = diagnose({ onFinding: ({ code, severity }) => told.push(`${severity} ${code}`) });
  const model = await fitPipeline(
    {
      task: table.task,
      layers: hidden.map((units) => dense({ units, activation: 'relu' })),
      fit: fit as { epochs: number },
      earlyStopping: { patience: 20 },
    },
    x,
    y as readonly string[],
    { seed, callbacks: [diagnosis] },
  );
  return { diagnosis, told, model };
}
