// Whole numbers that have lost digits: two ids of 64 bits may be the same number in JavaScript.
import type { Chunks } from '../chunks.js';

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
