// Training on real digits gives good accuracy, and the same bits in every runtime.
import { adam, dense, rescaling, sequential } from 'simdense';
import { holdOut } from 'simdense/data';
import { expect, test } from 'vitest';
import { readDigits } from '../../examples/digits-data.js';
import { weightsHash } from '../helpers/models.js';

/** SHA-256 of the trained weights: the same on Node 20, 22, 24 and 26, whichever tile is chosen meanwhile. */
const HASH = '4b61dd75a949ced31b36737bb72537940ffef6e9f7afcbb12543e4ac0dd77387';

test('64-64-32-10 reads at least 97 % of held out digits, and its weights have the committed hash', async () => {
  const { x, y } = readDigits();
  const [split] = holdOut(x.rows, { stratify: y, seed: 42 });
  const { train, test: held } = split!;
  const layers = [
    rescaling({ scale: 1 / 16 }),
    dense({ units: 64, activation: 'relu' }),
    dense({ units: 32, activation: 'relu' }),
    dense({ units: 10, activation: 'softmax' }),
  ];
  using model = sequential({ inputs: 64, layers, seed: 42 }).compile({
    optimizer: adam({ learningRate: 0.003 }),
    loss: 'categoricalCrossentropy',
    metrics: ['accuracy'],
  });
  await model.fit(
    x.select(train),
    train.map((row) => y[row]!),
    { epochs: 30 },
  );
  const { accuracy } = model.evaluate(
    x.select(held),
    held.map((row) => y[row]!),
  );
  expect(accuracy).toBeGreaterThan(0.97);
  expect(weightsHash(model)).toBe(HASH);
});
