/**
 * The bits that are flipped in each byte of embedded kernels. The commonest bytes of SIMD code are above 127, which UTF-8 stores in two bytes; flipped they are below.
 * Of all masks this one gzips best: it saves 0.4 KB.
 */
export const MASK = 0x3c;
/** The mask of four bytes. */
const WORD = MASK * 0x01010101;

/**
 * Compiles kernels that are embedded as a string with one character for each byte, its bits flipped by MASK, followed by the bytes in `end` as they are. As base64 they
 * would take 3 KB more when gzipped, since base64 hides repetitions from gzip.
 */
export function loader(text: string): (end?: string) => WebAssembly.Module {
  return (end = '') => new WebAssembly.Module(decode(text, end));
}

function decode(text: string, end: string): Uint8Array<ArrayBuffer> {
  const bytes = bytesOf(text + end);
  // By words: a cold start runs this before anything is compiled, and byte by byte it would take 0.7 ms.
  const words = new Int32Array(bytes.buffer, 0, text.length >> 2);
  for (let i = 0; i < words.length; i++) (words[i] as number) ^= WORD;
  for (let i = words.length * 4; i < text.length; i++) (bytes[i] as number) ^= MASK;
  return bytes;
}

/** The bytes, from the beginning of a buffer of their own. */
function bytesOf(characters: string): Uint8Array<ArrayBuffer> {
  const { Buffer } = globalThis as { Buffer?: { from(text: string, encoding: string): Uint8Array } };
  if (Buffer) return new Uint8Array(Buffer.from(characters, 'latin1'));
  const bytes = new Uint8Array(characters.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = characters.charCodeAt(i);
  return bytes;
}
