// Reads SQLite, by the runtime's own node:sqlite.
import { open } from 'node:fs/promises';
import { show } from '../base/checks.js';
import { didYouMean } from '../base/did-you-mean.js';
import { SimdenseError } from '../base/errors.js';

/** What a file of SQLite begins with. */
const MARK = 'SQLite format 3\0';

export const isSqlite = (bytes: Uint8Array): boolean =>
  Array.from(MARK).every((letter, i) => bytes[i] === letter.charCodeAt(0));

/**
 * Refuses a file that is shorter than its header says: SQLite takes its missing pages for zeros, and their rows for rows without values.
 * https://sqlite.org/fileformat2.html, 1.3.
 */
async function checkLength(path: string): Promise<void> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const bytes = new Uint8Array(100);
    await file.read(bytes, 0, 100, 0);
    const header = new DataView(bytes.buffer);
    const page = header.getUint16(16);
    const changed = header.getUint32(24) === header.getUint32(92);
    const expected = (page === 1 ? 65_536 : page) * header.getUint32(28);
    if (!changed || size >= expected) return;
    throw new SimdenseError('FORMAT', `readTable: the SQLite file is cut short: ${size} bytes of ${expected}`);
  } finally {
    await file.close();
  }
}

/** Of node:sqlite, as far as it is used. Node 22.5 has no columns() and no iterate() yet. */
interface Statement {
  setReadBigInts?(on: boolean): void;
  columns?(): readonly { readonly name: string; readonly type: string | null }[];
  iterate?(): Iterable<Row>;
  all(): readonly Row[];
}
type Row = Record<string, unknown>;
interface Database {
  prepare(sql: string): Statement;
  close(): void;
}

export interface SqliteOptions {
  /** SQLite: the table or view to read. Default: the only one. */
  table?: string;
  /** SQLite: a query whose rows are the table, such as 'SELECT a, b FROM t JOIN u USING (id)'. */
  query?: string;
}

/** The rows of a table or of a query. Throws SimdenseError. */
export async function* sqliteRows(path: string, { table, query }: SqliteOptions): AsyncGenerator<Row> {
  const Database = await loadSqlite();
  await checkLength(path);
  let database: Database | undefined;
  try {
    database = new Database(path, { readOnly: true });
    const statement = prepared(
      database,
      query ?? `SELECT * FROM "${chosen(database, table).replaceAll('"', '""')}"`,
      query,
    );
    statement.setReadBigInts?.(true);
    const booleans = booleansOf(statement.columns?.() ?? []);
    for (const row of statement.iterate?.() ?? statement.all()) {
      for (const name of booleans) row[name] = booleanOf(row[name]);
      yield row;
    }
  } catch (cause) {
    if (cause instanceof SimdenseError) throw cause;
    throw new SimdenseError('FORMAT', `readTable: the SQLite file cannot be read: ${(cause as Error).message}`, {
      cause,
    });
  } finally {
    database?.close();
  }
}

async function loadSqlite(): Promise<new (path: string, o: { readOnly: boolean }) => Database> {
  try {
    const { DatabaseSync } = await import('node:sqlite' as string);
    return DatabaseSync;
  } catch (cause) {
    const message =
      'this runtime has no node:sqlite, which reads SQLite; Node has it from 22.13 on, and 22.5 with --experimental-sqlite';
    throw new SimdenseError('UNSUPPORTED', `readTable: ${message}`, { cause });
  }
}

/** The table that is asked for, or the only one. */
function chosen(database: Database, table: string | undefined): string {
  const sql =
    "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
  const names = database
    .prepare(sql)
    .all()
    .map(({ name }) => String(name));
  const [only] = names;
  if (table === undefined && only !== undefined && names.length === 1) return only;
  if (table !== undefined && names.includes(table)) return table;
  const known = names.length === 0 ? 'the file has no tables' : `there are ${names.map(show).join(', ')}`;
  const message =
    table === undefined
      ? `${known}: choose one by table, or rows by query`
      : `table: there is no table ${show(table)}; ${known}${didYouMean(table, names)}`;
  throw new SimdenseError('ARGUMENT', `readTable: ${message}`);
}

function prepared(database: Database, sql: string, query: string | undefined): Statement {
  try {
    return database.prepare(sql);
  } catch (cause) {
    if (query === undefined) throw cause;
    throw new SimdenseError('ARGUMENT', `readTable: query: ${(cause as Error).message}`, { cause });
  }
}

/** The names of columns that are declared as booleans: SQLite keeps 0 and 1. A name that comes twice would lose a column. */
function booleansOf(columns: readonly { readonly name: string; readonly type: string | null }[]): string[] {
  const names = columns.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new SimdenseError('ARGUMENT', `readTable: query: two columns are called ${show(twice)}; name them by AS`);
  return columns.filter(({ type }) => /^bool/i.test(type ?? '')).map(({ name }) => name);
}

const booleanOf = (cell: unknown): unknown =>
  cell === 0n || cell === 0 ? false : cell === 1n || cell === 1 ? true : cell;
