// The tree-structured Parzen estimator: where to look next, from what has been tried. Source: Bergstra, Bardenet, Bengio, Kégl 2011, section 4.1; the constants are Optuna's defaults.
import { type Dimension, Parzen, type Place } from './parzen.js';

/** A point that was tried. */
export interface Tried {
  readonly place: Place;
  /** Less is better; undefined while it runs and where it failed. */
  readonly loss?: number | undefined;
  /** How often it was given more epochs; 0 if it is not said. */
  readonly rung?: number;
}

/** The points that are drawn at random before any is proposed. */
export const STARTUP = 10;
/** The points that are drawn near good ones, of which the likeliest to be good is taken. */
const CANDIDATES = 24;

/** How many of n points are good ones. */
const goodOf = (n: number): number => Math.min(25, Math.ceil(n / 10));

/**
 * A point that is likely among the good ones and unlikely among the others, of those that were drawn near the good ones. Points that run count among the others, so that those
 * which are proposed meanwhile lie elsewhere (Ginsbourger, Le Riche, Carraro 2010, the constant liar). `active` says which dimensions have a meaning at a point.
 */
export function propose(
  dimensions: readonly Dimension[],
  tried: readonly Tried[],
  active: (place: Place) => Place,
  next: () => number,
): Place {
  const order = tried.map((_, i) => i).filter((i) => tried[i]?.loss !== undefined);
  const count = order.length;
  order.sort((a, b) => {
    const [one, other] = [tried[a] as Tried, tried[b] as Tried];
    return (other.rung ?? 0) - (one.rung ?? 0) || (one.loss as number) - (other.loss as number) || a - b;
  });
  const best = new Set(order.slice(0, goodOf(count)));
  const places = (good: boolean): Place[] => tried.filter((_, i) => best.has(i) === good).map(({ place }) => place);
  const [good, others] = [new Parzen(dimensions, places(true)), new Parzen(dimensions, places(false))];
  let found: Place | undefined;
  let most = 0;
  for (let i = 0; i < CANDIDATES; i++) {
    const place = active(good.draw(next));
    const ratio = good.at(place) / others.at(place);
    if (!found || ratio > most) [found, most] = [place, ratio];
  }
  return found as Place;
}
