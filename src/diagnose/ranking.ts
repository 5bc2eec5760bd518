// Ranks findings: which one is the cause of another, and which ones contradict each other.
import type { Finding, FindingCode } from './finding.js';

/** The direction of a finding's advice. Of two findings with opposite advice only the deeper cause is reported. */
type Wish = 'lower-rate' | 'higher-rate' | 'larger-network' | 'smaller-network' | 'more-epochs' | 'fewer-epochs';

const opposites: Readonly<Record<Wish, Wish>> = {
  'lower-rate': 'higher-rate',
  'higher-rate': 'lower-rate',
  'larger-network': 'smaller-network',
  'smaller-network': 'larger-network',
  'more-epochs': 'fewer-epochs',
  'fewer-epochs': 'more-epochs',
};

interface Rank {
  /** The findings that this one explains. Explanation is transitive. */
  readonly explains: readonly FindingCode[];
  readonly wishes?: readonly Wish[];
}

const LEARNS_NOTHING = ['class-collapse', 'loss-does-not-fall', 'under-fitting', 'too-few-epochs'] as const;

/** The effects of numbers or gradients of the wrong size. */
const LEARNS_BADLY = [
  'diverging',
  'saturated',
  'update-too-large',
  'update-too-small',
  'dead-relu',
  'loss-oscillates',
  ...LEARNS_NOTHING,
] as const;

/** All findings, from the deepest cause to the last effect. */
const ranks: Readonly<Record<FindingCode, Rank>> = {
  'unscaled-inputs': { explains: ['exploding-gradients', 'vanishing-gradients', 'first-loss', ...LEARNS_BADLY] },
  'unscaled-targets': { explains: ['exploding-gradients', 'vanishing-gradients', ...LEARNS_BADLY] },
  'symmetric-weights': {
    explains: ['saturated', 'vanishing-gradients', 'dead-relu', 'update-too-small', ...LEARNS_NOTHING],
  },
  'exploding-gradients': { explains: ['first-loss', ...LEARNS_BADLY], wishes: ['lower-rate'] },
  diverging: {
    explains: ['saturated', 'first-loss', 'update-too-large', 'dead-relu', 'loss-oscillates', ...LEARNS_NOTHING],
    wishes: ['lower-rate'],
  },
  'first-loss': { explains: ['loss-does-not-fall', 'too-few-epochs'] },
  'update-too-large': {
    explains: ['loss-oscillates', 'saturated', 'dead-relu', 'vanishing-gradients', ...LEARNS_NOTHING],
    wishes: ['lower-rate'],
  },
  'loss-oscillates': { explains: ['saturated', 'dead-relu', 'loss-does-not-fall'], wishes: ['lower-rate'] },
  saturated: { explains: ['vanishing-gradients', 'update-too-small', ...LEARNS_NOTHING] },
  'dead-relu': { explains: ['vanishing-gradients', 'update-too-small', ...LEARNS_NOTHING] },
  'vanishing-gradients': { explains: ['update-too-small', ...LEARNS_NOTHING] },
  'update-too-small': { explains: [...LEARNS_NOTHING], wishes: ['higher-rate'] },
  'under-fitting': { explains: ['class-collapse', 'loss-does-not-fall'], wishes: ['larger-network'] },
  'class-collapse': { explains: ['loss-does-not-fall', 'too-few-epochs'] },
  'loss-does-not-fall': { explains: ['too-few-epochs'] },
  'over-fitting': { explains: [], wishes: ['smaller-network', 'fewer-epochs'] },
  'constant-columns': { explains: [] },
  'too-few-epochs': { explains: [], wishes: ['more-epochs'] },
};

const order = Object.keys(ranks) as FindingCode[];

/**
 * Orders findings: causes in the order of the table, each followed by the findings that it explains. An explained finding refers to its cause instead of giving
 * advice. A finding whose advice is the opposite of a deeper cause's is left out, so that no two findings contradict each other.
 */
export function ranked(candidates: readonly Finding[]): Finding[] {
  const sorted = [...candidates].sort((a, b) => order.indexOf(a.code) - order.indexOf(b.code));
  const causes: { readonly codes: Set<FindingCode>; readonly findings: Finding[] }[] = [];
  const wanted = new Set<Wish>();
  for (const finding of sorted) {
    const { code } = finding;
    const cause = causes.find(({ codes }) => [...codes].some((known) => ranks[known].explains.includes(code)));
    if (cause) {
      const because = (cause.findings[0] as Finding).code;
      cause.codes.add(code);
      cause.findings.push({ ...finding, because, advice: `Fix ${because} first: it explains this` });
      continue;
    }
    const { wishes = [] } = ranks[code];
    if (wishes.some((wish) => wanted.has(opposites[wish]))) continue;
    for (const wish of wishes) wanted.add(wish);
    const same = causes.find(({ findings }) => findings[0]?.code === code);
    if (same) same.findings.push(finding);
    else causes.push({ codes: new Set([code]), findings: [finding] });
  }
  return causes.flatMap(({ findings }) => findings).map((finding) => Object.freeze(finding));
}
