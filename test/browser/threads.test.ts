// Threads in a page: the same bits as one thread in Node if the page is cross-origin isolated, else a clear refusal.
import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { adam, dense, dropout, sequential } from 'simdense';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundle, hasChromium, isolated, launch, run, runEach } from './page.js';

/** Trains a network that is wide enough to be shared among threads, in a page and here. */
const train = `async function train({ adam, dense, dropout, sequential }, engine) {
  const x = Float32Array.from({ length: 250 * 300 }, (_, i) => ((i * 37) % 101) / 101);
  const y = Int32Array.from({ length: 250 }, (_, i) => i % 3);
  const layers = [dense({ units: 200, activation: 'tanh' }), dropout({ rate: 0.2 }), dense({ units: 3, activation: 'softmax' })];
  const model = sequential({ inputs: 300, layers, seed: 7, ...(engine && { engine }) });
  model.compile({ optimizer: adam(), loss: 'categoricalCrossentropy' });
  await model.fit(x, y, { epochs: 4, batchSize: 64 });
  let hash = 0x811c9dc5;
  for (const byte of model.save()) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash;
}`;
const program = (options: string) => `
  import * as simdense from 'simdense';
  ${train}
  try {
    const engine = await simdense.createEngine(${options});
    const hash = await train(simdense, engine);
    const { kernels } = engine;
    engine.dispose();
    tell(JSON.stringify({ hash, kernels, threads: simdense.supports().threads }));
  } catch (error) {
    tell(String(error));
  }`;

describe.runIf(hasChromium)('in Chromium', () => {
  let browser: Browser;
  let expected: number;
  beforeAll(async () => {
    browser = await launch();
    const here = new Function('simdense', `${train}; return train(simdense);`);
    expected = await here({ adam, dense, dropout, sequential });
  });
  afterAll(() => browser?.close());

  test.each([2, 3])(
    '%d threads, from a blob where the bundler ships no worker, give the bits of one',
    async (threads) => {
      const told = await run(browser, await bundle(program(`{ threads: ${threads} }`)), isolated);
      expect(JSON.parse(told)).toEqual({
        hash: expected,
        kernels: expect.stringContaining(`, ${threads} threads`),
        threads: true,
      });
    },
  );

  test('from the own origin, where the Content-Security-Policy allows no blob', async () => {
    const files = await bundle(program('{ threads: 2 }'));
    files.set('/worker.js', readFileSync('dist/worker.js', 'utf8'));
    const policy = {
      'Content-Security-Policy': "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'",
    };
    expect(JSON.parse(await run(browser, files, { ...isolated, ...policy }))['hash']).toBe(expected);
  });

  test('where the policy allows neither, it says so', async () => {
    const policy = {
      'Content-Security-Policy': "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'none'",
    };
    const told = await run(browser, await bundle(program('{ threads: 2 }')), { ...isolated, ...policy });
    expect(told).toMatch(
      /^SimdenseError \[UNSUPPORTED\]: createEngine\(threads\): no worker can be started here: .*worker-src/,
    );
  });

  test('a page that is not isolated is told what it needs', async () => {
    const told = await run(browser, await bundle(program('{ threads: 2 }')), {});
    expect(told).toMatch(
      /^SimdenseError \[UNSUPPORTED\]: createEngine\(threads\): .*Cross-Origin-Embedder-Policy: require-corp/,
    );
  });

  test('a page that loses its isolation: threads are refused, one thread gives the same bits', async () => {
    const files = await bundle(`
      import * as simdense from 'simdense';
      ${train}
      // With threads that are at work when the page goes.
      const { threads } = simdense.supports();
      let refused;
      const engine = await simdense.createEngine({ threads: 2 }).catch(({ code }) => void (refused = code));
      tell(JSON.stringify({ threads, refused, hash: await train(simdense, engine) }));
      if (engine) while (true) await train(simdense, engine);`);
    const told = await runEach(browser, files, [isolated, {}, isolated]);
    expect(told.map((text) => JSON.parse(text))).toEqual([
      { threads: true, hash: expected },
      { threads: false, refused: 'UNSUPPORTED', hash: expected },
      { threads: true, hash: expected },
    ]);
  });

  test('one thread needs nothing', async () => {
    const told = await run(browser, await bundle(program('{}')), {});
    expect(JSON.parse(told)).toEqual({
      hash: expected,
      kernels: expect.stringMatching(/^simd128 \w+$/),
      threads: false,
    });
  });

  test('relaxed loads its own build', async () => {
    const told = JSON.parse(await run(browser, await bundle(program('{ relaxed: true }')), {}));
    expect(told.kernels).toMatch(/^relaxed/);
  });
});
