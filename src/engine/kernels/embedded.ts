// '#kernels' wherever the runtime allows compiling: the bytes are a base64 constant, decoded inside the first call.
import base64 from '../../../dist/simdense.wasm';

export function load(): WebAssembly.Module {
  return new WebAssembly.Module(decode(base64));
}

function decode(text: string): Uint8Array<ArrayBuffer> {
  const native = Uint8Array as { fromBase64?(text: string): Uint8Array<ArrayBuffer> };
  if (native.fromBase64) return native.fromBase64(text);
  const { Buffer } = globalThis as { Buffer?: { from(text: string, encoding: string): Uint8Array<ArrayBuffer> } };
  if (Buffer) return Buffer.from(text, 'base64');
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}
