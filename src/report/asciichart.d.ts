declare module 'asciichart' {
  export interface PlotOptions {
    height?: number;
    min?: number;
    max?: number;
    format?(value: number, i: number): string;
    symbols?: readonly string[];
  }
  /** One line of values, or several. */
  export function plot(series: readonly number[] | readonly (readonly number[])[], options?: PlotOptions): string;
  export const blue: string;
  export const lightyellow: string;
  export const yellow: string;
}
