// A search around the networks of 'tabular' beside 'tabular' itself on the eighteen tables of bench/tabular: the outer folds of a fivefold cross-validation judge what the search never saw.
//   npx tsx bench/tuned.ts SECONDS FOLDS [TABLE …]      FOLDS of the five outer folds are taken; each takes SECONDS for the search
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { atOnce } from '../src/base/pause.js';
import { encodeLabels, kFold } from '../src/data/index.js';
import { splitJobs } from '../src/evaluate/cross-validate.js';
import { readingDataset, rowsOf, splitBy } from '../src/evaluate/dataset.js';
import type { Ensemble } from '../src/evaluate/ensemble.js';
import { ensembleOf } from '../src/evaluate/ensemble.js';
import { resultsOf, runAll } from '../src/evaluate/executor.js';
import type { FitJob, FitResult } from '../src/evaluate/fit-job.js';
import { fitPipeline, type Pipeline, search, tabularSpace } from '../src/evaluate/index.js';
import { readTable, type Table } from '../src/table/index.js';

const [seconds = '60', outer = '5', ...only] = process.argv.slice(2);
const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The networks of one point, as the search has trained them. */
async function ofPoint(pipeline: Pipeline, train: Table, target: string): Promise<Ensemble> {
  const data = atOnce(readingDataset('bench', train, target, {}, {}));
  const splits = kFold(rowsOf(data), { folds: 5, seed: 0, ...splitBy(data) });
  const jobs = (await splitJobs('bench', splits, data, {}, { model: true })).map((job) => ({ ...job, pipeline }));
  return ensembleOf(data, jobs, resultsOf(await runAll<FitJob, FitResult>('fit', jobs, data, {})), {});
}

const better = { tabular: 0, member: 0 };
let [worse, tables] = [0, 0];
const ratios: number[] = [];
console.log(
  '| table | tabular | best point | ensemble | ÷ tabular | ÷ best | standard errors better | points |\n|---|---|---|---|---|---|---|---|',
);
for (const line of readFileSync(here('tabular/tables/tables.csv'), 'utf8').trim().split('\n').slice(1)) {
  const [file, target, task] = line.split(',') as [string, string, string];
  const name = file.replace('.csv.gz', '');
  if (only.length > 0 && !only.includes(name)) continue;
  const table = (await readTable(readFileSync(here(`tabular/tables/${file}`)))).known(target);
  const strata = task === 'classification' && { stratify: encodeLabels(table.values(target).map(String)).indices };
  const folds = [...kFold(table.rows, { folds: 5, seed: 0, ...strata })].slice(0, Number(outer));
  /** For each judged row how wrong each is: 0 or 1, or the squared error. */
  const wrong = { tabular: [] as number[], member: [] as number[], ensemble: [] as number[] };
  let points = 0;
  for (const { train, test } of folds) {
    const [learnt, judged] = [table.select(train), table.select(test)];
    const measure = (model: Ensemble, into: number[]): void => {
      const [actual, predicted] = [model.actual(judged), model.predict(judged)];
      for (const [i, value] of actual.entries())
        into.push(model.classes ? Number(value !== predicted[i]) : (Number(value) - Number(predicted[i])) ** 2);
      model.dispose();
    };
    measure(await fitPipeline('tabular', learnt, target), wrong.tabular);
    const around = tabularSpace(learnt, target);
    const found = await search({
      ...around,
      x: learnt,
      y: target,
      strategy: 'bayes',
      seconds: Number(seconds),
      ensemble: true,
    });
    points += found.trials.length / folds.length;
    measure(found.ensemble, wrong.ensemble);
    measure(await ofPoint(around.pipeline(found.best.parameters), learnt, target), wrong.member);
  }
  const errorOf = (values: readonly number[]): number =>
    task === 'classification' ? mean(values) : Math.sqrt(mean(values));
  const [tabular, member, ensemble] = [wrong.tabular, wrong.member, wrong.ensemble].map(errorOf) as [
    number,
    number,
    number,
  ];
  const gains = wrong.tabular.map((value, i) => value - (wrong.ensemble[i] as number));
  const gain = mean(gains);
  const error = Math.sqrt(mean(gains.map((value) => (value - gain) ** 2)) / (gains.length - 1));
  tables++;
  better.tabular += Number(ensemble < tabular);
  better.member += Number(ensemble < member);
  worse += Number(gain < -error);
  ratios.push(ensemble / tabular);
  const figures = [tabular, member, ensemble, ensemble / tabular, ensemble / member, gain / error];
  console.log(`| ${name} | ${figures.map((value) => value.toPrecision(3)).join(' | ')} | ${points.toFixed(0)} |`);
}
console.log(
  `\nBetter than 'tabular' on ${better.tabular} of ${tables}, worse by more than a standard error on ${worse}; better than the best point on ${better.member}; ` +
    `errors ${Math.exp(mean(ratios.map(Math.log))).toFixed(3)} of those of 'tabular' (geometric mean)`,
);
