// A row by the networks of 'tabular', saved and read by simdense/predict, beside a row by each of them: medians of interleaved rounds.   npx tsx bench/tabular/one-row.ts      after npm run build
import { readFileSync } from 'node:fs';
import { loadEnsemblePredictor, loadPredictor } from 'simdense/predict';
import { interleaved, repeated } from '../../src/bench/measure.js';
import { fitPipeline } from '../../src/evaluate/index.js';
import { readTable } from '../../src/table/index.js';

const file = new URL('tables/titanic.csv.gz', import.meta.url);
const table = await readTable(new Uint8Array(readFileSync(file)));
const known = table.known('survived');
using fitted = await fitPipeline('tabular', known, 'survived');
const { survived: _, ...record } = known.row(0) as Record<string, unknown>;
using all = loadEnsemblePredictor(fitted.save());
const each = fitted.members.map((member) => loadPredictor(member.save()));
const tasks = [
  repeated('all', () => void all.predict([record])),
  ...each.map((one, m) => repeated(`network ${m}`, () => void one.predict([record]))),
];
const times = await interleaved(tasks, 41);
const singles = each.map((_, m) => times.get(`network ${m}`) as number);
const mean = singles.reduce((sum, time) => sum + time, 0) / singles.length;
const together = times.get('all') as number;
console.log(
  `a record of the titanic: ${each.length} networks together ${together.toFixed(1)} µs; each ${singles.map((time) => time.toFixed(1)).join(', ')} µs`,
);
console.log(
  `${(together / mean).toFixed(2)} times the mean of one, ${(together / (singles[0] as number)).toFixed(2)} times the first`,
);
for (const one of each) one.dispose();
