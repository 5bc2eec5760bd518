// What is said of files that are no table, or none that is read.

/** Files by their first bytes, in Latin 1, and what is said of them. */
const known: readonly (readonly [begin: string, said: string])[] = [
  ['FEA1', 'Feather version 1 is not read; save it as version 2'],
  // Of Excel before 2007, and of xlsx with a password.
  ['\xd0\xcf\x11\xe0', 'xls files and workbooks with a password are not read; save it as xlsx'],
  ['SQLite', 'SQLite is read by readTable of simdense/node'],
  ['\x28\xb5\x2f\xfd', 'the file is compressed by zstd; decompress it first'],
  ['BZh', 'the file is compressed by bzip2; decompress it first'],
  ['\xfd7zXZ\0', 'the file is compressed by xz; decompress it first'],
  ['7z\xbc\xaf\x27\x1c', 'the file is a 7z archive; unpack it, and read what is in it'],
  ['Rar!', 'the file is a rar archive; unpack it, and read what is in it'],
  ['PK\x05\x06', 'the file is an empty zip archive'],
  ['%PDF', 'PDF is not read'],
  ...['X\n\0\0\0', 'B\n\0\0\0', 'B\n\x02\0', 'B\n\x03\0', 'RDX', 'RDB'].map(
    (begin) =>
      [
        begin,
        "R's own files, .rds and .RData, are not read; write.csv(table, 'table.csv') in R writes one that is",
      ] as const,
  ),
  ...['\x89PNG', '\xff\xd8\xff', 'GIF8', 'II*\0', 'MM\0*'].map(
    (begin) => [begin, 'the file is an image, no table'] as const,
  ),
  ...['\x80\x02', '\x80\x03', '\x80\x04\x95', '\x80\x05\x95'].map(
    (begin) => [begin, "Python's pickle is not read; to_csv or to_parquet of pandas writes a table that is"] as const,
  ),
  ['\x93NUMPY', "numpy's .npy is not read; numpy.savetxt writes a table that is"],
  ['\x89HDF', 'HDF5 is not read; to_csv or to_parquet of pandas writes a table that is'],
  ['ORC', 'ORC is not read; save it as Parquet'],
  ['Obj\x01', 'Avro is not read; save it as Parquet'],
  ['$FL', 'SPSS files are not read; save it as CSV'],
  ['<stata_dta>', 'Stata files are not read; save it as CSV'],
];
/** A text may begin with the letters of some of them. */
const files = known.map(([begin, said]) => {
  const surely = !/^[ -~]+$/.test(begin) || /^(FEA1|SQLite|%PDF|<)/.test(begin);
  return [Array.from(begin, (sign) => sign.charCodeAt(0)), said, surely] as const;
});

/** What is said of files that are recognised, and not read; undefined of others. */
export const unreadBytes = (bytes: Uint8Array): string | undefined =>
  files.find(([begin, , surely]) => begin.every((byte, i) => bytes[i] === byte) && (surely || isBinary(bytes)))?.[1];

/** Bytes that are looked at. */
const LOOKED_AT = 4096;
/** Of the bytes, how many are those of no text: of random bytes 8.6 % are. */
const [FEW, SHARE] = [4, 0.05];

/** Whether a file is no text: it has many control characters. Some that separate cells in rare files do not count. */
export function isBinary(bytes: Uint8Array): boolean {
  const looked = bytes.subarray(0, LOOKED_AT);
  const strange = looked.reduce(
    (count, byte) => count + Number((byte < 9 && byte !== 1) || (byte > 13 && byte < 27)),
    0,
  );
  return strange >= FEW && strange > SHARE * looked.length;
}

/** What is said of a text that is no table; undefined of others. */
export const unreadText = (head: string): string | undefined =>
  /^\s*<(!doctype html|html|head|body)\b/i.test(head)
    ? 'the content is a web page (HTML), no table'
    : /^\s*<\?xml\b/.test(head)
      ? 'the content is XML, which is not read'
      : undefined;
