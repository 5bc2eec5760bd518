// Measures the ranges of healthy runs that are given beside the thresholds in src/diagnose/thresholds.ts.   npx tsx bench/thresholds.ts
// TABLES=FOLDER uses whole tables from a folder, in place of the parts in test/fixtures/tables.
import { readDigits } from '../examples/digits-data.js';
import { diagnose } from '../src/diagnose/index.js';
import { fitPipeline } from '../src/evaluate/index.js';
import { type Callback, dense, type Logs, sequential, type Training } from '../src/index.js';
import { lessIsBetter, trainingName } from '../src/nn/figures.js';
import { healthy } from '../test/diagnose/healthy.js';
import { readTable, tables, wholeTables } from '../test/diagnose/tables.js';

const digits = readDigits();
interface Range {
  low: number;
  high: number;
  lowest: string;
  highest: string;
}
const ranges = new Map<string, Range>();

/** Records a figure of a run by name. */
function noting(run: string): (name: string, value: number) => void {
  return (name, value) => {
    if (!Number.isFinite(value)) return;
    const range = ranges.get(name) ?? { low: value, high: value, lowest: run, highest: run };
    ranges.set(name, range);
    if (value < range.low) Object.assign(range, { low: value, lowest: run });
    if (value > range.high) Object.assign(range, { high: value, highest: run });
  };
}

const of = (logs: Logs, figure: string): number[] =>
  Object.entries(logs).flatMap(([key, value]) => (key.startsWith(`${figure}/`) ? [value] : []));

/** Callbacks that record a run's figures, including diagnose. */
function measuring(run: string, regression: boolean): { callbacks: Callback[]; ends: () => void } {
  const note = noting(run);
  const diagnosis = diagnose();
  let first = Number.NaN;
  let updates = 0;
  let outputs = 1;
  const losses: number[] = [];
  let best: Logs = {};
  const watch = {
    onBatchEnd({ logs, model }: Training) {
      if (updates++ > 0) return;
      outputs = model.outputs;
      first = logs['loss'] as number;
    },
    onEpochEnd({ logs }: Training) {
      losses.push(logs['loss'] as number);
      if (!((logs['valLoss'] as number) >= (best['valLoss'] as number))) best = { ...logs };
    },
  };
  const ends = (): void => {
    for (const logs of diagnosis.trace) {
      const gradients = of(logs, 'gradient');
      if (gradients.length > 1) note('gradient, first ÷ last', (gradients[0] as number) / (gradients.at(-1) as number));
      // Gradients are taken within the network, where a pipeline's targets are scaled, so their norm is comparable; losses in the target's units are not.
      note('gradient norm', logs['gradientNorm'] ?? Number.NaN);
      for (const figure of ['update', 'saturated', 'dead']) for (const value of of(logs, figure)) note(figure, value);
    }
    if (!regression) note('first loss ÷ ln(classes)', first / Math.log(outputs === 1 ? 2 : outputs));
    // The epoch at which the rule begins to judge: after five epochs and 200 updates.
    const ripe = Math.max(5, Math.ceil((200 * losses.length) / updates));
    if (updates >= 200)
      note(
        'least loss when it is judged ÷ the first epoch',
        Math.min(...losses.slice(1, ripe + 1)) / (losses[0] as number),
      );
    note('most loss of an epoch ÷ the first batch', Math.max(...losses.slice(0, 50)) / first);
    for (const [name, value] of Object.entries(best)) {
      const seen = best[trainingName(name)] as number;
      if (name === trainingName(name) || name === 'valLoss') continue;
      if (name === 'valR2') note('best epoch: error, validation ÷ training', (1 - value) / (1 - seen));
      else if (lessIsBetter(name)) note('best epoch: error, validation ÷ training', value / seen);
      else note('best epoch: share lost on validation rows', seen - value);
    }
    note('loss at the end ÷ first', (losses.at(-1) as number) / first);
  };
  return { callbacks: [diagnosis, watch], ends };
}

for (const [name, { layers, x = digits.x, y = digits.y, inputs = 64, compile, fit }] of Object.entries(
  await healthy(),
)) {
  using model = sequential({ inputs, layers, seed: 1 }).compile({ loss: 'categoricalCrossentropy', ...compile });
  const { callbacks, ends } = measuring(
    name,
    compile?.loss !== undefined && !String(compile.loss).endsWith('Crossentropy'),
  );
  await model.fit(x, y, { epochs: 10, ...fit, callbacks });
  ends();
}
for (const table of tables) {
  const { x, y } = readTable(table, wholeTables());
  for (const [seed, hidden] of [[32], [32], [64, 32]].entries()) {
    const { callbacks, ends } = measuring(`${table.file} ${hidden}`, table.task === 'regression');
    const layers = hidden.map((units) => dense({ units, activation: 'relu' }));
    const pipeline = { task: table.task, layers, fit: { epochs: 200 }, earlyStopping: { patience: 20 } } as const;
    const fitted = await fitPipeline(pipeline, x, y as readonly string[], { seed, callbacks });
    fitted.model.dispose();
    ends();
  }
}
for (const [name, { low, high, lowest, highest }] of ranges)
  console.log(`${name.padEnd(46)} ${low.toPrecision(2)} (${lowest}) to ${high.toPrecision(2)} (${highest})`);
