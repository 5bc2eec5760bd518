// Columns of texts: categories, names, free text, and what else has no other kind.
import type { CellFormat } from '../kind.js';
import { type Decided, type FileFacts, formatOf, type Raw } from './found.js';
import { hardlyRepeat, saysId } from './ids.js';
import { whyCode } from './lost-digits.js';
import { keyOf, mostlyNumbers, whyMostly } from './mostly.js';
import { isIdName } from './row-names.js';
import { shortened, textKind } from './text-kind.js';
import { unlike } from './unlike.js';

/** A column of texts; `because` says why it is none of numbers, where that may surprise. */
export function textColumn(raw: Raw, facts: FileFacts, because: string | undefined): Decided {
  const { builder, unnamed, asked } = raw;
  const { plain, cells, taking } = builder;
  if (plain.lossy && !taking.texts) return undefined;
  if (builder.instants) builder.writeInstants();
  const { texts, codes } = inOrder(raw);
  const present = codes.reduce((count, code) => count + (code >= 0 ? 1 : 0), 0);
  const json = jsonIn(builder, present);
  // Where "NA" is a text, it is one in records too.
  const missingOnly = texts.some((text) => taking.beside.has(text)) ? true : undefined;
  const column = { holds: 'text' as const, cells: { texts, codes }, ...formatOf({ json, missingOnly }, facts) };
  const why = (found: string) => (because ? `${found}; ${because}` : found);
  if (asked === 'ignore') return { ...column, kind: asked, why: 'left out, as asked' };
  if (asked) return { ...column, kind: asked, why: 'as asked' };
  if (present === 0) return { ...column, kind: 'ignore', why: 'it is empty: every cell is missing' };
  if (texts.length === 1 && present === codes.length && cells.length > 1)
    return { ...column, kind: 'ignore', why: `it is always "${shortened(texts[0] as string)}"` };
  if (json && json !== 'some')
    return { ...column, kind: textKind(builder.name, texts, present).kind, why: whyJson[json] };
  if (texts.length === present && present > 1 && unnamed)
    return { ...column, kind: 'ignore', why: why('it has no name, and each of its texts is another: row names') };
  if (texts.length === present && present > 1 && isIdName(builder.name))
    return { ...column, kind: 'ignore', why: why('each of its texts is another: ids') };
  if (saysId(builder.name) && hardlyRepeat(texts.length, present))
    return { ...column, kind: 'ignore', why: why('its texts hardly repeat: ids') };
  const { kind, why: found } = textKind(builder.name, texts, present);
  return { ...column, kind, why: why(found) };
}

/** A column of whole numbers that are ids: each is a category, as JavaScript writes the number. */
export function idColumn(raw: Raw, facts: FileFacts): Decided {
  const { name } = raw.builder;
  const why = `ids that repeat: a category, no amount; kinds: { ${keyOf(name)}: 'number' } overrules it`;
  return { kind: 'category', why, holds: 'text', cells: inOrder(raw), ...formatOf({ whole: true }, facts) };
}
const whyJson = { lists: 'each cell is a list', objects: 'each cell is an object' };

/** Whether the cells that are there are lists or objects; undefined if none is. */
function jsonIn({ lists, objects }: Raw['builder'], present: number): CellFormat['json'] {
  if (lists + objects === 0) return undefined;
  return objects === 0 && lists >= present ? 'lists' : lists === 0 && objects >= present ? 'objects' : 'some';
}

/** The distinct texts in the order of their first cells, and the codes of all cells. */
function inOrder({ builder }: Raw): { texts: string[]; codes: Int32Array } {
  const { texts: given, cells } = builder;
  const texts: string[] = [];
  const ofText = new Int32Array(given.length).fill(-1);
  const ofNumber = new Map<number, number>();
  const ofWord = new Map<string, number>();
  const codes = cells.takeCodes(
    (value) => {
      let code = ofNumber.get(value);
      if (code === undefined) {
        code = add(String(value));
        ofNumber.set(value, code);
      }
      return code;
    },
    (code) => {
      if ((ofText[code] as number) < 0) ofText[code] = add(given[code] as string);
      return ofText[code] as number;
    },
    builder.missingCodes,
  );
  return { texts, codes };

  // A typed number and a text may be written in the same way.
  function add(text: string): number {
    const known = builder.typed ? ofWord.get(text) : undefined;
    if (known !== undefined) return known;
    if (builder.typed) ofWord.set(text, texts.length);
    return texts.push(text) - 1;
  }
}

/** Why a column with numbers is no number column; undefined if it has none, or that is no surprise. */
export function whyNoNumbers(raw: Raw, facts: FileFacts): string | undefined {
  const { builder, numeric } = raw;
  const { plain, texts, typed, taking } = builder;
  const { decimal, contradiction } = facts.decimal;
  const { bad, code } = numeric;
  if (taking.texts) return undefined;
  if (code !== undefined && bad < 0) return whyCode(shortened(code));
  const two = bad < 0 ? unlike(raw) : undefined;
  if (two !== undefined) return two;
  if (bad >= 0 && contradiction && decimal === '.' && commaNumber.test(texts[bad] as string))
    return `other columns have decimal points; decimal: ',' reads it as numbers`;
  const mostly = mostlyNumbers(raw, decimal);
  if (mostly && mostly.different > 1 && !mostly.codes) return whyMostly(builder.name, mostly);
  if (bad >= 0 && (plain.count > 0 || typed || numeric.numbers > 0) && texts.length - numeric.numbers < 6)
    return `"${shortened(texts[bad] as string)}" is no number; missing: ['${shortened(texts[bad] as string)}'] if it means a missing cell`;
  return undefined;
}
const commaNumber = /^\D{0,4}\d[\d.]*,\d+\D{0,4}$/;
