// createEngine('fastest'): an engine like one with the same options, measured once in the process.
import { describe, expect, test, vi } from 'vitest';
import { readDigits } from '../../examples/digits-data.js';
import { fastestChoice } from '../../src/engine/fastest.js';
import { createEngine, dense, Engine, type EngineOptions, SimdenseError, sequential } from '../../src/index.js';

async function lossesOn(engine: Engine): Promise<unknown[]> {
  const { x, y } = readDigits();
  const layers = [dense({ units: 32, activation: 'relu' }), dense({ units: 10, activation: 'softmax' })];
  using model = sequential({ inputs: 64, layers, seed: 4, engine }).compile({ loss: 'categoricalCrossentropy' });
  const { epochs } = await model.fit(x, y, { epochs: 3 });
  return epochs.map(({ loss }) => loss);
}

test("createEngine('fastest') trains to the losses of an engine with the same options", async () => {
  using fastest = await createEngine('fastest');
  const { threads, relaxed, wide } = fastest;
  using same = await createEngine({ threads, relaxed, wide });
  expect(await lossesOn(fastest)).toEqual(await lossesOn(same));
  using again = await createEngine('fastest');
  expect([again.threads, again.relaxed]).toEqual([threads, relaxed]);
});

test('other words are refused', async () => {
  await expect(createEngine('fast' as never)).rejects.toThrow(SimdenseError);
});

describe('the trial', () => {
  test('leaves out what cannot be made, gives back its engines, and is asked for again after a failure', async () => {
    vi.resetModules();
    const { fastestChoice: fresh } = await import('../../src/engine/fastest.js');
    const broken = vi.fn(async () => {
      throw new Error('broken');
    });
    const made: Engine[] = [];
    const choose = (o: EngineOptions): Promise<Engine> => {
      // A class of the modules that were loaded anew would be another one.
      const engine = new Engine(undefined);
      made.push(engine);
      if (o.wide) return Promise.reject(new Error('not in this test'));
      return Promise.resolve(engine);
    };
    const { choices } = await import('../../src/engine/fastest.js');
    if (choices().length === 1) return;
    await expect(fresh(broken)).rejects.toThrow('broken');
    if (choices().some(({ wide }) => wide)) return;
    // Engines that are all the same: whichever is chosen, all are given back.
    const choice = await fresh(choose);
    expect(choice).toBeTypeOf('object');
    expect(made.length).toBeGreaterThan(1);
    for (const engine of made) expect(() => engine.allocate(64)).toThrow('used after dispose');
    expect(await fresh(broken)).toEqual(choice);
  });

  test('is shared by calls at the same time', async () => {
    const make = (o: EngineOptions) => createEngine(o);
    const [one, other] = await Promise.all([fastestChoice(make), fastestChoice(make)]);
    expect(one).toBe(other);
  });
});
