// The build with fused multiply-add: results close to the default build's, the same bits with every tile, and a clear refusal if the runtime does not support it.
import { describe, expect, test } from 'vitest';
import { readDigits } from '../../examples/digits-data.js';
import { tilesOf } from '../../src/engine/tiles.js';
import { FUSED_BITS, fingerprint, KNOWN_BITS } from '../../src/engine/wide.js';
import { adam, createEngine, dense, Engine, sequential } from '../../src/index.js';
import { weightsHash } from '../helpers/models.js';
import { distance, numbers } from '../helpers/numbers.js';

/** V8 before 11.8 does not support it. */
const has = Number.parseInt(process.versions.node, 10) >= 22;

test.runIf(!has)('where there is none it is refused, and nothing is loaded', async () => {
  await expect(createEngine({ relaxed: true })).rejects.toThrow(
    'createEngine(relaxed): this runtime has no relaxed SIMD. Node 22, Chrome 114, Firefox 145, Deno, Bun and later have it',
  );
  await expect(createEngine({ relaxed: true, threads: 2 })).rejects.toThrow(
    expect.objectContaining({ code: 'UNSUPPORTED' }),
  );
});

describe.runIf(has)('where there is', () => {
  test('every tile gives the same bits, those of a fused or of a plain multiply-add', async () => {
    using engine = await createEngine({ relaxed: true });
    const { rows, columns } = tilesOf(engine);
    expect(engine.kernels).toMatch(/^relaxed (6x8|2x16|6x16)$/);
    const found = new Set<number>();
    for (let row = 0; row < rows.length; row++) {
      for (let column = 0; column < columns.length; column++) {
        engine.calls.setTiles(row, column);
        found.add(fingerprint(engine));
      }
    }
    expect(found.size).toBe(1);
    expect([FUSED_BITS, KNOWN_BITS]).toContain([...found][0]);
  });

  test('a product is within the rounding of its sum of the default one', async () => {
    using relaxed = await createEngine({ relaxed: true });
    const plain = new Engine();
    for (const [rows, inputs, units] of [
      [1, 1, 1],
      [7, 33, 17],
      [64, 784, 128],
      [31, 2000, 40],
    ] as const) {
      const next = numbers(rows + inputs);
      const x = Float32Array.from({ length: rows * inputs }, next);
      const layers = [dense({ units, kernelInitializer: { type: 'randomUniform', min: -1, max: 1 } })];
      using a = sequential({ inputs, layers, engine: relaxed, seed: 5 });
      using b = sequential({ inputs, layers, engine: plain, seed: 5 });
      expect(weightsHash(a)).toBe(weightsHash(b));
      // Each of both roundings of a step is at most half a unit of the sum: in truth near √k of them (Higham 2002, section 4.2).
      const bound = 4 * Math.sqrt(inputs) * 2 ** -24 + 2 ** -22;
      expect(distance(a.predict(x).data, b.predict(x).data)).toBeLessThan(bound * 2);
    }
  });

  test('a training stays near the default one, and learns as well', async () => {
    using engine = await createEngine({ relaxed: true });
    const { x, y } = readDigits();
    const train = async (on?: Engine) => {
      const layers = [dense({ units: 64, activation: 'relu' }), dense({ units: 10, activation: 'softmax' })];
      const model = sequential({ inputs: 64, layers, seed: 2, ...(on && { engine: on }) });
      model.compile({ optimizer: adam(), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
      const { epochs } = await model.fit(x, y, { epochs: 10 });
      return { loss: epochs.map((logs) => logs['loss']!), accuracy: model.evaluate(x, y)['accuracy']! };
    };
    const [relaxed, plain] = [await train(engine), await train()];
    expect(distance(relaxed.loss, plain.loss)).toBeLessThan(1e-3);
    expect(Math.abs(relaxed.accuracy - plain.accuracy)).toBeLessThan(0.005);
  });

  test.each([2, 3])('%d threads give the bits of one', async (threads) => {
    const train = async (o: { threads: number }) => {
      using engine = await createEngine({ relaxed: true, ...o });
      const layers = [dense({ units: 200, activation: 'tanh' }), dense({ units: 3 })];
      using model = sequential({ inputs: 300, layers, engine }).compile({ loss: 'meanSquaredError' });
      const next = numbers(8);
      const x = Float32Array.from({ length: 150 * 300 }, next);
      await model.fit(x, Float32Array.from({ length: 450 }, next), { epochs: 2, batchSize: 64 });
      return weightsHash(model);
    };
    expect(await train({ threads })).toBe(await train({ threads: 1 }));
  });
});
