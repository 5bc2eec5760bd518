// How far the best of n points lies above the least loss of five surrogates, by strategy: medians over seeds.
//   npx tsx bench/search/regret.ts [SEEDS]
import { regret, type Setting, space, surrogates } from '../../test/helpers/surrogates.js';
import { bestOf } from '../../test/helpers/tried.js';

const seeds = Number(process.argv[2] ?? 50);
const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return ((sorted[(sorted.length - 1) >> 1] as number) + (sorted[sorted.length >> 1] as number)) / 2;
};
console.log('| table | random 30 | random 60 | bayes 30 | bayes 60 |\n|---|---|---|---|---|');
for (const table of surrogates) {
  const figure = (strategy: 'random' | 'bayes', trials: number): string =>
    median(
      Array.from({ length: seeds }, (_, seed) =>
        bestOf(strategy, space, trials, seed, (p: Setting) => regret(table, p)),
      ),
    ).toFixed(4);
  console.log(
    `| ${table} | ${figure('random', 30)} | ${figure('random', 60)} | ${figure('bayes', 30)} | ${figure('bayes', 60)} |`,
  );
}
