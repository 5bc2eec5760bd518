// Looks at the headers of all pages of a Parquet file before its library does: a spoilt one may claim more than a memory holds.
import { checkExpansion } from './limits.js';
import { checkLevels2, checkPage1, checkValues2, type PageColumn } from './parquet-runs.js';

interface PageHeader {
  readonly compressed_page_size: number;
  readonly uncompressed_page_size: number;
  readonly data_page_header?: { readonly num_values: number; readonly encoding: string };
  readonly dictionary_page_header?: { readonly num_values: number };
  readonly data_page_header_v2?: {
    readonly encoding: string;
    readonly is_compressed?: boolean;
    readonly num_values: number;
    readonly num_nulls: number;
    readonly num_rows: number;
    readonly definition_levels_byte_length: number;
    readonly repetition_levels_byte_length: number;
  };
}

interface ColumnChunk {
  readonly codec: string;
  readonly num_values: bigint;
  readonly total_compressed_size: bigint;
  readonly data_page_offset: bigint;
  readonly dictionary_page_offset?: bigint;
}

interface Metadata {
  readonly row_groups: readonly { readonly columns: readonly { readonly meta_data?: ColumnChunk }[] }[];
}

/** A column of the schema. */
interface Node {
  readonly element: { readonly type?: string; readonly repetition_type?: string };
  readonly children: readonly Node[];
}

type Header = (reader: { readonly view: DataView; offset: number }) => PageHeader;
type Unpack = Readonly<Record<string, ((bytes: Uint8Array, size: number) => Uint8Array) | undefined>>;

/** The compressions of a file. */
export const codecsOf = ({ row_groups }: Metadata): string[] => [
  ...new Set(row_groups.flatMap(({ columns }) => columns.map(({ meta_data }) => meta_data?.codec ?? ''))),
];

/** The columns within columns, in the order in which a group has them. */
export function leavesOf(nodes: readonly Node[], definition = 0, repetition = 0): PageColumn[] {
  return nodes.flatMap(({ element, children }) => {
    const { type = '', repetition_type = 'REQUIRED' } = element;
    const deeper = definition + (repetition_type === 'REQUIRED' ? 0 : 1);
    const repeated = repetition + (repetition_type === 'REPEATED' ? 1 : 0);
    return children.length > 0
      ? leavesOf(children, deeper, repeated)
      : [{ type, definition: deeper, repetition: repeated }];
  });
}

/** Throws errors of all kinds where a page is not within its bounds. Pauses are possible between the pages. */
export function* checkPages(
  parquetHeader: Header,
  bytes: Uint8Array,
  metadata: Metadata,
  leaves: readonly PageColumn[],
  unpack: Unpack,
): Generator<void, void> {
  let unpacked = 0;
  for (const { columns } of metadata.row_groups) {
    if (columns.length !== leaves.length) throw new Error(`a group of ${columns.length} columns of ${leaves.length}`);
    for (const [c, { meta_data }] of columns.entries()) {
      if (!meta_data) throw new Error('a column without metadata');
      const { codec, num_values, total_compressed_size, data_page_offset, dictionary_page_offset } = meta_data;
      const column = leaves[c] as PageColumn;
      const from = Number(dictionary_page_offset || data_page_offset);
      const to = from + Number(total_compressed_size);
      if (!(from >= 0 && from <= to && to <= bytes.length)) throw new Error('a column beyond the end of the file');
      const reader = { view: new DataView(bytes.buffer, bytes.byteOffset + from, to - from), offset: 0 };
      let values = 0;
      while (values < Number(num_values) && reader.offset < to - from - 1) {
        const header = parquetHeader(reader);
        unpacked += within('the bytes of a page', header.uncompressed_page_size, 2 ** 31);
        checkExpansion('Parquet', bytes.length, unpacked);
        const at = from + reader.offset;
        reader.offset += within('the bytes of a page', header.compressed_page_size, to - from - reader.offset);
        values += checkHeader(header, Number(num_values) - values);
        checkContent(bytes.subarray(at, from + reader.offset), header, codec, column, unpack);
        yield;
      }
      if (values !== Number(num_values)) throw new Error(`a column of ${num_values} values has ${values}`);
    }
  }
}

/** The number of a page's values, of at most `left`. */
function checkHeader(header: PageHeader, left: number): number {
  const { data_page_header: v1, data_page_header_v2: v2, dictionary_page_header: dictionary } = header;
  // A value of a dictionary takes a bit at least, but for an empty text of no length at all.
  if (dictionary) within('the values of a dictionary', dictionary.num_values, 8 * header.uncompressed_page_size + 1);
  if (v2) {
    within('the missing values of a page', v2.num_nulls, v2.num_values);
    within('the rows of a page', v2.num_rows, v2.num_values);
    const levels = v2.definition_levels_byte_length + v2.repetition_levels_byte_length;
    within('the levels of a page', levels, Math.min(header.uncompressed_page_size, header.compressed_page_size));
  }
  const values = (v1?.num_values ?? 0) + (v2?.num_values ?? 0);
  return within('the values of a page', values, left);
}

function checkContent(packed: Uint8Array, header: PageHeader, codec: string, column: PageColumn, unpack: Unpack): void {
  const content = (bytes: Uint8Array, size: number): Uint8Array =>
    codec === 'UNCOMPRESSED' ? bytes : (unpack[codec]?.(bytes, size) ?? bytes);
  const { data_page_header: v1, data_page_header_v2: v2, dictionary_page_header: dictionary } = header;
  const { uncompressed_page_size: size } = header;
  // Unpacked only to see that it can be.
  if (dictionary) content(packed, size);
  if (v1) checkPage1(content(packed, size), v1, column);
  if (!v2) return;
  const levels = v2.definition_levels_byte_length + v2.repetition_levels_byte_length;
  checkLevels2(packed, v2.repetition_levels_byte_length, v2, column);
  const rest = packed.subarray(levels);
  checkValues2(v2.is_compressed === false || size === levels ? rest : content(rest, size - levels), v2);
}

function within(what: string, value: number, most: number): number {
  if (Number.isSafeInteger(value) && value >= 0 && value <= most) return value;
  throw new Error(`${what} are ${value}, at most ${most}`);
}
