// What a small file may become. A file that was made to fill the memory claims more; so would, seldom, an honest one.
import { SimdenseError } from '../../base/errors.js';

/** Bytes, and times the bytes of the compressed file, to which it may expand. */
const FREE_BYTES = 2 ** 26;
const TIMES = 200;
/** Cells, and cells for each byte of the file, that a file of columns may have: a column of one value takes no space. */
const FREE_CELLS = 1e7;
const CELLS_A_BYTE = 100;

/** Refuses more bytes than `packed` bytes may expand to: 64 MB, or 200 times as many. */
export function checkExpansion(what: string, packed: number, unpacked: number): void {
  const most = FREE_BYTES + TIMES * packed;
  if (unpacked <= most) return;
  const message = `the ${what} file of ${sizeOf(packed)} expands to more than ${sizeOf(most)}: decompress it first, if it is what it seems`;
  throw new SimdenseError('UNSUPPORTED', `readTable: ${message}`);
}

/** Refuses more cells than a file of so many bytes may have: 10 million, or 100 for each byte. */
export function checkCells(what: string, bytes: number, rows: number, columns: number): void {
  if (Number.isSafeInteger(rows) && rows >= 0 && rows * Math.max(columns, 1) <= FREE_CELLS + CELLS_A_BYTE * bytes)
    return;
  const message = `the ${what} file of ${sizeOf(bytes)} claims to have ${rows} rows of ${columns} column${columns === 1 ? '' : 's'}`;
  throw new SimdenseError('UNSUPPORTED', `readTable: ${message}`);
}

const sizeOf = (bytes: number): string =>
  bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} KB` : `${Math.floor(bytes / 1e6)} MB`;
