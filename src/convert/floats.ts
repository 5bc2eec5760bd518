// Numbers of 32 bits out of the bytes of a file, which may lie at any place.

/** A copy of bytes as float32; little-endian, as every host with WebAssembly is. */
export const floatsOf = (bytes: Uint8Array): Float32Array => new Float32Array(new Uint8Array(bytes).buffer);
