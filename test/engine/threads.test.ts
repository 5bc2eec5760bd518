// Engines with several threads: the same bits as one thread, and no hang if a worker is lost.
import { execFileSync } from 'node:child_process';
import { Worker } from 'node:worker_threads';
import { describe, expect, test, vi } from 'vitest';
import { load } from '#kernels/threads';
import { startCrew } from '../../src/engine/threads/crew.js';
import { startWorker, type WorkerData, type WorkerHandle } from '../../src/engine/threads/worker.js';
import {
  activation,
  adamw,
  batchNormalization,
  createEngine,
  dense,
  dropout,
  Engine,
  gaussianNoise,
  loadModel,
  sequential,
  supports,
} from '../../src/index.js';
import { weightsHash } from '../helpers/models.js';
import { numbers } from '../helpers/numbers.js';

/** A network that is wide enough for its products to be shared. */
function wideModel(engine?: Engine) {
  return sequential({
    inputs: 300,
    seed: 4,
    layers: [
      gaussianNoise({ stddev: 0.01 }),
      dense({ units: 257, kernelRegularizer: { l1: 1e-6, l2: 1e-5 } }),
      batchNormalization(),
      activation('gelu'),
      dropout({ rate: 0.2 }),
      dense({ units: 130, activation: 'relu' }),
      dense({ units: 7, activation: 'softmax' }),
    ],
    ...(engine && { engine }),
  }).compile({
    optimizer: adamw({ learningRate: 0.003, clipNorm: 5 }),
    loss: 'categoricalCrossentropy',
    metrics: ['accuracy'],
  });
}

const next = numbers(3);
const x = Float32Array.from({ length: 350 * 300 }, next);
const y = Int32Array.from({ length: 350 }, (_, i) => (i * 5) % 7);
const options = { epochs: 3, batchSize: 100, validationSplit: 0.2 };

describe('the same bits by any number of threads', () => {
  const trained = async (engine?: Engine) => {
    using model = wideModel(engine);
    const { epochs } = await model.fit(x, y, options);
    const more = [model.trainOnBatch(x.subarray(0, 33 * 300), y.subarray(0, 33)), model.evaluate(x, y)];
    return [
      weightsHash(model),
      epochs,
      more,
      model.predict(x).data.slice(0, 700),
      Buffer.from(model.save()).toString('hex').length,
    ];
  };
  const alone = trained();

  test.each([1, 2, 3, 4])('%d, with noise, batch normalization, dropout and a short last batch', async (threads) => {
    using engine = await createEngine({ threads });
    expect(engine.threads).toBe(threads);
    expect(engine.kernels).toMatch(threads > 1 ? new RegExp(`, ${threads} threads$`) : /^simd128 \w+$/);
    expect(await trained(engine)).toEqual(await alone);
    expect(engine.bytesInUse).toBe(0);
  });

  test('models on one engine by turns, a saved one among them', async () => {
    using engine = await createEngine({ threads: 2 });
    using one = wideModel(engine);
    using other = wideModel(engine);
    await Promise.all([one.fit(x, y, options), other.fit(x, y, options)]);
    using loaded = loadModel(one.save({ optimizer: true }), { engine });
    expect(weightsHash(one)).toBe(weightsHash(other));
    expect(weightsHash(loaded)).toBe(weightsHash(one));
  });
});

test('memory that grows is seen by all', async () => {
  using engine = await createEngine({ threads: 2 });
  const before = engine.bytesReserved;
  using model = sequential({ inputs: 1000, layers: [dense({ units: 3000 })], seed: 1, engine });
  using alone = sequential({ inputs: 1000, layers: [dense({ units: 3000 })], seed: 1 });
  expect(engine.bytesReserved).toBeGreaterThan(before);
  const row = x.subarray(0, 8000);
  expect(model.predict(row).data).toEqual(alone.predict(row).data);
});

describe('bad input and what the runtime lacks', () => {
  test.each([0, -1, 1.5, Number.NaN, '2', 65])('threads: %s', async (threads) => {
    await expect(createEngine({ threads: threads as number })).rejects.toThrow(/createEngine\(threads\): expected/);
  });

  test('a page that is not cross-origin isolated', async () => {
    vi.stubGlobal('process', { ...process, getBuiltinModule: undefined });
    try {
      expect(supports().threads).toBe(false);
      await expect(createEngine({ threads: 2 })).rejects.toThrow(/Cross-Origin-Opener-Policy: same-origin/);
    } finally {
      vi.unstubAllGlobals();
    }
  });

  test('a worker that cannot start', async () => {
    const start = (data: WorkerData, lost: (why: string) => void) =>
      startWorker({ ...data, module: {} as WebAssembly.Module }, lost);
    await expect(startCrew(load, { threads: 3, relaxed: false, wide: false, start })).rejects.toThrow(
      /createEngine\(threads\): no worker can be started here: .*WebAssembly/,
    );
  });
});

describe('a worker that is lost', () => {
  /** Claims its parts of the first job, in the way of assembly/threads/crew.ts, never finishes them, and does `then`. */
  const rogue =
    (then: string) =>
    (data: WorkerData): WorkerHandle => {
      const source = `
      const { memory, failed } = require('node:worker_threads').workerData;
      const control = failed / 4 - 66;
      const words = new Int32Array(memory.buffer);
      Atomics.store(new BigInt64Array(memory.buffer), (control + 96 + 32) / 2, (1n << 32n) + 1000n);
      Atomics.add(words, control + 65, 1);
      ${then}`;
      const worker = new Worker(source, { eval: true, workerData: data });
      return { end: () => void worker.terminate(), markStarted: () => worker.unref() };
    };
  /** Claims all of its parts of each job, and says 4 ms later that it has finished them. */
  const slow = (data: WorkerData): WorkerHandle => {
    const source = `
      const { memory, failed } = require('node:worker_threads').workerData;
      const control = failed / 4 - 66;
      const [words, longs] = [new Int32Array(memory.buffer), new BigInt64Array(memory.buffer)];
      const claims = control + 96 + 32;
      Atomics.add(words, control + 65, 1);
      for (let last = 0; ; ) {
        const number = Atomics.load(words, control + 1);
        if (Atomics.load(words, control + 64)) break;
        if (number === last) continue;
        const parts = Atomics.load(words, control);
        const own = parts - Math.floor(parts / 2);
        const before = Atomics.load(longs, claims / 2);
        last = number;
        if (Number(before >> 32n) === number) continue;
        const mine = Atomics.compareExchange(longs, claims / 2, before, (BigInt(number) << 32n) + BigInt(own));
        if (mine !== before) continue;
        for (const begin = performance.now(); performance.now() - begin < 4; );
        Atomics.add(words, claims + 2, own);
      }`;
    const worker = new Worker(source, { eval: true, workerData: data });
    return { end: () => void worker.terminate(), markStarted: () => worker.unref() };
  };
  const engineOf = async (start: (data: WorkerData, lost: (why: string) => void) => WorkerHandle) =>
    new Engine(undefined, await startCrew(load, { threads: 2, relaxed: false, wide: false, patience: 200, start }));
  const product = (engine: Engine) => {
    const at = engine.allocate(1 << 22);
    engine.calls.denseForward(256, 512, 256, at, at, 0, at + (1 << 21));
    engine.release(at);
  };

  test('in the middle of a job: that call fails, and every later one; the engine can be disposed', async () => {
    const engine = await engineOf(rogue('setInterval(() => {}, 1000);'));
    expect(() => product(engine)).toThrow(
      'engine: a thread was lost (it does not answer), so the last computation is incomplete. Dispose of the engine and make another',
    );
    expect(() => engine.allocate(64)).toThrow(expect.objectContaining({ code: 'THREAD_LOST' }));
    engine.dispose();
    expect(() => engine.allocate(64)).toThrow(expect.objectContaining({ code: 'DISPOSED' }));
  });

  test('by an error of its own', async () => {
    const engine = await engineOf(rogue('Atomics.store(words, control + 66, 1);'));
    expect(() => product(engine)).toThrow('engine: a thread was lost (it failed)');
    engine.dispose();
  });

  test('between two jobs: the next call of the model fails', async () => {
    const threads: WorkerHandle[] = [];
    const engine = await engineOf((data, lost) => {
      const thread = startWorker(data, lost);
      threads.push(thread);
      return thread;
    });
    const model = wideModel(engine);
    await model.fit(x, y, { epochs: 1 });
    threads[0]?.end();
    // Whatever comes before the runtime tells of it is computed by the thread that is left.
    await expect(model.fit(x, y, { epochs: 1000 })).rejects.toThrow(
      expect.objectContaining({ code: 'THREAD_LOST', message: expect.stringContaining('it ended with code 1') }),
    );
    expect(() => model.trainOnBatch(x, y)).toThrow(expect.objectContaining({ code: 'THREAD_LOST' }));
    engine.dispose();
    expect(() => model.predict(x)).toThrow(expect.objectContaining({ code: 'DISPOSED' }));
  });

  test('one that is merely slow, time and again, is not', async () => {
    // It arrives, sleeps, and takes nothing: each job ends without it, after longer or shorter waits.
    const engine = new Engine(
      undefined,
      await startCrew(load, { threads: 2, relaxed: false, wide: false, patience: 1, start: slow }),
    );
    const at = engine.allocate(1 << 22);
    for (let i = 0; i < 150; i++) engine.calls.denseForward(256, 512, 256, at, at, 0, at + (1 << 21));
    engine.dispose();
  });

  test('a worker that never takes anything only leaves its work to the others', async () => {
    const idle = (data: WorkerData): WorkerHandle => {
      Atomics.add(new Int32Array(data.memory.buffer), data.failed / 4 - 1, 1);
      return { end() {}, markStarted() {} };
    };
    const engine = await engineOf(idle);
    using model = wideModel(engine);
    using alone = wideModel();
    await Promise.all([model.fit(x, y, options), alone.fit(x, y, options)]);
    expect(weightsHash(model)).toBe(weightsHash(alone));
  });
});

describe('the process ends by itself', () => {
  const run = (program: string) =>
    execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8', timeout: 20_000 });
  const program = (end: string) => `
    import { createEngine, dense, sequential } from 'simdense';
    const engine = await createEngine({ threads: 3 });
    const model = sequential({ inputs: 200, layers: [dense({ units: 300 })], engine }).compile({ loss: 'meanSquaredError' });
    await model.fit(new Float32Array(64 * 200), new Float32Array(64 * 300), { epochs: 3 });
    ${end}
    console.log('end');`;

  test.each(['', 'engine.dispose();', 'engine.dispose(); engine.dispose();'])('after "%s"', (end) => {
    expect(run(program(end))).toBe('end\n');
  });
});
