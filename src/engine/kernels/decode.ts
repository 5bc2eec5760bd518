/** Loads kernels that are embedded as a string, a character each byte. As base64 they would weigh 2.7 KB more once gzipped: it hides from gzip what repeats. */
export function loader(text: string): (variant?: string) => WebAssembly.Module {
  // A runtime may reuse what it has compiled of the same bytes. A variant's are others, by a section with its name, so that it is
  // compiled anew and under the flags of now.
  return (variant = '') => {
    const section = variant && `\0${String.fromCharCode(variant.length + 1, variant.length)}${variant}`;
    return new WebAssembly.Module(decode(text + section));
  };
}

function decode(characters: string): Uint8Array<ArrayBuffer> {
  const { Buffer } = globalThis as { Buffer?: { from(text: string, encoding: string): Uint8Array<ArrayBuffer> } };
  if (Buffer) return Buffer.from(characters, 'latin1');
  const bytes = new Uint8Array(characters.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = characters.charCodeAt(i);
  return bytes;
}
