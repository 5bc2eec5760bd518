// What a workbook says of its sheets: their names and files, the texts of cells, and which numbers are dates. ECMA-376, part 1, 18.

import { show } from '../../../base/checks.js';
import { didYouMean } from '../../../base/did-you-mean.js';
import { SimdenseError } from '../../../base/errors.js';
import { atOnce } from '../../../base/pause.js';
import { readXml, type XmlHandler } from './xml.js';
import type { Zip } from './zip.js';

export interface Workbook {
  readonly sheets: readonly { readonly name: string; readonly file: string }[];
  /** Whether days are counted from 1904 on. */
  readonly from1904: boolean;
  readonly styles: string;
  readonly texts: string;
}

const nothing = (): void => {};

/** Reads a small file of the workbook; nothing if it is not there. */
async function look(zip: Zip, name: string, handler: Partial<XmlHandler>): Promise<void> {
  const parts = await zip.read(name);
  if (parts) atOnce(readXml(parts, { open: nothing, close: nothing, text: nothing, ...handler }));
}

export async function readWorkbook(zip: Zip): Promise<Workbook> {
  const targets = new Map<string, { readonly type: string; readonly target: string }>();
  await look(zip, 'xl/_rels/workbook.xml.rels', {
    open(name, attribute) {
      if (name !== 'Relationship') return;
      const target = attribute('Target') ?? '';
      const path = target.startsWith('/') ? target.slice(1) : `xl/${target}`;
      targets.set(attribute('Id') ?? '', { type: attribute('Type') ?? '', target: path });
    },
  });
  const sheets: { name: string; file: string }[] = [];
  let from1904 = false;
  await look(zip, 'xl/workbook.xml', {
    open(name, attribute) {
      if (name === 'workbookPr') from1904 = /^(1|true)$/.test(attribute('date1904') ?? '');
      if (name !== 'sheet') return;
      const { type = '', target = '' } = targets.get(attribute('id') ?? '') ?? {};
      if (/worksheet$/.test(type)) sheets.push({ name: attribute('name') ?? '', file: target });
    },
  });
  const ofType = (type: RegExp): string => [...targets.values()].find((each) => type.test(each.type))?.target ?? '';
  return { sheets, from1904, styles: ofType(/\/styles$/), texts: ofType(/\/sharedStrings$/) };
}

/** The sheet that is asked for by its name or its number from 1; the first if none is. */
export function chosenSheet({ sheets }: Workbook, wanted: string | number | undefined): Workbook['sheets'][number] {
  // Digits that no sheet is called are a number too: the command line has texts alone.
  const number = typeof wanted === 'string' && !/^\d+$/.test(wanted) ? undefined : Number(wanted ?? 1);
  const sheet = sheets.find(({ name }) => name === wanted) ?? (number === undefined ? undefined : sheets[number - 1]);
  if (sheet) return sheet;
  const names = sheets.map(({ name }) => name);
  if (names.length === 0) throw new SimdenseError('FORMAT', 'readTable: the workbook has no sheets');
  const known = `there are ${names.map(show).join(', ')}${didYouMean(wanted, names)}`;
  throw new SimdenseError('ARGUMENT', `readTable: sheet: there is no sheet ${show(wanted)}; ${known}`);
}

/** The texts that cells refer to by their number. */
export async function readTexts(zip: Zip, file: string): Promise<string[]> {
  const texts: string[] = [];
  let text: string | undefined;
  let [within, above] = [false, 0];
  await look(zip, file, {
    open(name) {
      if (name === 'si') text = '';
      else if (name === 't') within = true;
      // How a word is read, above it.
      else if (name === 'rPh') above++;
    },
    close(name) {
      if (name === 'si') texts.push(unescapedText(text ?? ''));
      else if (name === 't') within = false;
      else if (name === 'rPh') above--;
    },
    text(part) {
      if (within && above === 0 && text !== undefined) text += part;
    },
  });
  return texts;
}

/** Excel writes characters that XML has not as _x000D_. */
export const unescapedText = (text: string): string =>
  text.includes('_x')
    ? text.replace(/_x([\da-fA-F]{4})_/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
    : text;

/** What a number of a style is. */
export type Style = 'number' | 'date' | 'time';

/** What the numbers of each style are. */
export async function readStyles(zip: Zip, file: string): Promise<Style[]> {
  const own = new Map<number, Style>();
  const styles: Style[] = [];
  let within = false;
  await look(zip, file, {
    open(name, attribute) {
      if (name === 'numFmt') own.set(Number(attribute('numFmtId')), styleOf(attribute('formatCode') ?? ''));
      else if (name === 'cellXfs') within = true;
      else if (name === 'xf' && within) {
        const id = Number(attribute('numFmtId') ?? 0);
        styles.push(own.get(id) ?? builtIn(id));
      }
    },
    close(name) {
      if (name === 'cellXfs') within = false;
    },
  });
  return styles;
}

/** The formats that have numbers of their own: 18.8.30, with those of East Asia. */
function builtIn(id: number): Style {
  if ((id >= 14 && id <= 17) || id === 22 || (id >= 27 && id <= 31) || id === 36 || (id >= 50 && id <= 58))
    return 'date';
  return (id >= 18 && id <= 21) || (id >= 32 && id <= 35) || (id >= 45 && id <= 47) ? 'time' : 'number';
}

/** Of a format such as yyyy-mm-dd;@ or [h]:mm. An m may be months or minutes. */
function styleOf(format: string): Style {
  const letters = format
    .replace(/"[^"]*"|[\\_*]./g, '')
    .replace(/\[(h+|m+|s+)\]/gi, '$1')
    .replace(/\[[^\]]*\]/g, '');
  if (/^general/i.test(letters)) return 'number';
  if (/[yd]|mmm/i.test(letters)) return 'date';
  return /[hs]/i.test(letters) ? 'time' : 'number';
}
