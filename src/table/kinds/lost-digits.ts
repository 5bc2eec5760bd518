// Whole numbers that have lost digits: two ids of 64 bits may be the same number in JavaScript.
import { show } from '../../base/checks.js';
import type { Chunks } from '../chunks.js';
import { keyOf } from './mostly.js';

/** Integers of 64 bits are below; a larger number is a measurement. */
const INTEGERS = 2 ** 64;

/** Whether all numbers are whole, and one is beyond what float64 holds exactly, as an integer of 64 bits may be. */
export function haveLostDigits(cells: Chunks): boolean {
  let beyond = false;
  const measured = cells.some((value, code) => {
    if (code >= 0) return false;
    beyond ||= !Number.isSafeInteger(value);
    return !Number.isInteger(value) || Math.abs(value) >= INTEGERS;
  });
  return beyond && !measured;
}

/** Whether a number may be the rounded one of an integer of 64 bits. */
export const isRounded = (value: number): boolean =>
  Number.isInteger(value) && !Number.isSafeInteger(value) && Math.abs(value) < INTEGERS;

export const whyRounded = 'the last digits of whole numbers beyond 2^53 are lost';

export const whyLost = (objects: boolean): string =>
  `whole numbers beyond 2^53, whose last digits are lost; give ids as ${objects ? 'BigInt or as ' : ''}texts, or ask for a number by kinds`;

const CODES = 'codes such as ';
export const whyCode = (code: string): string => `${CODES}${code}, which would lose digits as numbers`;

/** Whether the reasons for a column's kind say that numbers would lose digits. */
export const keepsDigits = (why: string): boolean =>
  [CODES, whyLost(true), whyLost(false)].some((reason) => why.includes(reason));

/** The first two of different texts that are one number; undefined if each is another. NaN is no number. */
export function mergedTexts(
  texts: readonly string[],
  numbers: ArrayLike<number>,
): readonly [string, string] | undefined {
  const known = new Map<number, string>();
  for (const [i, text] of texts.entries()) {
    const number = numbers[i] as number;
    if (Number.isNaN(number)) continue;
    const other = known.get(number);
    if (other !== undefined && other !== text) return [other, text];
    known.set(number, text);
  }
  return undefined;
}

/** What is said where long numbers that are written differently are the same in float64. */
export const mergedNote = (name: string, [one, two]: readonly [string, string]): string =>
  `Column ${show(name)}: ${one} and ${two} become one number, and so may others; kinds: { ${keyOf(name)}: 'category' } keeps them apart.`;
