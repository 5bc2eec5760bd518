// The options of readTable.
import { boolean, isRecord, oneOf, options, positiveInteger, refuse } from '../base/checks.js';
import { columnKinds, type Kind } from './kind.js';

export type Format = 'csv' | 'json' | 'jsonl' | 'parquet' | 'arrow' | 'xlsx';
/** What each format is called. */
export const formatNames: Readonly<Record<Format, string>> = {
  csv: 'CSV',
  json: 'JSON',
  jsonl: 'JSON Lines',
  parquet: 'Parquet',
  arrow: 'Arrow',
  xlsx: 'xlsx',
};
export const formats = Object.keys(formatNames) as readonly Format[];

export interface ReadTableOptions {
  /** The format. Default: found out from the content. */
  format?: Format;
  /**
   * The kinds of columns by name, where they are not what is found out. Of a column that is asked to be numbers, cells that are none are missing, which a
   * note of the table says, if at least half of its known cells are numbers; otherwise it is refused.
   */
  kinds?: Readonly<Record<string, Kind>>;
  /** The names of columns to leave out. They stay in the table, with the kind 'ignore'. */
  ignore?: readonly string[];
  /** CSV: the text between two cells. Default: found out among comma, semicolon, tab, | and spaces; a run of spaces is one where the rows then agree. */
  delimiter?: string;
  /** The sign before the decimals of numbers that are written as text. Default: found out, once for the whole file. */
  decimal?: '.' | ',';
  /** CSV: whether the first row names the columns. Default: true if none of its cells is a number. */
  header?: boolean;
  /**
   * More words that mean a missing cell, such as 'None', besides the empty text, 'NA', 'NaN', 'null', '?' and the like; see
   * `missingWords`. { only } replaces these: { only: [] } takes no word for missing, but the empty text. Where the source has a null of its
   * own, as JSON, objects, SQLite, Parquet and Arrow have, 'NA' and the like are texts, and missing only in a column of numbers or dates.
   */
  missing?: readonly string[] | { readonly only: readonly string[] };
  /** xlsx: the sheet, by its name, else by its number from 1. Default: the first. */
  sheet?: string | number;
  /** The order of dates such as 1/2/2000: day first, 'dmy', or month first, 'mdy'. Default: found out, where a day is above 12. */
  dates?: 'dmy' | 'mdy';
}

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string');

/** The options, each checked. */
export function checkedOptions(where: string, o: ReadTableOptions | undefined): ReadTableOptions {
  const keys = ['format', 'kinds', 'ignore', 'delimiter', 'decimal', 'header', 'missing', 'sheet', 'dates'] as const;
  const given = options(where, o, keys, theirs);
  const { format, kinds, ignore, delimiter, decimal, header, missing, sheet, dates } = given;
  if (format !== undefined)
    oneOf(`${where}: format`, format, formats, {
      jsonl: 'ndjson jsonlines',
      xlsx: 'excel xls',
      arrow: 'feather ipc',
      csv: 'tsv txt',
    });
  if (kinds !== undefined && !isRecord(kinds))
    refuse(`${where}: kinds`, "an object such as { zip: 'category' }", kinds);
  for (const [name, kind] of Object.entries(kinds ?? {}))
    oneOf(`${where}: kinds.${name}`, kind, columnKinds, kindsOfOthers);
  if (ignore !== undefined && !isTexts(ignore)) refuse(`${where}: ignore`, 'a list of names', ignore);
  const both = ignore?.find((name) => kinds && Object.hasOwn(kinds, name) && kinds[name] !== 'ignore');
  if (both !== undefined) refuse(`${where}: ignore`, 'columns that kinds does not name', both);
  if (delimiter !== undefined && (typeof delimiter !== 'string' || !/^[^"\r\n\ufeff]+$/.test(delimiter)))
    refuse(`${where}: delimiter`, 'a text such as ; without quotes and line breaks', delimiter);
  if (decimal !== undefined) oneOf(`${where}: decimal`, decimal, ['.', ',']);
  if (header !== undefined) boolean(`${where}: header`, header);
  if (missing !== undefined && !isTexts(isRecord(missing) ? missing.only : missing))
    refuse(`${where}: missing`, "a list of texts such as ['None', '-999'], or { only: [] }", missing);
  if (sheet !== undefined && typeof sheet !== 'string') positiveInteger(`${where}: sheet`, sheet);
  if (dates !== undefined) oneOf(`${where}: dates`, dates, ['dmy', 'mdy']);
  return given;
}

/** What pandas and others call them. */
const theirs = {
  kinds: 'dtype dtypes types schema columntypes',
  ignore: 'drop exclude skip usecols',
  delimiter: 'sep separator',
  missing: 'navalues na nullvalues nulls',
  sheet: 'sheetname sheets worksheet tab',
  dates: 'dayfirst dateformat',
  header: 'headers hasheader',
};
const kindsOfOthers = {
  number: 'float int integer float64 int64 numeric double',
  category: 'categorical string str object factor enum nominal',
  boolean: 'bool logical',
  date: 'datetime timestamp time datetime64',
};
