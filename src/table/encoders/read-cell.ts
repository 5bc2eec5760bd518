// The cells of records, as encoders take them. Each reader gives NaN or null for a missing cell, and undefined for what cannot be of its kind.
import type { CellFormat } from '../kind.js';
import * as values from '../read-value.js';

type Reader<Cell> = (value: unknown) => Cell | undefined;

/** Finite numbers; of texts those that are one, in the column's format. */
export const numberReader = (format?: CellFormat): Reader<number> => values.readerOf('number', format);

/** Milliseconds since 1970 of a Date, or of a text that is a date in the column's format. */
export const dateReader: (format?: CellFormat) => Reader<number> = values.dateReaderOf;

/** The column's two words in any spelling of small and capital letters, true and false, 0 and 1. */
export function booleanReader(format?: CellFormat): Reader<number> {
  const own = values.readerOf('boolean', format);
  // A table of other words says true and false where it was typed.
  const plain = values.readerOf('boolean');
  return (value) =>
    own(value) ?? plain(value === 0 || value === '0' ? false : value === 1 || value === '1' ? true : value);
}

/** Texts without the spaces around them; whatever else as readTable writes it. */
export const textReader = (format?: CellFormat): Reader<string | null> =>
  values.textReader({ holds: 'text', ...(format && { format }) });
