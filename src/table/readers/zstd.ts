// Decompresses ZSTD, by hyparquet-compressors.

type Decompress = (bytes: Uint8Array, into: Uint8Array) => Uint8Array;

/** What `decompress` makes of bytes that have a known size, and no more memory than that. */
export function zstdBy(decompress: Decompress): (bytes: Uint8Array, size: number) => Uint8Array {
  return (bytes, size) => {
    // The library compares what it writes to with 1, which would write all of it as a text first.
    const into = Object.defineProperty(new Uint8Array(size), 'toString', { value: () => '' });
    const out = decompress(bytes, into);
    if (out.length !== size) throw new RangeError(`ZSTD of ${out.length} bytes, expected ${size}`);
    return new Uint8Array(out.buffer, out.byteOffset, size);
  };
}
