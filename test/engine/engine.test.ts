// Engines: their properties, their tiles, and runtimes that cannot run them.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { tilesOf } from '../../src/engine/tiles.js';
import { createEngine, dense, Engine, SimdenseError, sequential, supports } from '../../src/index.js';

afterEach(() => {
  vi.unstubAllGlobals();
});

test('supports says what the runtime can do', () => {
  const relaxed = Number.parseInt(process.versions.node, 10) >= 22;
  expect(supports()).toEqual({ simd: true, relaxed, threads: true });
});

test('an engine has timed its tiles when it is there', async () => {
  using engine = await createEngine();
  expect(engine.tuner.done).toBe(true);
  expect(tilesOf(engine).rows.map((name) => `simd128 ${name}`)).toContain(engine.kernels);
  expect([engine.threads, engine.relaxed, engine.wide]).toEqual([1, false, false]);
  expect(engine.bytesInUse).toBe(0);
  expect(engine.bytesReserved).toBeGreaterThan(0);
});

test('two engines do not share memory', async () => {
  using one = await createEngine();
  using other = await createEngine();
  using _ = sequential({ inputs: 3, layers: [dense({ units: 3 })], engine: one });
  expect(one.bytesInUse).toBeGreaterThan(0);
  expect(other.bytesInUse).toBe(0);
});

describe('a runtime that cannot run the kernels is told by name', () => {
  const failing = (message: string) => ({
    ...WebAssembly,
    Module: class {
      constructor() {
        throw new Error(message);
      }
    },
  });

  test('where compiling is forbidden', () => {
    const reason = 'WebAssembly.Module(): Wasm code generation disallowed by embedder';
    vi.stubGlobal('WebAssembly', failing(reason));
    expect(() => new Engine()).toThrow(
      new SimdenseError(
        'UNSUPPORTED',
        `engine: this runtime forbids compiling WebAssembly (${reason}). If the page has a Content-Security-Policy, allow 'wasm-unsafe-eval' in script-src`,
      ),
    );
  });

  test('where there is no SIMD', () => {
    const reason = 'WebAssembly.Module(): invalid value type 0x7b';
    vi.stubGlobal('WebAssembly', failing(reason));
    expect(() => new Engine()).toThrow(
      `engine: this runtime has no WebAssembly SIMD (${reason}). Node 16.4, Chrome 91, Firefox 89, Safari 16.4 and later have it`,
    );
  });
});

describe('first-contact row 81: the true reason where memory or workers cannot be had', () => {
  test('memory that cannot be reserved is OUT_OF_MEMORY, and SIMD is there', () => {
    const reason = 'WebAssembly.Instance(): Out of memory: Cannot allocate Wasm memory for new instance';
    const { Module } = WebAssembly;
    class Instance {
      constructor() {
        throw new RangeError(reason);
      }
    }
    vi.stubGlobal('WebAssembly', { Module, Instance, validate: WebAssembly.validate });
    expect(() => new Engine()).toThrow(
      new SimdenseError(
        'OUT_OF_MEMORY',
        `engine: the runtime cannot reserve memory for WebAssembly (${reason}). Node reserves 10 GB of addresses for each engine: raise ulimit -v`,
      ),
    );
    expect(supports().simd).toBe(true);
  });

  test('no WebAssembly at all', () => {
    vi.stubGlobal('WebAssembly', undefined);
    expect(() => new Engine()).toThrow(
      /^engine: this runtime has no WebAssembly \(.*\)\. Node has none with --jitless/,
    );
    expect(supports()).toEqual({ simd: false, relaxed: false, threads: false });
  });

  const telling = (...what: string[]): string => `
    const { createEngine, dense, sequential, supports } = await import('./dist/index.js');
    const codeOf = async (run) => { try { await run(); return 'made'; } catch (error) { return error.code + ' ' + error.message; } };
    console.log(JSON.stringify([${what.join()}]));`;
  const plain = telling('supports()', 'await codeOf(() => sequential({ inputs: 2, layers: [dense({ units: 2 })] }))');
  const threaded = telling('await codeOf(async () => (await createEngine({ threads: 2 })).dispose())');
  const outcome = (command: string, ...args: string[]): unknown[] =>
    JSON.parse(execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));

  test('where workers are forbidden', () => {
    const flag = Number.parseInt(process.versions.node, 10) >= 24 ? '--permission' : '--experimental-permission';
    const run = (program: string) =>
      outcome(process.execPath, flag, '--allow-fs-read=*', '--input-type=module', '-e', program);
    const [has, one] = run(plain);
    const [two] = run(threaded);
    expect(has).toMatchObject({ simd: true, threads: false });
    expect(one).toBe('made');
    expect(two).toBe(
      "UNSUPPORTED createEngine(threads): Node's permission model forbids workers: start Node with --allow-worker",
    );
  });

  test.runIf(process.platform === 'linux')('where addresses are limited', () => {
    const limited = (program: string, ...flags: string[]) =>
      outcome(
        'sh',
        '-c',
        'ulimit -v 9000000; exec "$@"',
        'sh',
        process.execPath,
        ...flags,
        '--input-type=module',
        '-e',
        program,
      );
    // From Node 24 on, V8 itself does without the 10 GB. But it ends the process if two engines leave no addresses for a worker, so make one at a time.
    const frugal = Number.parseInt(process.versions.node, 10) >= 24;
    const [has, one] = limited(plain);
    const [two] = limited(threaded);
    expect(has).toMatchObject({ simd: true });
    expect(one).toMatch(frugal ? /^made$/ : /^OUT_OF_MEMORY engine: the runtime cannot reserve memory for WebAssembly/);
    expect(two).toMatch(
      frugal ? /^made$/ : /^OUT_OF_MEMORY createEngine\(threads\): the runtime cannot reserve memory for WebAssembly/,
    );
    expect([
      limited(plain, '--disable-wasm-trap-handler')[1],
      limited(threaded, '--disable-wasm-trap-handler')[0],
    ]).toEqual(['made', 'made']);
  });
});

describe('a ready module', () => {
  const bytes = readFileSync('dist/simdense.wasm');

  test('serves where nothing else may compile, with the same bits', async () => {
    const module = new WebAssembly.Module(bytes);
    const layers = [dense({ units: 5, activation: 'tanh' })];
    using usual = sequential({ inputs: 3, layers, seed: 2 });
    const { Module } = WebAssembly;
    const forbidden = Object.assign(
      class {
        constructor() {
          throw new Error('Wasm code generation disallowed by embedder');
        }
      },
      { exports: Module.exports, imports: Module.imports },
    );
    vi.stubGlobal('WebAssembly', {
      ...WebAssembly,
      Instance: WebAssembly.Instance,
      validate: WebAssembly.validate,
      Module: forbidden,
    });
    using engine = await createEngine({ module });
    using model = sequential({ inputs: 3, layers, seed: 2, engine });
    expect(model.predict([1, 2, 3])).toEqual(usual.predict([1, 2, 3]));
  });

  test.each([
    [() => ({ module: bytes as never }), 'createEngine(module): expected a WebAssembly.Module'],
    [() => ({ module: new WebAssembly.Module(bytes), threads: 2 }), 'do not combine it with threads, relaxed or wide'],
    [
      () => ({ module: new WebAssembly.Module(readFileSync('dist/simdense.threads.wasm')) }),
      "expected this version's simdense/simdense.wasm",
    ],
    [
      () => ({ module: new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)) }),
      "expected this version's simdense/simdense.wasm",
    ],
  ])('others are refused %#', async (options, message) => {
    await expect(createEngine(options())).rejects.toThrow(message);
  });
});

test('an error shows its code, and its cause where there is one', () => {
  const error = new SimdenseError('SHAPE', 'fit: x has 2 rows, y has 3', { cause: 1 });
  expect(String(error)).toBe('SimdenseError [SHAPE]: fit: x has 2 rows, y has 3');
  expect(error.stack).toMatch(/^SimdenseError \[SHAPE\]: fit/);
  expect([error.code, error.cause, error instanceof Error]).toEqual(['SHAPE', 1, true]);
});
