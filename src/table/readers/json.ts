// Reads JSON: a list of objects, a list of lists, an object of columns; and JSON Lines, an object or a list a line.
import { isRecord, show } from '../../base/checks.js';
import { SimdenseError } from '../../base/errors.js';
import type { Columns } from '../sheet.js';
import { withLongDigits } from './json-digits.js';
import { keyed, type Parts, type Rows, rowsIn } from './json-shape.js';
import { Records, readRecords } from './objects.js';
import { type Decoding, type TextSource, textParts, wholeText } from './text-parts.js';

export function* readJson(
  source: TextSource,
  decoding: Decoding,
  columns: Columns,
  header: boolean | undefined,
): Generator<void, void> {
  const content = parsed(wholeText('readTable', source, decoding), '');
  const found: Rows | undefined = Array.isArray(content)
    ? { rows: content }
    : isRecord(content)
      ? rowsIn(content)
      : undefined;
  if (found) {
    if (found.note) columns.note(found.note);
    yield* readRecords(found.rows, columns, header);
  } else if (isRecord(content)) yield* readObject(content, columns);
  else {
    const message = `the JSON is ${show(content)}, expected a list of objects or an object of columns`;
    throw new SimdenseError('FORMAT', `readTable: ${message}`);
  }
}

/** JSON Lines. Empty lines are none. */
export function* readJsonLines(
  source: TextSource,
  decoding: Decoding,
  columns: Columns,
  header: boolean | undefined,
): Generator<void, void> {
  const records = new Records(columns, header);
  let line = 0;
  let rest = '';
  const take = (text: string): void => {
    line++;
    if (text.trim() !== '') records.add(parsed(text, `line ${line}: `));
  };
  for (const part of textParts(source, decoding)) {
    const lines = part.split('\n');
    lines[0] = rest + lines[0];
    rest = lines.pop() as string;
    for (const text of lines) take(text);
    yield;
  }
  take(rest);
  records.end();
}

function parsed(text: string, place: string): unknown {
  const json = withLongDigits(text);
  try {
    return JSON.parse(json);
  } catch (cause) {
    const { message } = cause as Error;
    throw new SimdenseError('FORMAT', `readTable: ${place || lineIn(json, message)}no JSON: ${message}`, { cause });
  }
}

/** The line of an engine's message that tells a position alone. */
function lineIn(json: string, message: string): string {
  const [, position] = /line \d/.test(message) ? [] : (/position (\d+)/.exec(message) ?? []);
  return position === undefined || !json.trim().includes('\n')
    ? ''
    : `line ${json.slice(0, Number(position)).split('\n').length}: `;
}

/** An object of rows by their names, or of columns. */
function* readObject(content: Readonly<Record<string, unknown>>, columns: Columns): Generator<void, void> {
  const parts = Object.values(content);
  const shape = parts.length > 0 && parts.every((part) => isRecord(part)) ? keyed(content as Parts) : undefined;
  if (shape?.note) columns.note(shape.note);
  if (!shape?.areRows) return readColumns(content, columns);
  // A name by which ids are known, so that it is left out.
  const name = parts.some((part) => Object.hasOwn(part as object, 'key')) ? 'row name' : 'key';
  const keys = columns.addColumn(name);
  for (const key of Object.keys(content)) keys.text(key);
  yield* readRecords(parts, columns, undefined);
}

/** An object of columns: lists, or objects by the row's name, as pandas' to_json writes them. */
function readColumns(content: Readonly<Record<string, unknown>>, columns: Columns): void {
  columns.before = 0;
  const keys = new Map<string, number>();
  for (const [name, column] of Object.entries(content)) {
    if (!Array.isArray(column) && !isRecord(column)) {
      const message = `column ${show(name)} is ${show(column)}, expected a list of cells`;
      throw new SimdenseError('FORMAT', `readTable: ${message}`);
    }
    const builder = columns.addColumn(name);
    if (Array.isArray(column)) for (const cell of column) builder.value(cell);
    else {
      for (const key of Object.keys(column)) if (!keys.has(key)) keys.set(key, keys.size);
      for (const key of keys.keys()) builder.value(Object.hasOwn(column, key) ? column[key] : null);
    }
  }
  const lengths = new Set(columns.builders.map(({ length }) => length));
  if (lengths.size > 1 && keys.size === 0) {
    const [first, second] = [...lengths];
    const message = `the columns differ in length: ${show(columns.builders[0]?.name)} has ${first} cells, another ${second}`;
    throw new SimdenseError('FORMAT', `readTable: ${message}`);
  }
}
