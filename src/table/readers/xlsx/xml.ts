// The tags and texts of an XML file, as far as spreadsheets have them: prefixes of names are left out, and no document types are read.

export interface XmlHandler {
  /** `attribute` gives an attribute of the tag by its name, without a prefix. */
  open(name: string, attribute: (name: string) => string | undefined): void;
  close(name: string): void;
  text(text: string): void;
}

/** Reads a file part by part. Pauses are possible between the steps. Throws errors of all kinds for what is no XML. */
export function* readXml(parts: Iterable<Uint8Array>, handler: XmlHandler): Generator<void, void> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  for (const bytes of parts)
    for (let at = 0; at < bytes.length; at += PART) {
      const text = rest + decoder.decode(bytes.subarray(at, at + PART), { stream: true });
      rest = text.slice(takeTags(text, handler));
      if (rest.length > MOST) throw new RangeError('a tag or a text that does not end');
      yield;
    }
  decoder.decode();
  if (rest.trim() !== '') throw new RangeError('the XML breaks off');
}

/** Bytes that are read at a time, and characters that a tag or a text has at most. A cell of Excel has at most 32,767. */
const PART = 2 ** 16;
const MOST = 2 ** 22;

/** Takes all whole tags and the texts before them, and returns where they end. */
function takeTags(text: string, handler: XmlHandler): number {
  let at = 0;
  for (;;) {
    const start = text.indexOf('<', at);
    if (start < 0) return at;
    if (text.startsWith('<!--', start) || text.startsWith('<![CDATA[', start)) {
      const isComment = text[start + 2] === '-';
      const end = text.indexOf(isComment ? '-->' : ']]>', start);
      if (end < 0) return at;
      if (start > at) handler.text(unescaped(text.slice(at, start)));
      if (!isComment) handler.text(text.slice(start + 9, end));
      at = end + 3;
      continue;
    }
    const end = endOfTag(text, start);
    if (end < 0) return at;
    if (start > at) handler.text(unescaped(text.slice(at, start)));
    takeTag(text.slice(start + 1, end), handler);
    at = end + 1;
  }
}

const [DOUBLE, SINGLE, LESS, GREATER] = [34, 39, 60, 62];

/** The place of the > that ends a tag: it may have others within quotes. −1 if the text ends before. */
function endOfTag(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === GREATER) return at;
    if (code === LESS) throw new RangeError('a tag within a tag');
    if (code !== DOUBLE && code !== SINGLE) continue;
    at = text.indexOf(text[at] as string, at + 1);
    if (at < 0) return -1;
  }
  return -1;
}

const NAME = /^([^\s:/]+:)?([^\s/]+)/;
const ATTRIBUTE = /([^\s=:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

function takeTag(tag: string, handler: XmlHandler): void {
  if (tag.startsWith('?')) return;
  if (tag.startsWith('!')) throw new RangeError('a document type');
  const closes = tag.startsWith('/');
  const name = NAME.exec(closes ? tag.slice(1) : tag)?.[2];
  if (name === undefined) throw new RangeError('a tag without a name');
  if (closes) {
    handler.close(name);
    return;
  }
  handler.open(name, (wanted) => {
    for (const [, found, double, single] of tag.matchAll(ATTRIBUTE))
      if (found === wanted) return unescaped(double ?? single ?? '');
    return undefined;
  });
  if (tag.endsWith('/')) handler.close(name);
}

const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function unescaped(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (all, decimal, hex, name) => {
    const code = decimal ? Number.parseInt(decimal, 10) : hex ? Number.parseInt(hex, 16) : undefined;
    if (code === undefined) return Object.hasOwn(named, name) ? (named[name] as string) : all;
    return code <= 0x10ffff ? String.fromCodePoint(code) : all;
  });
}
