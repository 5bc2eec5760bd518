// Places on a circle, such as the hour of a day: its end is near its beginning.

/** The sine of a whole number of turns and a part, within 1e-15. Not Math.sin, which differs between runtimes. */
export function sineOfTurns(turns: number): number {
  let part = turns - Math.round(turns);
  // sin(π − x) is sin(x): only −¼ to ¼ is left.
  if (part > 0.25) part = 0.5 - part;
  if (part < -0.25) part = -0.5 - part;
  const x = 2 * Math.PI * part;
  // The Taylor series up to x²¹, from its end.
  let sum = 1;
  for (let k = 20; k > 0; k -= 2) sum = 1 - (sum * x * x) / (k * (k + 1));
  return x * sum;
}

export const cosineOfTurns = (turns: number): number => sineOfTurns(turns + 0.25);

const DAY = 86_400_000;

/** The days since 1970 of a time in milliseconds. */
export const daysOf = (milliseconds: number): number => milliseconds / DAY;

const startOf = (year: number): number => new Date(0).setUTCFullYear(year, 0, 1);

/** How far a time is through each cycle, in turns, from its days since 1970, UTC: the year by its day, the week from Monday, the day by its time. */
export const cycles = {
  year(days: number): number {
    const midnight = Math.floor(days) * DAY;
    const year = new Date(midnight).getUTCFullYear();
    const start = startOf(year);
    return (midnight - start) / (startOf(year + 1) - start);
  },
  week: (days: number): number => ((((Math.floor(days) + 3) % 7) + 7) % 7) / 7,
  day: (days: number): number => days - Math.floor(days),
} as const;
export type Cycle = keyof typeof cycles;
export const cycleNames = /* @__PURE__ */ Object.keys(cycles) as readonly Cycle[];
