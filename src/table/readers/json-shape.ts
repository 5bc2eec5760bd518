// What the parts of a JSON object are: rows, columns, or something beside a list of rows.
import { isRecord, show } from '../../base/checks.js';
import { SimdenseError } from '../../base/errors.js';

type Content = Readonly<Record<string, unknown>>;
export type Parts = Readonly<Record<string, Content>>;

export interface Rows {
  readonly rows: readonly unknown[];
  /** What is said of the choice. */
  readonly note?: string;
}

const areRecords = (part: unknown): part is readonly Content[] =>
  Array.isArray(part) && part.length > 0 && part.every((each) => isRecord(each));

/** The rows of an object that holds them in a part; undefined if it holds none. Throws SimdenseError 'FORMAT' for an object with several lists of objects. */
export function rowsIn(content: Content): Rows | undefined {
  const { data, columns } = content;
  // pandas' to_json(orient: 'split').
  if (Array.isArray(data) && Array.isArray(columns) && data.every(Array.isArray)) return { rows: [columns, ...data] };
  const names = Object.keys(content);
  const lists = names.filter((name) => areRecords(content[name]));
  const [list] = lists;
  if (list !== undefined && lists.length === 1) {
    const others = names.filter((name) => name !== list);
    const note = `The rows are the list ${show(list)} of an object; ${some(others)} beside it ${others.length === 1 ? 'is' : 'are'} left out.`;
    return { rows: content[list] as readonly Content[], ...(others.length > 0 && { note }) };
  }
  // A column of objects is as long as the others.
  const lengths = new Set(names.map((name) => (Array.isArray(content[name]) ? content[name].length : -1)));
  if (list !== undefined && (lengths.size > 1 || lengths.has(-1))) {
    const longest = lists.reduce((a, b) => (lengthOf(content[b]) > lengthOf(content[a]) ? b : a));
    const said = lists.length > 3 ? `${lists.length} lists of objects, such as` : `${lists.length} lists of objects,`;
    const message = `the JSON is an object with ${said} ${some(lists)}; parse it, and read the one that is meant: readTable(JSON.parse(text)[${JSON.stringify(longest)}])`;
    throw new SimdenseError('FORMAT', `readTable: ${message}`);
  }
  return names.length > 0 && names.every((name) => Object(content[name]) !== content[name])
    ? { rows: [content] }
    : undefined;
}

const lengthOf = (list: unknown): number => (list as readonly unknown[]).length;

const some = (names: readonly string[]): string =>
  names.length > 3 ? `${show(names[0])} and ${names.length - 1} more` : names.map(show).join(' and ');

export interface Keyed {
  /** Whether each key is a row; else each is a column. */
  readonly areRows: boolean;
  /** What is said where it is not plain. */
  readonly note?: string;
}

const isNumbered = (keys: readonly string[]): boolean => keys.every((key) => /^\d+$/.test(key));

/**
 * Whether the keys of an object of objects are rows, as pandas' orient 'index' writes them, or columns, as its orient 'columns' does. Columns
 * that pandas writes all have the same keys, mostly numbers; otherwise what has one type each, and then what there is less of, are columns.
 */
export function keyed(parts: Parts): Keyed {
  const outer = Object.keys(parts);
  const inner = new Map<string, number>();
  for (const key of outer)
    for (const name of Object.keys(parts[key] as Content)) inner.set(name, (inner.get(name) ?? 0) + 1);
  const names = [...inner.keys()];
  if (outer.length < 2 || isNumbered(names)) return { areRows: false };
  const rows = {
    areRows: true,
    note: 'Each key of the JSON object is taken for a row, and the first column has the keys.',
  };
  const columns = {
    areRows: false,
    note: 'Each key of the JSON object is taken for a column, and what is in it for rows.',
  };
  if (isNumbered(outer)) return rows;
  if ([...inner.values()].some((count) => count < outer.length)) return rows;
  const [oneEachKey, oneEachName] = [
    outer.every((key) => isOfOneType(Object.values(parts[key] as Content))),
    names.every((name) => isOfOneType(outer.map((key) => parts[key]?.[name]))),
  ];
  if (oneEachKey !== oneEachName) return oneEachKey ? columns : rows;
  return outer.length > names.length ? rows : columns;
}

/** Whether the cells that are there are all texts, or all numbers, and so on. */
function isOfOneType(cells: readonly unknown[]): boolean {
  let type: string | undefined;
  for (const cell of cells) {
    if (cell === null || cell === undefined) continue;
    type ??= typeof cell;
    if (typeof cell !== type) return false;
  }
  return true;
}
