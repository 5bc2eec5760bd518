// Columns that name their rows: a model would learn them by heart.
import { hardlyRepeat, saysId } from './ids.js';

/** Fewer rows than this may count something else from 1. */
const FEW = 20;
const NAMES =
  /^(|#|id|ids|idx|index|key|uuid|guid|row|rows|row[ ._-]?(names?|numbers?|nums?|nr|no|ids?|index)|unnamed: ?\d+(\.\d+)*|\.\.\.\d+)$/i;
/** What R's read.csv calls the row names that write.csv has written: a lower-case x is data. */
const R_NAMES = /^X(\.\d+)?$/;

/** Whether a column has a name as of ids. */
export const isIdName = (name: string): boolean => NAMES.test(name) || /^id[_ .-]/i.test(name) || saysId(name);

/** Why numbers are row names; undefined if they are not. Those with decimals are only where they have no name, as quarters of R are. `place` is the column's index among `columns`. */
export function rowNames(
  values: Float64Array,
  name: string,
  unnamed: boolean,
  place: number,
  columns: number,
): string | undefined {
  const rows = values.length;
  const named = unnamed || isIdName(name);
  if (rows < 2 || columns < 2) return undefined;
  // With one other column X is what that is predicted from.
  const ofR = R_NAMES.test(name) && place === 0 && columns > 2 && rows >= FEW;
  if (!named && (place > 0 || columns < 3 || rows < FEW)) return undefined;
  const [first] = values as unknown as [number];
  let counts = first === 0 || first === 1;
  let increases = true;
  for (let row = 0; row < rows; row++) {
    const value = values[row] as number;
    if (unnamed ? Number.isNaN(value) : !Number.isInteger(value)) return undefined;
    counts &&= value === first + row;
    increases &&= row === 0 || value > (values[row - 1] as number);
    if (!counts && !named && !(ofR && increases)) return undefined;
  }
  if (counts) return `it counts the rows: ${first}, ${first + 1}, ${first + 2} …`;
  if (ofR && increases) return `it is called ${name}, as R calls it, and its numbers increase: row names`;
  if (new Set(values).size < rows) return undefined;
  return unnamed
    ? 'it has no name, and each of its numbers is another: row names'
    : 'each of its numbers is another: ids';
}

/** Why whole numbers are ids by their name, although some come again or are missing; undefined if they are not. */
export function idNumbers(values: Float64Array, name: string): string | undefined {
  if (!saysId(name)) return undefined;
  const present = values.filter((value) => !Number.isNaN(value));
  if (!present.every(Number.isInteger) || !hardlyRepeat(new Set(present).size, present.length)) return undefined;
  return 'its numbers hardly repeat: ids';
}
