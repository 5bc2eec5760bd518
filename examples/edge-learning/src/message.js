// Plain data as bytes: the length of the JSON, the JSON, in which a typed array is its type and number of bytes, and then all of these bytes.

const types = { Float32Array, Uint8Array };

export function pack(value) {
  const arrays = [];
  const json = JSON.stringify(value, (_, part) => {
    if (!ArrayBuffer.isView(part)) return part;
    arrays.push(part);
    return { $typed: part.constructor.name, bytes: part.byteLength };
  });
  const text = new TextEncoder().encode(json);
  const bytes = new Uint8Array(arrays.reduce((sum, { byteLength }) => sum + byteLength, 4 + text.length));
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(text, 4);
  let at = 4 + text.length;
  for (const { buffer, byteOffset, byteLength } of arrays) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += byteLength;
  }
  return bytes;
}

/** What pack was given, from an ArrayBuffer. */
export function unpack(buffer) {
  const end = 4 + new DataView(buffer).getUint32(0, true);
  let at = end;
  return JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, end - 4)), (_, part) => {
    if (!Object.hasOwn(types, part?.$typed ?? '')) return part;
    const from = at;
    at += part.bytes;
    return new types[part.$typed](buffer.slice(from, at));
  });
}
