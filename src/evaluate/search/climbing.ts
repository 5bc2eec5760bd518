// Halving while points are still drawn: each begins with few epochs, and the best of those that had as many get more. The promotions are those of Li et al. 2020, "A System for Massively
// Parallel Hyperparameter Tuning" (ASHA), arXiv 1810.05934, algorithm 2, but in rounds: what is next depends on the trials of all rounds before, never on which of them ended first.
import type { Halving } from './plan.js';
import type { Ahead } from './progress.js';
import type { Source } from './proposals.js';
import type { Strategy } from './rounds.js';
import type { Standing } from './standing.js';
import type { Trial } from './trial.js';

/** A point on a rung. */
interface Climber<P> {
  readonly point: P;
  readonly number: number;
  readonly rung: number;
  /** undefined until it is known, and where the trial failed. */
  loss?: number | undefined;
  /** Whether it has been promoted to the next rung. */
  promoted: boolean;
}

/** Points of a source on their rungs; the last rung has all epochs. With one rung there is no halving. */
export function* climbing<P>(
  source: Source<P>,
  { factor, rungs }: Halving,
  { trials, limited, standing }: { trials: number; limited: boolean; standing: Standing<P> },
): Strategy<P> {
  const ladder = Array.from({ length: rungs }, (): Climber<P>[] => []);
  const shares = ladder.map((_, rung) => 1 / wholePower(factor, rungs - 1 - rung));
  for (let drawn = 0; ; ) {
    let rising = promotable(ladder, factor).slice(0, source.size);
    const fresh = source.next(Math.max(0, Math.min(source.size - rising.length, trials - drawn)));
    if (rising.length + fresh.length === 0) rising = last(ladder);
    if (rising.length + fresh.length === 0) return;
    const round: Climber<P>[] = [
      ...rising.map(({ point, number, rung }) => ({ point, number, rung: rung + 1, promoted: false })),
      ...fresh.map((point, i) => ({ point, number: drawn + i, rung: 0, promoted: false })),
    ];
    for (const climber of rising) climber.promoted = true;
    for (const climber of round) ladder[climber.rung]?.push(climber);
    drawn += fresh.length;
    const left = limited ? ahead(ladder, shares, factor, trials) : undefined;
    const share = round.map(({ rung }) => shares[rung] as number);
    const ran = yield { points: round.map(({ point }) => point), share, left: () => left };
    for (const [i, climber] of round.entries()) {
      climber.loss = standing.lossOf(ran[i] as Trial<P>);
      source.learn(climber.number, climber.loss, climber.rung);
    }
  }
}

/** Those that are among the best of their rung, one in `factor`, and not promoted yet: of the highest rung first, then by their losses. */
function promotable<P>(ladder: readonly Climber<P>[][], factor: number): Climber<P>[] {
  const below = ladder.slice(0, -1).reverse();
  return below.flatMap((rung) =>
    ranked(rung)
      .slice(0, Math.floor(rung.length / factor))
      .filter(({ promoted }) => !promoted),
  );
}

/** Where nothing is left to draw and to promote: the best of the highest rung, until one has had all epochs. */
function last<P>(ladder: readonly Climber<P>[][]): Climber<P>[] {
  const [top = [], ...below] = [...ladder].reverse();
  if (ranked(top).length > 0) return [];
  return below.flatMap((rung) => ranked(rung).filter(({ promoted }) => !promoted)).slice(0, 1);
}

/** Those that have not failed, the best first. */
const ranked = <P>(rung: readonly Climber<P>[]): Climber<P>[] =>
  rung
    .filter(({ loss }) => loss !== undefined)
    .sort((a, b) => (a.loss as number) - (b.loss as number) || a.number - b.number);

/** About what comes after the climbers that are on the ladder. */
function ahead<P>(ladder: readonly Climber<P>[][], shares: readonly number[], factor: number, trials: number): Ahead {
  let expected = trials;
  let [count, work] = [0, 0];
  for (const [rung, climbers] of ladder.entries()) {
    const more = Math.max(0, expected - climbers.length);
    count += more;
    work += more * (shares[rung] as number);
    expected = Math.max(1, Math.floor(expected / factor));
  }
  return { trials: count, work };
}

/** By products, whose bits are the same everywhere. */
const wholePower = (base: number, exponent: number): number =>
  Array.from({ length: exponent }).reduce((product: number) => product * base, 1);
