// Rows as of the penguins of Palmer Station: numbers, categories, booleans and dates, some of them missing.
import { numbers } from './numbers.js';

const next = numbers(7);
export const species = ['Adelie', 'Chinstrap', 'Gentoo'];
const islands = ['Biscoe', 'Dream', 'Torgersen'];
/** The species follows from the bill, mostly. */
export const rows = Array.from({ length: 90 }, (_, i) => {
  const kind = i % 3;
  return {
    island: i % 17 === 0 ? null : islands[(kind + (i % 2)) % 3],
    bill: i % 13 === 0 ? null : 38 + 5 * kind + next(),
    mass: 3400 + 600 * kind + 100 * next(),
    male: i % 11 === 0 ? null : next() > 0,
    ringed: new Date(Date.UTC(2007, i % 12, 1 + (i % 27))),
    species: species[kind] as string,
  };
});
