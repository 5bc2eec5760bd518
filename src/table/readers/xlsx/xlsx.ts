// Reads Excel's xlsx: a sheet, with dates as dates, numbers as numbers, and what formulas gave when the file was saved.

import { show } from '../../../base/checks.js';
import { SimdenseError } from '../../../base/errors.js';
import { inTurns, Pacer } from '../../../base/pause.js';
import { asFormat } from '../peer.js';
import type { Reader } from '../reader.js';
import { XlsxRows } from './rows.js';
import { Merges, SheetCells } from './sheet-cells.js';
import { chosenSheet, readStyles, readTexts, readWorkbook } from './workbook.js';
import { readXml } from './xml.js';
import { Zip } from './zip.js';

export const readXlsx: Reader = (bytes, sheet, o) =>
  asFormat('xlsx', async () => {
    const zip = new Zip(bytes);
    if (!zip.has('xl/workbook.xml')) {
      const message = 'the zip file is no xlsx workbook; unpack it, and read what is in it';
      throw new SimdenseError('UNSUPPORTED', `readTable: ${message}`);
    }
    const workbook = await readWorkbook(zip);
    const { sheets, from1904 } = workbook;
    const { name, file } = chosenSheet(workbook, o.sheet);
    if (sheets.length > 1 && o.sheet === undefined)
      sheet.note(`The first of ${sheets.length} sheets is read: ${show(name)}. sheet: chooses another.`);
    const [texts, styles, parts] = [
      await readTexts(zip, workbook.texts),
      await readStyles(zip, workbook.styles),
      await zip.read(file),
    ];
    if (!parts) throw new Error(`there is no file ${file}`);
    const rows = new XlsxRows(sheet, mergesOf(parts), o.header);
    const cells = new SheetCells({ texts, styles, from1904 }, (number, row) => rows.take(number, row));
    const pacer = new Pacer();
    await inTurns(readXml(parts, cells), pacer, () => pacer.pause());
    rows.end();
    const { failed, unsaved } = cells;
    if (failed.count > 0) sheet.note(`${cellsAre(failed)} taken for missing: the formula failed.`);
    if (unsaved.count > 0)
      sheet.note(
        `${cellsAre(unsaved)} taken for missing: the formula has no saved value. Open the file in Excel and save it.`,
      );
  });

const cellsAre = ({ count, first }: SheetCells['failed']): string =>
  count === 1 ? `The cell ${first} is` : `${count} cells, such as ${first}, are`;

/** Of the part of the file behind its rows. */
function mergesOf(parts: readonly Uint8Array[]): Merges['merges'] {
  let behind = '';
  const decoder = new TextDecoder('latin1');
  for (let i = parts.length - 1; i >= 0 && behind.length < MOST_BEHIND; i--) {
    behind = decoder.decode(parts[i]) + behind;
    const from = behind.lastIndexOf('sheetData');
    if (from < 0) continue;
    const merges = new Merges();
    for (const [tag] of behind.slice(from).matchAll(/<(?:\w+:)?mergeCell [^>]*>/g))
      merges.open('mergeCell', () => /ref="([^"]*)"/.exec(tag)?.[1]);
    return merges.merges.slice(0, MOST_MERGES);
  }
  return [];
}

/** Characters behind the rows that are looked at, and merged cells. */
const MOST_BEHIND = 2 ** 22;
const MOST_MERGES = 4096;
