// Formats numbers for the command's output.

export const percent = (share: number): string => `${Number((share * 100).toFixed(1))} %`;
export const short = (value: number): string => String(Number(value.toPrecision(3)));
/** A loss in a progress bar. */
export const lossOf = (value: number): string =>
  value < 1000 ? value.toFixed(4) : value < 1e6 ? String(Math.round(value)) : value.toExponential(2);
export const count = (rows: number): string => (rows === 1 ? '1 row' : `${rows} rows`);
