// V8's revectorisation: the same bits if it is on, plain tiles if it does not pay, and a guard against different bits.
import { execFileSync } from 'node:child_process';
import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  fingerprint,
  givesKnownBits,
  isRevectorizing,
  KNOWN_BITS,
  mayBeWide,
  whyNotWide,
} from '../../src/engine/wide.js';
import { createEngine, Engine } from '../../src/index.js';

test('the default engine gives the known bits, whatever its tiles', async () => {
  const engine = new Engine();
  expect(fingerprint(engine)).toBe(KNOWN_BITS);
  for (const tile of [1, 2]) {
    engine.calls.setTiles(tile, tile - 1);
    expect(fingerprint(engine)).toBe(KNOWN_BITS);
  }
  expect(await givesKnownBits(engine)).toBe(true);
  expect(engine.bytesInUse).toBe(0);
});

test('other bits are found out', () => {
  const engine = new Engine();
  const broken = {
    calls: { ...engine.calls, softmaxForward() {} },
    allocate: (bytes: number) => engine.allocate(bytes),
    release: (block: number) => engine.release(block),
    get words() {
      return engine.words;
    },
  };
  expect(fingerprint(broken as never)).not.toBe(KNOWN_BITS);
});

/** A program that compares an engine with `options` and the same engine but wide. It needs a fresh process, since V8's flag holds for the whole process. */
const program = (options: string) => `
  import { createHash } from 'node:crypto';
  import { adam, activation, batchNormalization, createEngine, dense, dropout, sequential } from 'simdense';
  const x = Float32Array.from({ length: 300 * 40 }, (_, i) => Math.fround(((i * 37) % 101) / 101));
  const y = Int32Array.from({ length: 300 }, (_, i) => i % 3);
  const run = async (engine) => {
    const model = sequential({ inputs: 40, seed: 3, layers: [dense({ units: 70 }), batchNormalization(), activation('gelu'),
      dropout({ rate: 0.3 }), dense({ units: 33, activation: 'tanh' }), dense({ units: 3, activation: 'softmax' })], ...(engine && { engine }) })
      .compile({ optimizer: adam({ learningRate: 0.01 }), loss: 'categoricalCrossentropy' });
    await model.fit(x, y, { epochs: 60, batchSize: 64 });
    return createHash('sha256').update(model.save()).digest('hex');
  };
  const plain = await run(await createEngine(${options}));
  const engine = await createEngine({ ...${options}, wide: true });
  const wide = await run(engine);
  console.log(JSON.stringify({ same: plain === wide, wide: engine.wide, kernels: engine.kernels }));`;

/** V8 12 came with Node 22. */
const reason = mayBeWide() ? 'wide is slower or incorrect here' : 'this runtime has no wide kernels';
const refusedAs = (kernels: string): RegExp => new RegExp(`^${kernels}; ${reason}$`);

const relaxed = Number.parseInt(process.versions.node, 10) >= 22;

describe('createEngine({ wide: true })', () => {
  const cases: [string, RegExp, RegExp][] = [
    ['{}', /^wide 3x16$/, refusedAs('simd128 (2x16|5x8)')],
    ['{ threads: 2 }', /^wide 3x16, 2 threads$/, refusedAs('simd128 (2x16|5x8), 2 threads')],
  ];
  if (relaxed) {
    cases.push(['{ relaxed: true }', /^wide relaxed 6x16$/, refusedAs('relaxed (6x8|2x16)')]);
  }

  test.each(cases)('with %s: trains to the same bits, and says whether it pays', (options, paying, refused) => {
    const out = execFileSync(process.execPath, ['--input-type=module', '-e', program(options)], { encoding: 'utf8' });
    const { same, wide, kernels } = JSON.parse(out) as { same: boolean; wide: boolean; kernels: string };
    expect(same).toBe(true);
    // Whether it pays is measured, here on a machine that may be busy: bench/engines.ts shows it.
    expect(kernels).toMatch(wide ? paying : refused);
  });

  test("createEngine('fastest') is wide by name too: other engines do not have the tiles that win only where V8 makes them wide", () => {
    const fastest = `
      import { createEngine } from 'simdense';
      const { wide, kernels } = await createEngine('fastest');
      console.log(JSON.stringify({ wide, kernels }));
      process.exit();`;
    const out = execFileSync(process.execPath, ['--input-type=module', '-e', fastest], { encoding: 'utf8' });
    const { wide, kernels } = JSON.parse(out) as { wide: boolean; kernels: string };
    expect(kernels).toMatch(
      wide ? /^wide (3x16|relaxed 6x16)/ : /^(simd128 (2x16|5x8)|relaxed (6x8|2x16))(, \d+ threads)?$/,
    );
  });

  test('without it nothing is turned on', async () => {
    using engine = await createEngine();
    expect(engine.wide).toBe(false);
  });
});

describe('by runtime', () => {
  afterEach(() => vi.unstubAllGlobals());
  const node = { getBuiltinModule: () => ({}) };

  test.each([
    ['Node 24', { ...node, versions: { node: '24.0.0', v8: '13.6.233' } }, true, /^wide is slower or incorrect here$/],
    ['Node 20', { ...node, versions: { node: '20.0.0', v8: '11.3.244' } }, false, /^this runtime has no wide kernels$/],
    ['Bun', { ...node, versions: { node: '24.0.0', v8: '13.6.233', bun: '1.3.0' } }, false, /has no wide kernels$/],
    [
      'Deno',
      { ...node, versions: { node: '24.0.0', v8: '15.0.245', deno: '2.9.0' } },
      false,
      /V8 was started without --/,
    ],
    ['a page', undefined, false, /^wide is slower or incorrect here, or V8 was started without --/],
  ])('%s: whether the flag can be set, and why an engine is not wide', (_, process, settable, why) => {
    vi.stubGlobal('process', process);
    expect(mayBeWide()).toBe(settable);
    expect(whyNotWide()).toMatch(why);
  });

  test('a flag on the command line of Node counts as turned on', () => {
    const flags = (execArgv: string[]) => vi.stubGlobal('process', { ...node, versions: {}, execArgv });
    flags(['--no-experimental-wasm-revectorize']);
    expect(isRevectorizing()).toBe(false);
    flags(['--experimental_wasm_revectorize']);
    expect(isRevectorizing()).toBe(true);
  });
});
