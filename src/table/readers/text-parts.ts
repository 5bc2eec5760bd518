// A file's text in parts: a file of more than 512 MB is no single string in any runtime.
import { SimdenseError } from '../../base/errors.js';

/** A text, or a file's bytes in order, whose text can be read more than once. */
export type TextSource = string | readonly Uint8Array[];

/** Characters, or bytes, of a part. */
const PART = 2 ** 18;

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

function* partsOf(source: readonly Uint8Array[]): Generator<Uint8Array> {
  for (const bytes of source) for (let at = 0; at < bytes.length; at += PART) yield bytes.subarray(at, at + PART);
}

/** The text in parts, without a byte order mark. Throws NoUtf8. */
export function* textParts(source: TextSource, { encoding }: Decoding): Generator<string> {
  if (typeof source === 'string') {
    for (let at = source.startsWith('\uFEFF') ? 1 : 0; at < source.length; at += PART)
      yield source.slice(at, at + PART);
    return;
  }
  const decoder = new TextDecoder(encoding, { fatal: encoding === 'utf-8' });
  for (const part of partsOf(source)) yield decoded(decoder, part);
  yield decoded(decoder);
}

function decoded(decoder: TextDecoder, part?: Uint8Array): string {
  try {
    return part ? decoder.decode(part, { stream: true }) : decoder.decode();
  } catch (cause) {
    throw new NoUtf8('', { cause });
  }
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
