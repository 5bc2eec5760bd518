// What simdense/diagnose measures of healthy trainings: the ranges that stand beside its thresholds in src/diagnose/thresholds.ts.   npx tsx bench/thresholds.ts
import { readDigits } from '../examples/digits-data.js';
import { diagnose } from '../src/diagnose/index.js';

import { type Logs, sequential } from '../src/index.js';
import { healthy } from '../test/diagnose/healthy.js';

const digits = readDigits();
const ranges: Record<string, [number, number]> = {};
const note = (name: string, value: number): void => {
  if (!Number.isFinite(value)) return;
  const [low, high] = ranges[name] ?? [value, value];
  ranges[name] = [Math.min(low, value), Math.max(high, value)];
};
const of = (logs: Logs, figure: string): number[] =>
  Object.entries(logs).flatMap(([key, value]) => (key.startsWith(`${figure}/`) ? [value] : []));

for (const [name, { layers, x = digits.x, y = digits.y, inputs = 64, compile, fit }] of Object.entries(
  await healthy(),
)) {
  using model = sequential({ inputs, layers, seed: 1 }).compile({ loss: 'categoricalCrossentropy', ...compile });
  const diagnosis = diagnose();
  let first = Number.NaN;
  const counts = new Map<number, number>();
  let rows = 0;
  const watch = {
    onBatchEnd({ logs, iteration }: { logs: Logs; iteration: number }) {
      if (iteration === 1) first = logs['loss'] as number;
    },
    onEpochEnd() {
      if (model.outputs === 1) return;
      for (const label of model.predict(x).argmax()) counts.set(label, (counts.get(label) ?? 0) + 1);
      rows += model.predict(x).rows;
      note('largest share of one class', Math.max(...counts.values()) / rows);
      counts.clear();
      rows = 0;
    },
  };
  const { epochs } = await model.fit(x, y, { epochs: 10, ...fit, callbacks: [diagnosis, watch] });
  for (const logs of diagnosis.trace) {
    const gradients = of(logs, 'gradient');
    // The first kernel's ÷ the last one's.
    if (gradients.length > 1) note('gradient, first ÷ last', (gradients[0] as number) / (gradients.at(-1) as number));
    note('gradient norm', logs['gradientNorm'] as number);
    for (const value of of(logs, 'update')) note('update ÷ weights', value);
    for (const value of of(logs, 'saturated')) note('saturated share', value);
    for (const value of of(logs, 'dead')) note('dead share', value);
  }
  if (!/regression/.test(name))
    note('first loss ÷ ln(classes)', first / Math.log(model.outputs === 1 ? 2 : model.outputs));
  const losses = epochs.map(({ loss }) => loss as number);
  note('loss after five epochs ÷ first', (losses[4] as number) / first);
  note('loss at the end ÷ first', (losses.at(-1) as number) / first);
}
for (const [name, [low, high]] of Object.entries(ranges))
  console.log(`${name.padEnd(34)} ${low.toPrecision(2)} to ${high.toPrecision(2)}`);
console.log(`(a class collapse is from ${0.98} on)`);
