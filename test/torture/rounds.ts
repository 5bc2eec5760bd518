/**
 * How often a campaign tries: few times beside the other tests, more in CI, and in `npm run torture` as often as TORTURE says, or at most so often where a try takes long. CI runs on
 * four versions of Node: on all but the oldest it tries as few times as beside other tests, so that it stays short.
 */
export const torture = Number(process.env['TORTURE'] ?? 0);
const inFull = process.env['CI'] !== undefined && process.versions.node.startsWith('20.');
export const rounds = (inCi: number, beside: number, most = Number.POSITIVE_INFINITY): number =>
  Math.min(most, torture) || (inFull ? inCi : beside);
