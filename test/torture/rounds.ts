/** How often a campaign tries: few times beside the other tests, more in CI, and as often as `TORTURE=1000000 npm run torture` says. */
export const torture = Number(process.env['TORTURE'] ?? 0);
export const rounds = (inCi: number, beside: number): number => torture || (process.env['CI'] ? inCi : beside);
