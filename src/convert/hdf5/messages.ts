// The messages of object headers in HDF5 files (IV.A of the format), of both versions.
import type { Bytes } from './bytes.js';

export interface Message {
  readonly type: number;
  readonly at: number;
  readonly size: number;
}

/** The numbers of the messages that are read here, and of those that show what is not. */
export const kinds = {
  dataspace: 0x01,
  linkInfo: 0x02,
  dataType: 0x03,
  link: 0x06,
  externalFiles: 0x07,
  layout: 0x08,
  filters: 0x0b,
  attribute: 0x0c,
  continuation: 0x10,
  symbolTable: 0x11,
  attributeInfo: 0x15,
} as const;

interface Block {
  readonly from: number;
  readonly to: number;
}

export function messagesOf(bytes: Bytes, address: number): Message[] {
  bytes.count();
  const isFirst = bytes.byte(address) === 1;
  return isFirst ? firstVersion(bytes, address) : secondVersion(bytes, address);
}

function firstVersion(bytes: Bytes, address: number): Message[] {
  const length = bytes.int(address + 8);
  return collect(bytes, [{ from: address + 16, to: address + 16 + length }], 8, (at) => ({
    type: bytes.short(at),
    size: bytes.short(at + 2),
    flags: bytes.byte(at + 4),
  }));
}

function secondVersion(bytes: Bytes, address: number): Message[] {
  bytes.expect(address, 'OHDR');
  const flags = bytes.byte(address + 5);
  const at = address + 6 + (flags & 0x20 ? 16 : 0) + (flags & 0x10 ? 4 : 0);
  const from = at + 2 ** (flags & 3);
  const to = from + bytes.sized(at, flags & 3);
  const head = flags & 4 ? 6 : 4;
  return collect(
    bytes,
    [{ from, to }],
    head,
    (at) => ({ type: bytes.byte(at), size: bytes.short(at + 1), flags: bytes.byte(at + 3) }),
    // The signature OCHK and a checksum are around the messages.
    4,
  );
}

/** Reads the messages of blocks, which may lead to more blocks. */
function collect(
  bytes: Bytes,
  blocks: Block[],
  head: number,
  read: (at: number) => { type: number; size: number; flags: number },
  around = 0,
): Message[] {
  const messages: Message[] = [];
  for (let block = blocks.shift(); block; block = blocks.shift()) {
    for (let at = block.from; at + head <= block.to; ) {
      bytes.count();
      const { type, size, flags } = read(at);
      const message = { type, at: at + head, size };
      if (message.at + size > block.to) throw bytes.broken(`a message of ${size} bytes`);
      if (flags & 2 && Object.values<number>(kinds).includes(type)) throw bytes.unsupported('shared messages');
      if (type === kinds.continuation) {
        const [from, length] = [bytes.long(message.at), bytes.long(message.at + 8)];
        blocks.push({ from: from + around, to: from + length - around });
      } else messages.push(message);
      at = message.at + size;
    }
  }
  return messages;
}
