// The thousandth epoch costs as much as the first (first-contact row 11). This depends on the clock, so it only runs in `npm run torture`.
import { expect, test } from 'vitest';
import { diagnose } from '../../src/diagnose/index.js';
import { dense, sequential } from '../../src/index.js';
import { torture } from '../torture/rounds.js';

test.runIf(torture > 0)(
  'time of runs of up to 100,000 epochs: the exponent over epochs is at most 1.1',
  { timeout: 600_000 },
  async () => {
    const x = Array.from({ length: 32 }, (_, i) => [i & 1, (i >> 1) & 1, i / 32]);
    const y = Float32Array.from(x, ([a, b]) => Number(a !== b));
    const time = async (epochs: number): Promise<number> => {
      using model = sequential({
        inputs: 3,
        layers: [dense({ units: 8, activation: 'relu' }), dense({ units: 1, activation: 'sigmoid' })],
      });
      model.compile({ loss: 'binaryCrossentropy' });
      const begin = performance.now();
      await model.fit(x, y, { epochs, validationData: [x, y], callbacks: [diagnose()] });
      return performance.now() - begin;
    };
    await time(1000);
    const sizes = [4000, 20_000, 100_000];
    const points: [number, number][] = [];
    for (const epochs of sizes) points.push([Math.log(epochs), Math.log(await time(epochs))]);
    const mean = (at: 0 | 1) => points.reduce((sum, point) => sum + point[at], 0) / points.length;
    const [mx, my] = [mean(0), mean(1)];
    const slope =
      points.reduce((sum, [a, b]) => sum + (a - mx) * (b - my), 0) /
      points.reduce((sum, [a]) => sum + (a - mx) ** 2, 0);
    expect(slope).toBeLessThan(1.1);
  },
);
