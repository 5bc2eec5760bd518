// Looks at the headers of all pages of a Parquet file before its library does: a spoilt one may claim more than a memory holds.
import { checkExpansion } from './limits.js';

interface PageHeader {
  readonly compressed_page_size: number;
  readonly uncompressed_page_size: number;
  readonly data_page_header?: { readonly num_values: number };
  readonly dictionary_page_header?: { readonly num_values: number };
  readonly data_page_header_v2?: {
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

interface Library {
  parquetHeader(reader: { readonly view: DataView; offset: number }): PageHeader;
}

/** The compressions that need a library. Throws errors of all kinds where a page is not within its bounds. */
export function checkPages({ parquetHeader }: Library, bytes: Uint8Array, metadata: Metadata): string[] {
  const codecs = new Set<string>();
  let unpacked = 0;
  for (const { meta_data } of metadata.row_groups.flatMap(({ columns }) => columns)) {
    if (!meta_data) throw new Error('a column without metadata');
    const { codec, num_values, total_compressed_size, data_page_offset, dictionary_page_offset } = meta_data;
    if (codec !== 'UNCOMPRESSED' && codec !== 'SNAPPY') codecs.add(codec);
    const from = Number(dictionary_page_offset || data_page_offset);
    const to = from + Number(total_compressed_size);
    if (!(from >= 0 && from <= to && to <= bytes.length)) throw new Error('a column beyond the end of the file');
    const reader = { view: new DataView(bytes.buffer, bytes.byteOffset + from, to - from), offset: 0 };
    let values = 0;
    while (values < Number(num_values) && reader.offset < to - from - 1) {
      const header = parquetHeader(reader);
      unpacked += within('the bytes of a page', header.uncompressed_page_size, 2 ** 31);
      checkExpansion('Parquet', bytes.length, unpacked);
      reader.offset += within('the bytes of a page', header.compressed_page_size, to - from - reader.offset);
      const { data_page_header: v1, data_page_header_v2: v2, dictionary_page_header: dictionary } = header;
      // A value of a dictionary takes a byte at least, but for an empty text of no length at all.
      if (dictionary)
        within('the values of a dictionary', dictionary.num_values, 8 * header.uncompressed_page_size + 1);
      if (v1) values += within('the values of a page', v1.num_values, Number(num_values) - values);
      if (!v2) continue;
      values += within('the values of a page', v2.num_values, Number(num_values) - values);
      within('the missing values of a page', v2.num_nulls, v2.num_values);
      within('the rows of a page', v2.num_rows, v2.num_values);
      const levels = v2.definition_levels_byte_length + v2.repetition_levels_byte_length;
      within('the levels of a page', levels, Math.min(header.uncompressed_page_size, header.compressed_page_size));
    }
    if (values !== Number(num_values)) throw new Error(`a column of ${num_values} values has ${values}`);
  }
  return [...codecs];
}

function within(what: string, value: number, most: number): number {
  if (Number.isSafeInteger(value) && value >= 0 && value <= most) return value;
  throw new Error(`${what} are ${value}, at most ${most}`);
}
