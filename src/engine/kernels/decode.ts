/**
 * Compiles kernels that are embedded as a string with one character for each byte, followed by the bytes in `end`. As base64 they would take 2.7 KB more when
 * gzipped, since base64 hides repetitions from gzip.
 */
export function loader(text: string): (end?: string) => WebAssembly.Module {
  return (end = '') => new WebAssembly.Module(decode(text + end));
}

function decode(characters: string): Uint8Array<ArrayBuffer> {
  const { Buffer } = globalThis as { Buffer?: { from(text: string, encoding: string): Uint8Array<ArrayBuffer> } };
  if (Buffer) return Buffer.from(characters, 'latin1');
  const bytes = new Uint8Array(characters.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = characters.charCodeAt(i);
  return bytes;
}
