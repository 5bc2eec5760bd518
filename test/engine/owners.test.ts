// Models and predictors that are dropped without dispose: their memory is freed, at the latest when an allocation would fail.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { beforeAll, describe, expect, test } from 'vitest';
import { dense, Engine, type SimdenseError, sequential } from '../../src/index.js';
import { Network } from '../../src/nn/network.js';
import { Predictor } from '../../src/predict/predictor.js';

const layers = [dense({ units: 100 })];
const turn = () => new Promise((resolve) => setTimeout(resolve));

const makers: [name: string, make: (engine: Engine) => { dispose(): void }][] = [
  ['models', (engine) => sequential({ inputs: 50, layers, engine })],
  ['predictors', (engine) => new Predictor(new Network(engine, 50, layers), layers)],
];

describe.each(makers)('first-contact row 84: %s', (_, make) => {
  let collect: () => void;
  beforeAll(() => {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
    setFlagsFromString('--no-expose-gc');
  });

  test('that are dropped are given back when they are collected', async () => {
    const engine = new Engine();
    for (let i = 0; i < 50; i++) make(engine);
    expect(engine.bytesInUse).toBeGreaterThan(0);
    for (let i = 0; i < 100 && engine.bytesInUse > 0; i++) {
      collect();
      await turn();
    }
    expect(engine.bytesInUse).toBe(0);
  });

  test('that are dropped make room for others, without a collection of ours', async () => {
    // Room for about ten.
    const engine = new Engine(250_000);
    for (let i = 0; i < 200; i++) {
      make(engine);
      await turn();
    }
    expect(engine.bytesInUse).toBeLessThanOrEqual(250_000);
  });

  test('that are held stay, and the error says what to do', async () => {
    const engine = new Engine(250_000);
    const held: { dispose(): void }[] = [];
    let error: SimdenseError | undefined;
    while (!error) {
      try {
        held.push(make(engine));
      } catch (cause) {
        error = cause as SimdenseError;
      }
      await turn();
    }
    expect(error.code).toBe('OUT_OF_MEMORY');
    expect(error.message).toContain(
      `maxMemory is 250000. ${held.length} models and predictors have memory: dispose() those that you no longer need;`,
    );
    const { bytesInUse } = engine;
    held.pop()?.dispose();
    expect(engine.bytesInUse).toBeLessThan(bytesInUse);
    make(engine).dispose();
    for (const one of held) one.dispose();
    expect(engine.bytesInUse).toBe(0);
  });

  test('that are dropped in one synchronous loop cannot be known to be; after a turn they are', async () => {
    const engine = new Engine(250_000);
    const fill = (): void => {
      for (let i = 0; i < 100; i++) make(engine);
    };
    expect(fill).toThrow(/the event loop frees forgotten ones/);
    await turn();
    make(engine);
  });
});

test('one that is in use is not taken back, though its last use is what asks for memory', async () => {
  const engine = new Engine(400_000);
  const model = sequential({ inputs: 50, layers, engine });
  const x = Float32Array.from({ length: 50 * 100 }, (_, i) => Math.sin(i));
  const expected = model.predict(x.subarray(0, 5000)).data;
  for (let i = 0; i < 25; i++) {
    sequential({ inputs: 50, layers, engine });
    await turn();
    expect(model.predict(x, { batchSize: 1 + (i % 100) }).data).toEqual(expected);
  }
});
