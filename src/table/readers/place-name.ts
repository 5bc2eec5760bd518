/** The name of a column that has none, by its place from 0. */
export const placeName = (place: number): string => `column ${place + 1}`;
