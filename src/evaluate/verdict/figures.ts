// Figures in sentences.

export const percent = (share: number): string => `${Number((share * 100).toFixed(1))} %`;
export const short = (value: number): string => String(Number(value.toPrecision(3)));
export const count = (rows: number): string => (rows === 1 ? '1 row' : `${rows} rows`);
/** A difference of shares: '3.5 points'. */
export const points = (share: number): string => `${Number((share * 100).toFixed(1))} points`;
