// Looks at the runs of a Parquet page before its library does, which repeats a value as often as a run says, up to 2³¹ times:
// https://github.com/apache/parquet-format/blob/master/Encodings.md.

/** Values that a run may have beyond those that are left: bits are packed in groups of 8, of which some programs write up to 63. */
const BEYOND = 504;

/** What is known of the page's column. */
export interface PageColumn {
  readonly type: string;
  /** The deepest levels. */
  readonly definition: number;
  readonly repetition: number;
}

interface Values {
  readonly encoding: string;
  readonly num_values: number;
}

/** Throws a RangeError where runs have more values than a page of version 1, whose bytes are decompressed. */
export function checkPage1(bytes: Uint8Array, { encoding, num_values }: Values, column: PageColumn): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  for (const level of [column.repetition, column.definition]) {
    if (level === 0) continue;
    checkRuns(view, at + 4, widthOf(level), num_values);
    at += 4 + view.getUint32(at, true);
  }
  checkValues1(view, at, encoding, num_values, column);
}

/** The same for the levels of a page of version 2. */
export function checkLevels2(
  bytes: Uint8Array,
  repetitionBytes: number,
  { num_values }: Values,
  { definition, repetition }: PageColumn,
): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (repetition > 0) checkRuns(view, 0, widthOf(repetition), num_values);
  if (definition > 0) checkRuns(view, repetitionBytes, widthOf(definition), num_values);
}

/** The same for the values of a page of version 2, decompressed. The library tells by the encoding alone what they are, and repeats what takes no bits, too. */
export function checkValues2(bytes: Uint8Array, { encoding, num_values }: Values): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.byteLength === 0) return;
  if (encoding === 'RLE') checkRuns(view, 4, 1, num_values);
  else if (/DICTIONARY/.test(encoding)) checkRuns(view, 1, indexWidth(view, 0), num_values);
}

/** The values of a page of version 1: the library tells booleans by their column. */
function checkValues1(view: DataView, at: number, encoding: string, values: number, { type }: PageColumn): void {
  if (!/DICTIONARY|^RLE$/.test(encoding) || at >= view.byteLength) return;
  if (type === 'BOOLEAN') checkRuns(view, at + 4, 1, values);
  else {
    const width = indexWidth(view, at);
    if (width > 0) checkRuns(view, at + 1, width, values);
  }
}

/** The bits of an index of a dictionary. */
function indexWidth(view: DataView, at: number): number {
  const width = view.getUint8(at);
  if (width > 32) throw new RangeError(`indices of ${width} bits`);
  return width;
}

const widthOf = (level: number): number => 32 - Math.clz32(level);

function checkRuns(view: DataView, from: number, width: number, values: number): void {
  let at = from;
  let left = values;
  while (left > 0 && at < view.byteLength) {
    let [header, shift, byte] = [0, 0, 0];
    do {
      byte = view.getUint8(at++);
      header |= (byte & 0x7f) << shift;
      shift += 7;
    } while (byte & 0x80);
    const packed = (header & 1) === 1;
    // Bits are packed in groups of 8, and a count is read with its sign by the library.
    const count = packed ? (header >> 1) * 8 : header >>> 1;
    if (count < 0 || count > left + BEYOND) throw new RangeError(`a run of ${count} values, where ${left} are left`);
    at += packed ? (count / 8) * width : (width + 7) >> 3;
    left -= count;
  }
}
