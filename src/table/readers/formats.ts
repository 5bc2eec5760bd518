// Which format a file has, and who reads it.
import type { Format } from '../options.js';
import type { Reader } from './reader.js';

/** The readers of files that are no text. Each is loaded when such a file comes. */
export const readers: { readonly [F in Exclude<Format, 'csv' | 'json' | 'jsonl'>]: () => Promise<Reader> } = {
  parquet: async () => (await import('./parquet.js')).readParquet,
  arrow: async () => (await import('./arrow.js')).readArrow,
  xlsx: async () => (await import('./xlsx/xlsx.js')).readXlsx,
};

const startsWith = (bytes: Uint8Array, ...begin: number[]): boolean => begin.every((byte, i) => bytes[i] === byte);

/** The format of a file that is no text, by its first bytes; undefined for a text. */
export function formatOfBytes(bytes: Uint8Array): Format | undefined {
  // 'PAR1'
  if (startsWith(bytes, 0x50, 0x41, 0x52, 0x31)) return 'parquet';
  // 'ARROW1', and Arrow's stream.
  if (startsWith(bytes, 0x41, 0x52, 0x52, 0x4f, 0x57, 0x31) || startsWith(bytes, 0xff, 0xff, 0xff, 0xff))
    return 'arrow';
  // A zip file.
  return startsWith(bytes, 0x50, 0x4b, 0x03, 0x04) ? 'xlsx' : undefined;
}

/** What is said of a text that is the place of a file, and not what is in it; undefined of others. */
export const placeText = (text: string): string | undefined =>
  text.length < 4096 &&
  /^(https?|file):\/\/\S+$|^[^\s,;|"{}[\]][^\r\n,;\t|"{}[\]]*\.(csv|tsv|tab|txt|jsonl?|ndjson|parquet|arrow|feather|xlsx|sqlite3?|db)(\.gz)?$/i.test(
    text.trim(),
  )
    ? 'is a path or a URL, and here the content of a file is read: readTable of simdense/node reads files and URLs'
    : undefined;

/** Whether bytes are compressed by gzip. */
export const isGzip = (bytes: Uint8Array): boolean => startsWith(bytes, 0x1f, 0x8b);

/** The format of a text, by its beginning. */
export function formatOfText(head: string): 'csv' | 'json' | 'jsonl' {
  const first = /^\s*([[{])/.exec(head)?.[1];
  if (first === undefined) return 'csv';
  const text = head.trimStart();
  const newline = text.search(/[\r\n]/);
  // Blank lines are none.
  const next = newline < 0 ? '' : text.slice(newline).trimStart();
  if (!/^[[{]/.test(next) || !isJson(text.slice(0, newline))) return isHeaderOfCsv(head) ? 'csv' : 'json';
  return 'jsonl';
}

/** A CSV file may begin with a bracket: "[id],name". */
const isHeaderOfCsv = (head: string): boolean => /^\s*\[[^"'{}[\]\d][^"'{}[\]]*\][,;\t|]/.test(head);

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
