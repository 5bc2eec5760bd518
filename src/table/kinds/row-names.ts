// Columns that name their rows: a model would learn them by heart.

/** Fewer rows than this may count something else from 1. */
const FEW = 20;
const NAMES =
  /^(|#|id|ids|idx|index|key|uuid|guid|row|rows|row[ ._-]?(names?|numbers?|nums?|nr|no|ids?|index)|unnamed: ?\d+)$/i;
/** Such as PassengerId and patientID. */
const CAMEL = /[a-z]I[dD]$|[A-Z]{2,}ID$/;

/** Whether a column has a name as of ids. */
export const isIdName = (name: string): boolean =>
  NAMES.test(name) || /[^a-zA-Z]id$|^id[_ .-]/i.test(name) || CAMEL.test(name);

/** Why whole numbers are row names; undefined if they are not. `place` is the column's index among `columns`. */
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
  if (!named && (place > 0 || columns < 3 || rows < FEW)) return undefined;
  const [first] = values as unknown as [number];
  let counts = first === 0 || first === 1;
  for (let row = 0; row < rows; row++) {
    const value = values[row] as number;
    if (!Number.isInteger(value)) return undefined;
    counts &&= value === first + row;
    if (!counts && !named) return undefined;
  }
  if (counts) return `it counts the rows: ${first}, ${first + 1}, ${first + 2} …`;
  if (new Set(values).size < rows) return undefined;
  return unnamed
    ? 'it has no name, and each of its numbers is another: row names'
    : 'each of its numbers is another: ids';
}
