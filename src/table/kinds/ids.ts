// Columns of ids: numbers that name something, such as a customer, and are no amounts.
import type { Raw } from './found.js';

/** A word of a name, such as those of in_reply_to_user_id_str and customer id. */
const WORDS = /[^a-zA-Z0-9]+/;
/** Such as PassengerId, userIdStr and patientID. */
const CAMEL = /[a-z](?:I[dD]|U?UI[dD])(?![a-z])|[A-Z]{2,}ID$/;
/** Of a name of what is counted or measured, such as number of ids. */
const AMOUNTS = /^(counts?|total|sum|mean|avg|average|len|length|ratio|rate|score|age|n|num)$/i;
/** Of the cells that are there, how many are different where hardly one comes again. */
const NEARLY = 0.95;

/** Whether a column's name says that it holds ids; width, valid and humid do not. */
export function saysId(name: string): boolean {
  const words = name.split(WORDS);
  if (words.some((word) => AMOUNTS.test(word))) return false;
  return words.some((word) => /^(ids?|uuid|guid)$/i.test(word)) || CAMEL.test(name);
}

/** Whether so many distinct cells are ids that hardly repeat. */
export const hardlyRepeat = (distinct: number, present: number): boolean => present > 1 && distinct >= NEARLY * present;

/** Whether a column of numbers holds ids by its name, and these repeat. */
export function isRepeatingIds({ builder, numeric }: Raw): boolean {
  if (!saysId(builder.name)) return false;
  const distinct = new Set<number>();
  let present = 0;
  const other = builder.cells.some((number, code) => {
    const value = code < 0 ? number : (numeric.values[code] as number);
    if (Number.isNaN(value)) return false;
    present++;
    distinct.add(value);
    return !Number.isInteger(value);
  });
  return !other && distinct.size > 1 && !hardlyRepeat(distinct.size, present);
}
