// The networks of 'tabular' learn as PyTorch's of the same parts do, from the same weights.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { optimizerFor, UNITS } from '../../src/evaluate/tabular-members.js';
import { dense, sequential } from '../../src/index.js';
import type { LossName } from '../../src/nn/losses.js';

interface Run {
  readonly loss: LossName;
  readonly y: readonly number[];
  readonly initial: readonly (readonly (readonly number[])[])[];
  readonly losses: readonly number[];
}
const file = new URL('../golden/tabular-run.json.gz', import.meta.url);
const { x, batch, runs } = JSON.parse(gunzipSync(readFileSync(file)).toString()) as {
  x: number[][];
  batch: number;
  runs: Run[];
};

test.each(runs.map((run) => [run.loss, run] as const))('%s over 100 steps', (loss, { y, initial, losses }) => {
  const outputs = initial.at(-1)?.[0]?.length as number;
  const layers = [
    ...UNITS.map((units) => dense({ units, activation: 'silu' })),
    dense({ units: outputs, activation: outputs > 1 ? 'softmax' : 'linear' }),
  ];
  using model = sequential({ inputs: x[0]!.length, layers });
  model.compile({ optimizer: optimizerFor(losses.length, 0.01, 0.1), loss });
  const weights = model.getWeights();
  for (const [i, name] of ['dense', 'dense_1', 'dense_2'].entries()) {
    weights.get(`${name}/kernel`)!.data.set(initial[i]!.flat());
    weights.get(`${name}/bias`)!.data.fill(0);
  }
  model.setWeights(weights);
  for (const [step, expected] of losses.entries()) {
    const rows = Array.from({ length: batch }, (_, i) => (step * batch + i) % x.length);
    const { loss: own } = model.trainOnBatch(
      rows.map((row) => x[row]!),
      rows.map((row) => y[row]!),
    );
    expect(Math.abs(own! - expected), `step ${step}`).toBeLessThan(1e-4 * Math.max(1, expected));
  }
});
