// One training run with everything that draws or computes gives the same bits in every runtime.
import { activation, adamw, batchNormalization, dense, dropout, gaussianNoise, rescaling, sequential } from 'simdense';
import { jitter, mixup, rotateImage, shiftImage } from 'simdense/data';
import { expect, test } from 'vitest';
import { readDigits } from '../../examples/digits-data.js';
import { weightsHash } from '../helpers/models.js';

/** SHA-256 of the trained weights: the same on Node 20, 22, 24 and 26, whichever tile is chosen meanwhile. */
const HASH = '62cc7d45ed44e895e5552dea8613e0ea1641d36e1510036db4f55443fb1538ea';

test('normalization, noise, penalties, augmentation, a schedule and clipping have one hash', async () => {
  const { x, y } = readDigits();
  const size = { width: 8, height: 8 };
  using model = sequential({
    inputs: 64,
    layers: [
      rescaling({ scale: 1 / 16 }),
      gaussianNoise({ stddev: 0.05 }),
      dense({ units: 37, kernelInitializer: 'orthogonal', kernelRegularizer: { l1: 1e-5, l2: 1e-4 } }),
      batchNormalization(),
      activation('gelu'),
      dropout({ rate: 0.1 }),
      dense({ units: 21, activation: 'silu', kernelInitializer: 'heNormal' }),
      dense({ units: 10, activation: 'softmax' }),
    ],
    seed: 9,
  }).compile({
    optimizer: adamw({ learningRate: { type: 'cosine', initial: 0.01, steps: 240, warmup: 10 }, clipNorm: 1 }),
    loss: 'categoricalCrossentropy',
    metrics: ['accuracy'],
  });
  await model.fit(x, y, {
    epochs: 8,
    batchSize: 60,
    classWeight: 'balanced',
    augment: [
      rotateImage({ ...size, degrees: 8 }),
      shiftImage({ ...size, max: 1 }),
      jitter({ stddev: 0.5 }),
      mixup({ alpha: 0.2 }),
    ],
  });
  expect(model.evaluate(x, y)['accuracy']).toBeGreaterThan(0.8);
  expect(weightsHash(model)).toBe(HASH);
});
