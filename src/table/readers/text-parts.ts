// A file's text in parts: a file of more than 512 MB is no single string in any runtime.
import { SimdenseError } from '../../base/errors.js';
import { joined } from './joined.js';

/** A text, or a file's bytes in order, whose text can be read more than once. */
export type TextSource = string | readonly Uint8Array[];

/** Characters, or bytes, of a part. */
const PART = 2 ** 18;
const NEWLINE = 10;

export interface Decoding {
  readonly encoding: 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';
  /** What is said of it; undefined of UTF-8. */
  readonly note?: string;
}

/** What is read where a file is no UTF-8: every byte is a character of it. */
export const latin: Decoding = {
  encoding: 'windows-1252',
  note: 'The file is no UTF-8, and is read as windows-1252 (Latin 1).',
};

/** Thrown where a file turns out to be no UTF-8. */
export class NoUtf8 extends Error {}

/** The encoding of a file: by its mark, by the zeros of UTF-16, or UTF-8. */
export function decodingOf(source: TextSource): Decoding {
  if (typeof source === 'string') return { encoding: 'utf-8' };
  const [first = new Uint8Array()] = source;
  const [a, b] = first;
  const marked = a === 0xff && b === 0xfe ? 'utf-16le' : a === 0xfe && b === 0xff ? 'utf-16be' : undefined;
  const utf16 = marked ?? zerosOf(first);
  if (utf16) return { encoding: utf16, note: `The file is ${utf16.toUpperCase()}.` };
  return { encoding: 'utf-8' };
}

function zerosOf(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  const looked = Math.min(bytes.length, 256) & ~1;
  let [even, odd] = [0, 0];
  for (let i = 0; i < looked; i += 2) {
    if (bytes[i] === 0) even++;
    if (bytes[i + 1] === 0) odd++;
  }
  if (odd > looked / 4 && even === 0) return 'utf-16le';
  return even > looked / 4 && odd === 0 ? 'utf-16be' : undefined;
}

/** The text in parts, without a byte order mark. Throws NoUtf8. */
export function* textParts(source: TextSource, { encoding }: Decoding): Generator<string> {
  if (typeof source === 'string') {
    for (let at = source.startsWith('\uFEFF') ? 1 : 0; at < source.length; at += PART)
      yield source.slice(at, at + PART);
  } else if (encoding === 'utf-8') yield* utf8Parts(source);
  else {
    const decoder = new TextDecoder(encoding);
    for (const bytes of source)
      for (let at = 0; at < bytes.length; at += PART)
        yield decoder.decode(bytes.subarray(at, at + PART), { stream: true });
    yield decoder.decode();
  }
}

/**
 * UTF-8 in parts that end where a line does, if there is one: then hardly a row goes through a cut. Each part is decoded by itself, which
 * runtimes do several times as fast as a stream.
 */
function* utf8Parts(source: readonly Uint8Array[]): Generator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let left = new Uint8Array();
  let first = true;
  for (const [i, block] of source.entries()) {
    const bytes = left.length > 0 ? joined([left, block]) : block;
    const ends = i === source.length - 1;
    let at = 0;
    while (at < bytes.length) {
      const end =
        ends && bytes.length - at <= PART ? bytes.length : cutOf(bytes, at, Math.min(at + PART, bytes.length));
      if (end === at) break;
      let part: string;
      try {
        part = decoder.decode(bytes.subarray(at, end));
      } catch (cause) {
        throw new NoUtf8('', { cause });
      }
      yield first && part.startsWith('\uFEFF') ? part.slice(1) : part;
      first = false;
      at = end;
    }
    left = bytes.slice(at);
  }
}

/** A place up to `end` after a line break, or else before a character. */
function cutOf(bytes: Uint8Array, at: number, end: number): number {
  const newline = bytes.subarray(at, end).lastIndexOf(NEWLINE);
  if (newline >= 0) return at + newline + 1;
  let cut = end;
  // The bytes of a character after its first: at most three, or it is no UTF-8.
  for (let back = 0; back < 3 && cut > at && ((bytes[cut - 1] as number) & 0xc0) === 0x80; back++) cut--;
  const lead = bytes[cut - 1] as number;
  const length = lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  return cut - 1 + length <= end ? end : cut - 1;
}

/** Characters of a beginning. */
const HEAD = 2 ** 16;

export interface Head {
  /** The beginning of a text. */
  readonly text: string;
  /** Whether that is all of it. */
  readonly whole: boolean;
}

/** The beginning of a text: its first parts, until they have so many characters. */
export function headOf(source: TextSource, decoding: Decoding, characters = HEAD): Head {
  let text = '';
  for (const part of textParts(source, decoding)) {
    if (text.length >= characters && part !== '') return { text, whole: false };
    text += part;
  }
  return { text, whole: true };
}

/** The whole text. Throws SimdenseError 'UNSUPPORTED' if it is longer than a string can be. */
export function wholeText(where: string, source: TextSource, decoding: Decoding): string {
  const parts = [...textParts(source, decoding)];
  try {
    return parts.join('');
  } catch (cause) {
    const message = 'the file is too large for one text; JSON Lines and CSV are read in parts';
    throw new SimdenseError('UNSUPPORTED', `${where}: ${message}`, { cause });
  }
}
