// Tables from files, as the command's options ask for them.
import { SimdenseError } from '../base/errors.js';
import { readContent } from '../node/read-table.js';
import { type Kind, type ReadTableOptions, Table } from '../table/index.js';
import { kindOf } from './checks.js';
import { type Bytes, bytesOf, isUrl, STDIN } from './files.js';
import { list, text, type Values } from './options.js';

/** A file that can be read in several ways. Its errors name it. */
export interface TableFile {
  readonly path: string;
  bytes(): Bytes;
  read(o: ReadTableOptions): Promise<Table>;
}

/** Opens what is at a path or a URL, or comes by the standard input. */
export async function openTable(path: string, values: Values): Promise<TableFile> {
  const bytes = await bytesOf(path);
  const query = text(values, 'query');
  const which = query === undefined ? {} : { query };
  return {
    path,
    bytes,
    async read(o) {
      async function* all(): AsyncGenerator<Uint8Array> {
        yield* bytes();
      }
      try {
        return byOptions(
          await readContent({ bytes: all(), ...(isUrl(path) || path === STDIN ? {} : { path }) }, o, which),
        );
      } catch (error) {
        if (error instanceof SimdenseError) error.message = inWords(error.message, path);
        throw error;
      }
    },
  };
}

/** readTable's options by the names of the command's. */
const named: Readonly<Record<string, string>> = {
  delimiter: '--delimiter',
  kinds: '--kind',
  ignore: '--ignore',
  sheet: '--sheet',
  table: '--sheet',
  query: '--query',
};

/** Names the file, and the option, instead of readTable: 'cars.csv: --ignore: …'. */
function inWords(message: string, path: string): string {
  const [, option, rest = message] =
    /^readTable(?:: ?(delimiter|kinds|ignore|sheet|table|query)\b[^:]*)?: (.*)$/s.exec(message) ?? [];
  const of = option === undefined ? '' : `${named[option]}: `;
  return `${path}: ${of}${optionsByName(rest)}`;
}

/** A key of an object in JavaScript as the name of a column. */
const nameOf = (key: string): string => key.replace(/^'(.*)'$/s, '$1').replace(/\\(['\\])/g, '$1');
const quoted = (text: string): string => (/[\s,"]/.test(text) ? JSON.stringify(text) : text);
const KEY = "([\\w$]+|'(?:[^'\\\\]|\\\\.)*')";
const KIND = new RegExp(`\\bkinds: \\{ ${KEY}: '(\\w+)' \\}`, 'g');
const WORDS = new RegExp(`\\bencode: \\{ columns: \\{ ${KEY}: \\{\\} \\} \\}`, 'g');

/** Names the options in a sentence of readTable as the command has them. */
export const optionsByName = (sentence: string): string =>
  sentence
    .replace('choose one by table, or rows by query', 'choose one by --sheet, or rows by --query')
    .replace(/\bsheet: chooses/, '--sheet chooses')
    .replace(/\bheader: true takes/, '--header yes takes')
    .replace(KIND, (_, key, kind) => `--kind ${quoted(`${nameOf(key)}=${kind}`)}`)
    .replace(WORDS, (_, key) => `--kind ${quoted(`${nameOf(key)}=text`)}`)
    .replace(/\bmissing: \['(.*?)'\]/g, (_, word) => `--missing-words ${quoted(word)}`)
    .replace(/\bdecimal: '([.,])'/g, '--decimal $1')
    .replace(/\bdates: 'dmy' or 'mdy'/g, '--dates dmy or --dates mdy')
    .replace(/parse it, and read the one that is meant: .*$/, 'give the list that is meant a file of its own')
    .replace(/\bmissing:\s\{\sonly:\s\[\]\s\}/, '--no-missing-words');

const words: Readonly<Record<string, string>> = { tab: '\t', '\\t': '\t', space: ' ' };
const delimiterOf = (given: string): string => words[given] ?? given;

/** The table, whose notes and reasons name the options as the command has them. */
function byOptions({ data }: Table): Table {
  const columns = data.columns.map((column) => ({ ...column, why: optionsByName(column.why) }));
  return new Table({ ...data, columns, ...(data.notes && { notes: data.notes.map(optionsByName) }) });
}

/** How a file is to be read. Throws SimdenseError 'ARGUMENT' for options that contradict each other. */
export function readingOf(values: Values): ReadTableOptions {
  const delimiter = text(values, 'delimiter');
  const decimal = text(values, 'decimal');
  const header = text(values, 'header');
  const none = values['no-header'] === true;
  if (none && header === 'yes') throw new SimdenseError('ARGUMENT', '--no-header: --header yes says otherwise');
  const missing = list(values, 'missing-words');
  const sheet = text(values, 'sheet');
  if (sheet !== undefined && values['query'] !== undefined)
    throw new SimdenseError('ARGUMENT', '--query: a query names its tables itself; leave out --sheet');
  return {
    ...(delimiter !== undefined && { delimiter: delimiterOf(delimiter) }),
    ...(decimal !== undefined && { decimal: decimal as ',' }),
    ...((none || header !== undefined) && { header: !none && header === 'yes' }),
    ...(missing.length > 0 && { missing }),
    ...(sheet !== undefined && { sheet }),
  };
}

/** How a file is to be read, and what its columns are. */
export function columnsOf(values: Values): ReadTableOptions {
  const kinds = list(values, 'kind').map(kindOf);
  const ignore = list(values, 'ignore');
  const dates = text(values, 'dates') as 'dmy' | undefined;
  const words = values['no-missing-words'] !== true;
  if (!words && values['missing-words'] !== undefined)
    throw new SimdenseError('ARGUMENT', '--no-missing-words: --missing-words says otherwise; leave out one of them');
  const twice = kinds.find(({ name, kind }, i) =>
    kinds.some((other, j) => j < i && other.name === name && other.kind !== kind),
  );
  if (twice)
    throw new SimdenseError('ARGUMENT', `--kind: column ${JSON.stringify(twice.name)} is said to be two kinds`);
  const both = kinds.find(({ name, kind }) => kind !== 'ignore' && ignore.includes(name));
  if (both) throw new SimdenseError('ARGUMENT', `--kind: column ${JSON.stringify(both.name)} is left out by --ignore`);
  return {
    ...readingOf(values),
    ...(kinds.length > 0 && { kinds: Object.fromEntries(kinds.map(({ name, kind }) => [name, kind as Kind])) }),
    ...(ignore.length > 0 && { ignore }),
    ...(dates && { dates }),
    ...(!words && { missing: { only: [] } }),
  };
}
