// The names of features. No two are alike, whatever the columns and categories are called.

/** What looks like the name of a feature of another column: it is written as JSON. */
const UNCLEAR = /^"|=| (?:missing|sin|cos|[#~]\d+)$/;
/** What looks like a category of ours, such as (rare), or like JSON. */
const OWN = /^["(]/;

/** A column's name as it begins the names of its features. */
export const columnName = (column: string): string => (UNCLEAR.test(column) ? JSON.stringify(column) : column);

/** The feature that is 1 where a column has a category. */
export const categoryName = (column: string, category: string): string =>
  `${columnName(column)}=${OWN.test(category) ? JSON.stringify(category) : category}`;

/** A feature of a group that is none of the column's own categories, such as (rare). */
export const groupName = (column: string, group: 'missing' | 'rare'): string => `${columnName(column)}=(${group})`;

/** The number of a column, and, if `flag`, the feature that is 1 where it is missing. */
export const numberNames = (column: string, flag: boolean): string[] => {
  const name = columnName(column);
  return flag ? [name, `${name} missing`] : [name];
};

/** The features of the pieces of a number's range. */
export const pieceNames = (column: string, pieces: number): string[] =>
  Array.from({ length: pieces }, (_, piece) => `${columnName(column)} ~${piece}`);

/** The features of a column whose texts are hashed. */
export const bucketNames = (column: string, buckets: number): string[] =>
  Array.from({ length: buckets }, (_, bucket) => `${columnName(column)} #${bucket}`);
