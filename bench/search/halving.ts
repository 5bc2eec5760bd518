// How far the point that is found lies above the least loss of five surrogates after 27 epochs, with all epochs for each point and by halving, for about the same epochs in all: medians over seeds.
//   npx tsx bench/search/halving.ts [SEEDS]
import { budgets, regretAfter, type Setting, space, surrogates } from '../../test/helpers/surrogates.js';
import { bestPointOf } from '../../test/helpers/tried.js';

const seeds = Number(process.argv[2] ?? 50);
const halving = { factor: 3, rungs: 3 };
const top = budgets.length - 1;
const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return ((sorted[(sorted.length - 1) >> 1] as number) + (sorted[sorted.length >> 1] as number)) / 2;
};
/** Pairs that take about as many epochs. */
const columns = [
  { strategy: 'random', trials: 20 },
  { strategy: 'random', trials: 57, halving },
  { strategy: 'random', trials: 40 },
  { strategy: 'random', trials: 113, halving },
  { strategy: 'bayes', trials: 20 },
  { strategy: 'bayes', trials: 38, halving },
  { strategy: 'bayes', trials: 40 },
  { strategy: 'bayes', trials: 75, halving },
] as const;
const titles = columns.map((each) => `${each.strategy} ${each.trials}${'halving' in each ? ' halved' : ''}`);
console.log(`| table | ${titles.join(' | ')} |\n|---|${columns.map(() => '---|').join('')}`);
const work = columns.map(() => 0);
for (const table of surrogates) {
  const figures = columns.map(({ strategy, ...how }, c) =>
    median(
      Array.from({ length: seeds }, (_, seed) => {
        const rung = (share: number): number => top + Math.round(Math.log(share) / Math.log(halving.factor));
        const found = bestPointOf<Setting>(strategy, space, { seed, ...how }, (p, share) =>
          regretAfter(table, p, rung(share)),
        );
        work[c] = (work[c] as number) + found.work / seeds / surrogates.length;
        return regretAfter(table, found.point, top);
      }),
    ).toFixed(4),
  );
  console.log(`| ${table} | ${figures.join(' | ')} |`);
}
console.log(`| trainings of all epochs | ${work.map((each) => each.toFixed(1)).join(' | ')} |`);
