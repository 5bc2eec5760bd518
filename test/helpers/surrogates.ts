// What networks of five tables score, by their settings: a grid that was trained once (bench/search/surrogates.ts), with straight lines between its rates.
import { readFileSync } from 'node:fs';

interface Grid {
  readonly units: readonly number[];
  readonly layers: readonly number[];
  readonly rates: readonly number[];
  readonly dropouts: readonly number[];
  /** The loss of each combination by table; dropouts vary fastest. */
  readonly losses: Readonly<Record<string, readonly number[]>>;
}
const grid: Grid = JSON.parse(readFileSync(new URL('../golden/search/surrogates.json', import.meta.url), 'utf8'));
const { units, layers, rates, dropouts, losses } = grid;

/** The same settings after each of these numbers of epochs (bench/search/curves.ts). */
const curves: {
  readonly budgets: readonly number[];
  readonly losses: Readonly<Record<string, readonly (readonly number[])[]>>;
} = JSON.parse(readFileSync(new URL('../golden/search/curves.json', import.meta.url), 'utf8'));
export const { budgets } = curves;

export interface Setting {
  readonly units: number;
  readonly layers: number;
  readonly rate: number;
  readonly dropout: number;
}

export const space = {
  units: [...units],
  layers: { min: 1, max: 3, integer: true },
  rate: { min: rates[0] as number, max: rates.at(-1) as number, scale: 'log' as const },
  dropout: { min: 0, max: dropouts.at(-1) as number },
};

export const surrogates = Object.keys(losses);

/** The place of a value among ascending ones: the one below, and the share of the way to the next. */
function between(values: readonly number[], value: number): readonly [number, number] {
  const i = Math.max(0, Math.min(values.length - 2, values.filter((each) => each <= value).length - 1));
  const [low, high] = [values[i] as number, values[i + 1] as number];
  return [i, (value - low) / (high - low)];
}

/** How far the loss of a setting lies above the least one. */
export const regret = (table: string, setting: Setting): number => above(losses[table] as readonly number[], setting);

/** The same after the number of epochs that stands at this place of `budgets`. */
export const regretAfter = (table: string, setting: Setting, rung: number): number =>
  above(curves.losses[table]?.[rung] as readonly number[], setting);

function above(all: readonly number[], setting: Setting): number {
  const [r, alongRate] = between(
    rates.map((rate) => Math.log(rate)),
    Math.log(setting.rate),
  );
  const [d, alongDropout] = between(dropouts, setting.dropout);
  const from = (units.indexOf(setting.units) * layers.length + layers.indexOf(setting.layers)) * rates.length;
  const at = (i: number, j: number): number => all[(from + r + i) * dropouts.length + d + j] as number;
  const along = (j: number): number => at(0, j) * (1 - alongRate) + at(1, j) * alongRate;
  return along(0) * (1 - alongDropout) + along(1) * alongDropout - Math.min(...all);
}
