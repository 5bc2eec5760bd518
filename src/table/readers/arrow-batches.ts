// The cells of an Arrow file's batches, looked at before they are read: a library takes what lies behind an array's end for missing.

/** A batch of a column, as flechette gives it. */
export interface ArrowBatch {
  readonly length: number;
  readonly nullCount: number;
  readonly type: { readonly typeId: number; readonly stride?: number; readonly bitWidth?: number };
  readonly validity?: Uint8Array;
  readonly values?: ArrayLike<unknown> & { readonly byteLength: number };
  readonly offsets?: Int32Array | BigInt64Array;
  readonly children?: readonly ArrowBatch[];
  readonly dictionary?: { readonly data: readonly ArrowBatch[]; readonly length: number };
  readonly source?: ArrowBatch;
}

const [BOOL, FIXED_BINARY, FIXED_LIST] = [6, 15, 16];
const DECIMAL = 7;
const VIEWS = [23, 24];
const STRUCT = 13;

/** Throws where a batch has more cells than its arrays. */
export function checkArrowBatch(batch: ArrowBatch): void {
  const { length, nullCount, type, validity, values, offsets, children = [], dictionary } = batch;
  const need = (what: string, has: number | undefined, wanted: number): void => {
    if (has === undefined || has < wanted) throw new RangeError(`${what} of ${has} items for ${wanted}`);
  };
  if (nullCount > 0 && validity && validity.length > 0) need('missing cells', 8 * validity.length, length);
  if (offsets && length > 0) {
    need('offsets', offsets.length, length + 1);
    checkOffsets(offsets, length, children[0]?.length ?? values?.byteLength ?? 0);
  } else if (VIEWS.includes(type.typeId)) need('texts', values?.byteLength, 16 * length);
  else if (type.typeId === FIXED_BINARY) need('bytes', values?.byteLength, length * (type.stride ?? 0));
  else if (type.typeId === BOOL) need('booleans', values && 8 * values.byteLength, length);
  else if (type.typeId === DECIMAL) need('decimals', values && 8 * values.byteLength, length * (type.bitWidth ?? 0));
  else if (values) need('cells', values.length, length);
  if (type.typeId === FIXED_LIST) need('cells of lists', children[0]?.length, length * (type.stride ?? 0));
  for (const child of children) {
    if (type.typeId === STRUCT) need('cells of a struct', child.length, length);
    checkArrowBatch(child);
  }
  if (dictionary && values) checkCodes(values, length, dictionary.length, nullCount > 0);
}

function checkOffsets(offsets: Int32Array | BigInt64Array, length: number, most: number): void {
  let last = 0;
  for (let i = 0; i <= length; i++) {
    const offset = Number(offsets[i]);
    if (!(offset >= last && offset <= most)) throw new RangeError(`an offset of ${offset}`);
    last = offset;
  }
}

function checkCodes(codes: ArrayLike<unknown>, length: number, most: number, missing: boolean): void {
  if (missing) return;
  for (let i = 0; i < length; i++) {
    const code = Number(codes[i]);
    if (!(code >= 0 && code < most)) throw new RangeError(`code ${code} of ${most} categories`);
  }
}
