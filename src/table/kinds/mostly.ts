// Columns most of whose cells are numbers.
import { show } from '../../base/checks.js';
import type { Raw } from './found.js';
import { isMissingSign } from './missing.js';
import { numberOf } from './number-text.js';

export interface Mostly {
  readonly numbers: number;
  /** Cells that are there and no numbers, and the first of them. */
  readonly others: number;
  readonly example: string;
  /** How many different ones these are. */
  readonly different: number;
  /** Whether a number is rather a code, such as 02134. */
  readonly codes: boolean;
}

/** Texts after which a column without a number is taken for one of texts. */
const LOOKED_AT = 100;

/** The cells of a column that has some that are no numbers; undefined where fewer than half are numbers. */
export function mostlyNumbers({ builder, numeric }: Raw, decimal: '.' | ','): Mostly | undefined {
  const { texts, cells, plain, typed, instants } = builder;
  if (numeric.bad < 0 || instants) return undefined;
  if (plain.count === 0 && !typed && !texts.slice(0, LOOKED_AT).some((text) => numberOf(text, decimal)))
    return undefined;
  const kinds: ('number' | 'sign' | 'other' | undefined)[] = [];
  let [numbers, others, different, codes] = [0, 0, 0, false];
  let example = '';
  cells.some((_, code) => {
    const text = texts[code] as string;
    if (code >= 0 && kinds[code] === undefined) {
      const read = numberOf(text, decimal);
      codes ||= read?.code === true;
      kinds[code] = read ? 'number' : isMissingSign(text) ? 'sign' : 'other';
      if (kinds[code] === 'other' && different++ === 0) example = text;
    }
    if (code < 0 || kinds[code] === 'number') numbers++;
    else if (kinds[code] === 'other') others++;
    return false;
  });
  return numbers < others ? undefined : { numbers, others, example, different, codes };
}

/** A name as a key of an object in JavaScript. */
export const keyOf = (name: string): string =>
  /^[a-zA-Z_$][\w$]*$/.test(name) ? name : `'${name.replace(/[\\']/g, '\\$&')}'`;

const counted = (cells: number): string => cells.toLocaleString('en-US');
const shortened = (text: string): string => show(text.length > 30 ? `${text.slice(0, 29)}…` : text);

/** Why a column is none of numbers, and what makes it one. */
export function whyMostly(name: string, { numbers, others, example }: Mostly): string {
  const all = counted(numbers + others);
  const rest = `${counted(others)} ${others === 1 ? 'is' : 'are'} not, such as ${shortened(example)}`;
  return `${counted(numbers)} of ${all} cells are numbers, ${rest}: kinds: { ${keyOf(name)}: 'number' } takes ${others === 1 ? 'it' : 'these'} for missing`;
}

/** What is said of the whole table where these cells are taken for missing. */
export function mostlyNote(name: string, { numbers, others, example }: Mostly): string {
  const cells = others === 1 ? 'cell is no number' : 'cells are no numbers';
  return `Column ${show(name)}: ${counted(others)} of ${counted(numbers + others)} ${cells}, such as ${shortened(example)}, and ${others === 1 ? 'is' : 'are'} taken for missing.`;
}
