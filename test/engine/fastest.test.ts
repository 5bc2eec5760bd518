// createEngine('fastest'): an engine like one with the same options, measured once in the process.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readDigits } from '../../examples/digits-data.js';
import { type Choice, fastestChoice } from '../../src/engine/fastest.js';
import {
  createEngine,
  dense,
  Engine,
  type EngineOptions,
  SimdenseError,
  sequential,
  supports,
} from '../../src/index.js';

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

/**
 * A V8 and its clock: a product takes `times`, by the options; kernels are optimised in their fifth run, and are wide from then on if the flag is on at that moment. The clock goes
 * on only when something runs. Tells what V8's flag was when each engine was made and ran.
 */
function simulate(times: Readonly<Record<string, number>>, { noise = (_: Choice, _run: number): number => 1 } = {}) {
  let [clock, flag] = [0, false];
  const log: string[] = [];
  const v8 = { setFlagsFromString: (text: string) => (flag = !text.startsWith('--no-')) };
  const host = Object.create(process, {
    versions: { value: { node: '24.0.0', v8: '13.6.233' } },
    execArgv: { value: [] },
    getBuiltinModule: {
      value: (name: string) =>
        name === 'node:v8' ? v8 : name === 'node:os' ? { availableParallelism: () => 2 } : { Worker: class {} },
    },
  });
  vi.stubGlobal('process', host);
  vi.spyOn(performance, 'now').mockImplementation(() => clock);
  const disposed: string[] = [];
  const nameOf = ({ relaxed, wide, threads }: Choice): string =>
    [relaxed && 'relaxed', wide && 'wide', threads && 'threads'].filter(Boolean).join(' ') || 'plain';
  const make = async (choice: Choice): Promise<Engine> => {
    let [runs, fused] = [0, false];
    log.push(`${nameOf(choice)} with the flag ${flag ? 'on' : 'off'}`);
    const product = (): void => {
      if (++runs === 5) fused = flag;
      clock += (times[nameOf({ ...choice, ...(fused && { wide: true }) })] as number) * noise(choice, runs);
    };
    return {
      wide: choice.wide,
      allocate: () => 0,
      calls: { denseForward: product, denseKernelGradient() {} },
      dispose: () => disposed.push(nameOf(choice)),
    } as unknown as Engine;
  };
  return { make, log, disposed, isOn: () => flag };
}

describe('V8 optimises lazily, under the flags of the moment', () => {
  // An engine of an earlier test may have turned the flag on for good.
  const state = globalThis as Record<symbol, unknown>;
  const WANTED = Symbol.for('simdense.revectorization');
  const before = state[WANTED];
  beforeEach(() => void delete state[WANTED]);
  afterEach(() => {
    state[WANTED] = before;
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
  });

  const fresh = async (): Promise<typeof fastestChoice> => {
    vi.resetModules();
    return (await import('../../src/engine/fastest.js')).fastestChoice;
  };
  // Node 20 has none, and the simulation does not change that.
  const has = supports();
  const times = { plain: 8, relaxed: 6, wide: 4.5, 'relaxed wide': 3.5 };
  const alone = { threads: 9, 'relaxed threads': 9, 'wide threads': 9, 'relaxed wide threads': 9 };

  test.runIf(has.relaxed)(
    'so wide engines come after all others, and the choice names what makes it fast',
    async () => {
      const { make, log, disposed } = simulate({ ...times, ...alone });
      const choose = await fresh();
      expect(await choose(make)).toEqual({ relaxed: true, wide: true });
      expect(log).toEqual([
        ...['plain', 'relaxed', 'threads', 'relaxed threads'].map((name) => `${name} with the flag off`),
        ...['wide', 'relaxed wide', 'wide threads', 'relaxed wide threads'].map((name) => `${name} with the flag on`),
      ]);
      expect(disposed.length).toBe(8);
    },
  );

  test.runIf(has.relaxed)('without wide the flag is off at the end', async () => {
    const { make, isOn } = simulate({ ...times, ...alone, wide: 8, 'relaxed wide': 6 });
    const choose = await fresh();
    expect(await choose(make)).toEqual({ relaxed: true });
    expect(isOn()).toBe(false);
  });

  test.runIf(has.relaxed)('a flag that the caller has turned on stays on, and is off meanwhile', async () => {
    const { make, log, isOn } = simulate({ ...times, ...alone, wide: 8, 'relaxed wide': 6 });
    const choose = await fresh();
    const { enableRevectorization } = await import('../../src/engine/wide.js');
    enableRevectorization();
    expect(await choose(make)).toEqual({ relaxed: true });
    expect([log[0], isOn()]).toEqual(['plain with the flag off', true]);
  });

  test.runIf(has.relaxed)(
    'what others do to a few rounds changes nothing; threads are taken where the cores are free',
    async () => {
      const crew = { threads: 5, 'relaxed threads': 4, 'wide threads': 3, 'relaxed wide threads': 2 };
      const busy = (share: number) => (choice: Choice, run: number) =>
        (run * 7919) % 100 < share * (choice.threads ? 2 : 1) ? 3 : 1;
      for (const [share, expected] of [
        [0, { relaxed: true, wide: true, threads: 2 }],
        [10, { relaxed: true, wide: true, threads: 2 }],
        [40, { relaxed: true, wide: true }],
      ] as const) {
        const { make } = simulate({ ...times, ...crew }, { noise: busy(share) });
        const choose = await fresh();
        expect(await choose(make)).toEqual(expected);
      }
    },
  );
});
