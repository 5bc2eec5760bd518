/** How often a campaign tries: few times beside the other tests, more in CI, and in `npm run torture` as often as TORTURE says, or at most so often where a try takes long. */
export const torture = Number(process.env['TORTURE'] ?? 0);
export const rounds = (inCi: number, beside: number, most = Number.POSITIVE_INFINITY): number =>
  Math.min(most, torture) || (process.env['CI'] ? inCi : beside);
