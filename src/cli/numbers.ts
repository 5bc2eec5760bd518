// Formats numbers for the command's output.

export const percent = (share: number): string => `${Number((share * 100).toFixed(1))} %`;
export const short = (value: number): string => String(Number(value.toPrecision(3)));
export const count = (rows: number): string => (rows === 1 ? '1 row' : `${rows} rows`);
