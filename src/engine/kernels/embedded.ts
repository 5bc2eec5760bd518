// '#kernels' wherever the runtime allows compiling: the bytes are a string constant, a character each, decoded inside the first call. As
// base64 they would weigh 2.7 KB more once gzipped: it hides from gzip what repeats.
import text from '../../../dist/simdense.wasm';

export function load(): WebAssembly.Module {
  return new WebAssembly.Module(decode(text));
}

function decode(characters: string): Uint8Array<ArrayBuffer> {
  const { Buffer } = globalThis as { Buffer?: { from(text: string, encoding: string): Uint8Array<ArrayBuffer> } };
  if (Buffer) return Buffer.from(characters, 'latin1');
  const bytes = new Uint8Array(characters.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = characters.charCodeAt(i);
  return bytes;
}
