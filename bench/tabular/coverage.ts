// How often the 95 % interval of a judgement agrees with fresh rows: 'tabular' is trained and judged on half of a table's rows, and measured on the other half. Both scores are of
// so many rows, so what must contain 0 in 95 % of the draws is the interval of their difference (MOVER, Zou and Donner 2008). The judgement is about networks that have not learnt from a
// row, one for each row; together they are better, which it does not claim.
//   npx tsx bench/tabular/coverage.ts [SEEDS] [TABLE …]
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { encodeLabels, holdOut } from '../../src/data/index.js';
import { fitPipeline, wilsonInterval } from '../../src/evaluate/index.js';
import { intervalOf } from '../../src/evaluate/verdict/intervals.js';
import { readTable } from '../../src/table/index.js';

const [seeds = '10', ...only] = process.argv.slice(2);
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

interface Scored {
  readonly score: number;
  readonly low: number;
  readonly high: number;
}

/** Counts how often two scores agree, and by how much the judged one is larger. */
class Agreement {
  draws = 0;
  #agree = 0;
  #gap = 0;

  add(judged: Scored, measured: Scored): void {
    const difference = judged.score - measured.score;
    const below = Math.hypot(judged.score - judged.low, measured.high - measured.score);
    const above = Math.hypot(judged.high - judged.score, measured.score - measured.low);
    this.draws++;
    this.#agree += Number(difference - below <= 0 && difference + above >= 0);
    this.#gap += difference / measured.score;
  }

  get words(): string {
    return `${((100 * this.#agree) / this.draws).toFixed(1)} % | ${((100 * this.#gap) / this.draws).toFixed(1)} %`;
  }
}

const [alone, together] = [new Agreement(), new Agreement()];
console.log(
  '| table | agrees with each network | judged − fresh, of the score | with all together | judged − fresh |\n|---|---|---|---|---|',
);
for (const line of readFileSync(here('tables/tables.csv'), 'utf8').trim().split('\n').slice(1)) {
  const [file, target, task] = line.split(',') as [string, string, string];
  const name = file.replace('.csv.gz', '');
  if (only.length > 0 && !only.includes(name)) continue;
  const table = (await readTable(readFileSync(here(`tables/${file}`)))).known(target);
  const strata = task === 'classification' && { stratify: encodeLabels(table.values(target).map(String)).indices };
  const [one, all] = [new Agreement(), new Agreement()];
  for (let seed = 0; seed < Number(seeds); seed++) {
    const [split] = [...holdOut(table.rows, { testSize: 0.5, seed, ...strata })];
    if (!split) continue;
    using fitted = await fitPipeline('tabular', table.select(split.train), target, { seed });
    const fresh = table.select(split.test);
    const actual = fresh.values(target);
    const figures = fitted.judgement?.figures as Readonly<Record<string, number>>;
    const judged = {
      score: figures['accuracy'] ?? (figures['meanAbsoluteError'] as number),
      low: figures['low'] as number,
      high: figures['high'] as number,
    };
    const { classes } = fitted;
    const scored = (predictions: readonly (readonly unknown[])[]): Scored =>
      classes ? rights(actual, predictions, classes) : errors(actual, predictions as number[][]);
    const each = scored(fitted.members.map((member) => member.predict(fresh)));
    const ensemble = scored([fitted.predict(fresh)]);
    for (const list of [one, alone]) list.add(judged, each);
    for (const list of [all, together]) list.add(judged, ensemble);
  }
  console.log(`| ${name} | ${one.words} | ${all.words} |`);
}
console.log(`| all ${alone.draws} draws | ${alone.words} | ${together.words} |`);

/** The share that is right, of several predictions on average. */
function rights(
  actual: readonly unknown[],
  predictions: readonly (readonly unknown[])[],
  classes: readonly unknown[],
): Scored {
  // A boolean target has the table's words as its classes.
  const words = new Set(classes.map(String));
  const own = actual.map((value) =>
    words.has(String(value)) ? String(value) : String(classes[value === true ? 1 : 0]),
  );
  const share = mean(predictions.map((list) => mean(list.map((label, i) => Number(String(label) === own[i])))));
  const [low, high] = wilsonInterval(Math.round(share * own.length), own.length);
  return { score: share, low: Math.min(share, low), high: Math.max(share, high) };
}

/** The mean absolute error, of several predictions on average. */
function errors(actual: readonly unknown[], predictions: readonly (readonly number[])[]): Scored {
  const off = actual.map((value, i) => mean(predictions.map((list) => Math.abs((list[i] as number) - Number(value)))));
  const { mean: score, half } = intervalOf(off);
  return { score, low: score - half, high: score + half };
}
