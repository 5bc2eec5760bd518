// The messages of an Arrow stream, looked at before its library does, which trusts every length in them. Fields are numbered as in
// Message.fbs and Schema.fbs of https://github.com/apache/arrow/tree/main/format.
import { show } from '../../base/checks.js';
import { SimdenseError } from '../../base/errors.js';
import { FlatTable, longAt } from './flatbuffer.js';
import { checkCells, checkExpansion } from './limits.js';

const SCHEMA = 1;
const DICTIONARY = 2;
const RECORDS = 3;
/** Version 4 of Arrow's format, of 2017. */
const V4 = 3;
const DECIMAL = 7;
/** Decimal256 has 76 digits. */
const DIGITS = 76;
/** Types of columns that no table for learning has. */
const unread: Readonly<Record<number, string>> = {
  11: 'intervals',
  14: 'a union',
  22: 'run-end encoded',
  25: 'a list view',
  26: 'a list view',
};
/** Fields of a schema, also within others. */
const MOST_FIELDS = 1e6;

export interface ArrowMessages {
  /** The bytes of each message, with its body. */
  readonly messages: readonly Uint8Array[];
  /** The compressions that are used: 0 is LZ4, 1 ZSTD. */
  readonly codecs: ReadonlySet<number>;
}

/** The messages of a stream. Throws errors of all kinds where a length is wrong, and SimdenseError 'UNSUPPORTED'. */
export function arrowMessages(bytes: Uint8Array): ArrowMessages {
  const all = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const messages: Uint8Array[] = [];
  const seen: Seen = { fields: 0, cells: 0, unpacked: 0, codecs: new Set(), bytes: bytes.length };
  let at = 0;
  while (at + 4 <= bytes.length) {
    const start = at;
    let length = all.getInt32(at, true);
    at += 4;
    // Since version 0.15 a mark stands before the length.
    if (length === -1) {
      length = all.getInt32(at, true);
      at += 4;
    }
    if (length === 0) break;
    if (length < 0 || at + length > bytes.length) throw new RangeError(`a message of ${length} bytes`);
    const head = new DataView(bytes.buffer, bytes.byteOffset + at, length);
    const message = new FlatTable(head, 0);
    const bodyLength = message.long(3);
    at += length;
    if (at + bodyLength > bytes.length) throw new RangeError(`a body of ${bodyLength} bytes`);
    checkMessage(message, new DataView(bytes.buffer, bytes.byteOffset + at, bodyLength), seen);
    at += bodyLength;
    messages.push(bytes.subarray(start, at));
  }
  return { messages, codecs: seen.codecs };
}

interface Seen {
  fields: number;
  cells: number;
  unpacked: number;
  readonly codecs: Set<number>;
  readonly bytes: number;
}

function checkMessage(message: FlatTable, body: DataView, seen: Seen): void {
  const [version, type, content] = [message.short(0), message.byte(1), message.table(2)];
  if (version < V4) throw new SimdenseError('UNSUPPORTED', 'readTable: the Arrow file is of a version before 2017');
  if (type === SCHEMA && content) {
    if (content.short(0) !== 0) throw new SimdenseError('UNSUPPORTED', 'readTable: the Arrow file is big-endian');
    checkFields(content, 1, seen);
  } else if (type === DICTIONARY) {
    const { cells, bytes } = checkBatch(content?.table(1), body, seen);
    // A category takes a bit at least, and the library makes texts of all at once.
    if (cells > 8 * bytes) throw new RangeError(`${cells} categories in ${bytes} bytes`);
  } else if (type === RECORDS) checkBatch(content, body, seen);
  else throw new Error(`a message of type ${type}`);
}

function checkFields(parent: FlatTable, number: number, seen: Seen): void {
  const { at, count } = parent.vector(number, 4);
  for (let i = 0; i < count; i++) {
    if (++seen.fields > MOST_FIELDS) throw new RangeError(`more than ${MOST_FIELDS} fields`);
    const field = new FlatTable(parent.view, at + 4 * i);
    const type = field.byte(2);
    const what = unread[type];
    if (what)
      throw new SimdenseError('UNSUPPORTED', `readTable: column ${show(field.text(0))} is ${what}, which is not read`);
    const details = field.table(3);
    if (type === DECIMAL && details && !(details.int(0) <= DIGITS && details.int(1) >= 0 && details.int(1) <= DIGITS))
      throw new RangeError(`a decimal of scale ${details.int(1)}`);
    field.vector(6, 4);
    checkFields(field, 5, seen);
  }
  // Of a schema these are its features, of a field its metadata.
  parent.vector(number === 1 ? 2 : 6, 4);
}

/** How many cells a batch has, and in how many bytes when these are decompressed. */
function checkBatch(
  batch: FlatTable | undefined,
  body: DataView,
  seen: Seen,
): { readonly cells: number; readonly bytes: number } {
  if (!batch) throw new Error('a message without content');
  const { view } = batch;
  const nodes = batch.vector(1, 16);
  let [cells, bytes] = [0, 0];
  for (let i = 0; i < nodes.count; i++) {
    cells += longAt(view, nodes.at + 16 * i);
    longAt(view, nodes.at + 16 * i + 8);
  }
  seen.cells += cells;
  checkCells('Arrow', seen.bytes, batch.long(0), 1);
  checkCells('Arrow', seen.bytes, seen.cells, 1);
  const compression = batch.table(3);
  if (compression) seen.codecs.add(compression.byte(0));
  const buffers = batch.vector(2, 16);
  for (let i = 0; i < buffers.count; i++) {
    const from = longAt(view, buffers.at + 16 * i);
    const length = longAt(view, buffers.at + 16 * i + 8);
    if (from + length > body.byteLength) throw new RangeError(`a buffer of ${length} bytes`);
    // −1: this one is not compressed.
    const packed = compression && length > 0 && body.getBigInt64(from, true) !== -1n;
    const size = packed ? longAt(body, from) : length;
    bytes += size;
    if (packed) seen.unpacked += size;
    checkExpansion('Arrow', seen.bytes, seen.unpacked);
  }
  const views = batch.vector(4, 8);
  let data = 0;
  for (let i = 0; i < views.count; i++) data += longAt(view, views.at + 8 * i);
  if (data > buffers.count) throw new RangeError(`${data} buffers of texts`);
  return { cells, bytes };
}
