// What is compiled predicts the model's bits: as JavaScript, as WebAssembly, and as C where there is a compiler.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { bundleOf, quantizedBundle } from '../../src/compile/bundle.js';
import { compile, type Target } from '../../src/compile/index.js';
import type { Program } from '../../src/compile/program.js';
import { run } from '../../src/compile/run.js';
import { type FittedPipeline, fitPipeline } from '../../src/evaluate/index.js';
import { dense, type Sequential, sequential } from '../../src/index.js';
import { readTable } from '../../src/table/index.js';
import { any, checkMessages } from '../bad-input/check.js';
import { randomModel, randomRows } from '../helpers/networks.js';
import { pipelines, tableRows } from './pipelines.js';
import { bits, hasCompiler, load, runC } from './run.js';

const modules = ['js', 'wasm'] as const;
/** Rows of each network; and all 50 networks in torture. */
const ROWS = Number(process.env['TORTURE'] ?? 200);
const COUNT = process.env['TORTURE'] ? 50 : 26;

describe.each(modules)('%s', (to) => {
  test('random networks of all layers and activations predict the same bits', { timeout: 600_000 }, async () => {
    for (let seed = 0; seed < COUNT; seed++) {
      using model = randomModel(seed);
      const module = await load(compile(model, { to }));
      expect([module.inputs, module.outputs]).toEqual([model.inputs, model.outputs]);
      const rows = randomRows(ROWS, model.inputs, seed);
      const found = new Float32Array(ROWS * model.outputs);
      for (let row = 0; row < ROWS; row++)
        module.predictInto(
          found.subarray(row * model.outputs, (row + 1) * model.outputs),
          rows.subarray(row * model.inputs, (row + 1) * model.inputs),
        );
      expect(bits(found), `seed ${seed}`).toEqual(bits(model.predict(rows).data as Float32Array));
    }
  });

  test('rows that do not fit are refused', async () => {
    using model = sequential({ inputs: 2, layers: [dense({ units: 1 })] });
    model.setWeights(
      new Map(
        Array.from(model.getWeights(), ([path, { shape, data }]) => [
          path,
          { shape, data: data.map((_, i) => (i ? -3 : 3)) },
        ]),
      ),
    );
    const { predict, predictInto } = await load(compile(model, { to }));
    expect(() => predict([1])).toThrow('expected a row of 2 numbers');
    expect(() => predict([3e38, -3e38])).toThrow(/^the row comes to -?(Infinity|NaN): its numbers are too large$/);
    for (const out of [new Float32Array(2), new Float32Array(0), new Int8Array(1), [0]])
      expect(() => predictInto(out as Float32Array, [1, 2])).toThrow('expected a Float32Array of 1 numbers');
    expect(() => predict(any(undefined))).toThrow(TypeError);
    expect(() => predict([1, Number.NaN])).toThrow('number 1 of the row is NaN');
    expect(() => predict(any([1, '2']))).toThrow('number 1 of the row is 2');
  });
});

describe.each(Object.entries(pipelines))('a pipeline: %s', (_, make) => {
  test.each(modules)('%s', async (to) => {
    const [pipeline, given] = await make();
    using used = pipeline;
    const compiled = compile(used, { to });
    const module = await load(compiled);
    const probabilities = used.predictProbabilities(given as object[]);
    for (const [i, row] of given.entries()) {
      expect(bits(module.predict(row)), `row ${i}`).toEqual(bits(Float32Array.from(probabilities.row(i))));
      if (used.classes) expect(module.predictLabel(row)).toBe(used.predict([row] as object[])[0]);
    }
    expect(module.classes).toEqual(used.classes);
    expect(compiled.types?.includes('predictLabel')).toBe(used.classes !== undefined);
  });
});

test('a row of a table that does not fit is refused', async () => {
  const [pipeline] = await (pipelines['numbers of a table'] as () => Promise<[FittedPipeline, object[]]>)();
  using used = pipeline;
  const { predict } = await load(compile(used));
  const { price: _, ...row } = tableRows[1] as (typeof tableRows)[number];
  expect(() => predict({ ...row, age: 'old' })).toThrow('expected a number, got old');
  expect(() => predict({ ...row, 'open?': 'yes' })).toThrow('expected true or false, got yes');
  expect(predict({ ...row, city: 'NA' })).toEqual(predict({ ...row, city: null }));
  const { age: __, ...lacking } = row;
  expect(() => predict(lacking)).toThrow('the row has no "age"; null says that it is not known');
});

describe.runIf(hasCompiler)('c', () => {
  test('random networks predict the same bits', { timeout: 600_000 }, () => {
    for (let seed = 0; seed < (process.env['TORTURE'] ? COUNT : 13); seed++) {
      using model = randomModel(seed);
      const x = randomRows(ROWS, model.inputs, seed);
      const found = runC(compile(model, { to: 'c' }).code, Float64Array.from(x), model.inputs, model.outputs);
      expect(bits(found), `seed ${seed}`).toEqual(bits(model.predict(x).data as Float32Array));
    }
  });

  test('two headers in one program have names of their own, also where the compiler fuses', () => {
    using model = randomModel(3);
    const headers = ['one', 'two-and'].map((name) => compile(model, { to: 'c', name }).code);
    expect(headers[1]).toContain('two_and_predict(const double *row');
    const folder = mkdtempSync(join(tmpdir(), 'simdense-c-'));
    try {
      for (const [i, header] of headers.entries()) writeFileSync(join(folder, `h${i}.h`), header);
      writeFileSync(
        join(folder, 'main.c'),
        '#include "h0.h"\n#include "h1.h"\nint main(void) { return !(one_test() && two_and_test()); }',
      );
      execFileSync('gcc', ['-O3', '-march=native', '-o', join(folder, 'main'), join(folder, 'main.c'), '-lm']);
      execFileSync(join(folder, 'main'));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test.each(Object.entries(pipelines))('a pipeline: %s', { timeout: 60_000 }, async (_, make) => {
    const [pipeline, given] = await make();
    using used = pipeline;
    const columns = used.encoder?.toJSON().columns;
    const cells = given.flatMap((row) =>
      columns
        ? columns.map((column) => {
            const cell = (row as Record<string, unknown>)[column.name];
            if (cell === null) return Number.NaN;
            return column.kind === 'category' ? column.categories.indexOf(String(cell)) : Number(cell);
          })
        : (row as number[]),
    );
    const expected = used.predictProbabilities(given as object[]);
    const width = columns?.length ?? 2;
    const found = runC(compile(used, { to: 'c' }).code, Float64Array.from(cells), width, expected.columns);
    expect(bits(found)).toEqual(bits(Float32Array.from(expected.data)));
  });
});

describe('int8', () => {
  const expected = (model: Sequential, x: Float32Array, count: number): Float32Array => {
    const { steps } = quantizedBundle(bundleOf(model)).programs[0] as Program;
    return Float32Array.from(
      Array.from({ length: count }, (_, i) => [
        ...run(steps, x.subarray(i * model.inputs, (i + 1) * model.inputs)),
      ]).flat(),
    );
  };

  test("what runs a program gives the predictor's bits where weights are float32", () => {
    for (let seed = 0; seed < 26; seed++) {
      using model = randomModel(seed);
      const x = randomRows(20, model.inputs, seed);
      const { steps } = bundleOf(model).programs[0] as Program;
      const found = Array.from({ length: 20 }, (_, i) => [
        ...run(steps, x.subarray(i * model.inputs, (i + 1) * model.inputs)),
      ]);
      expect(bits(Float32Array.from(found.flat()))).toEqual(bits(model.predict(x).data as Float32Array));
    }
  });

  test.each(modules)('%s: the same bits as number by number', { timeout: 60_000 }, async (to) => {
    for (let seed = 0; seed < 26; seed++) {
      using model = randomModel(seed);
      const module = await load(compile(model, { to, weights: 'int8' }));
      const x = randomRows(50, model.inputs, seed);
      const found = new Float32Array(50 * model.outputs);
      for (let row = 0; row < 50; row++)
        module.predictInto(
          found.subarray(row * model.outputs, (row + 1) * model.outputs),
          x.subarray(row * model.inputs, (row + 1) * model.inputs),
        );
      expect(bits(found), `seed ${seed}`).toEqual(bits(expected(model, x, 50)));
    }
  });

  test.runIf(hasCompiler)('c: the same bits', { timeout: 60_000 }, () => {
    for (let seed = 0; seed < 8; seed++) {
      using model = randomModel(seed);
      const x = randomRows(50, model.inputs, seed);
      const found = runC(
        compile(model, { to: 'c', weights: 'int8' }).code,
        Float64Array.from(x),
        model.inputs,
        model.outputs,
      );
      expect(bits(found), `seed ${seed}`).toEqual(bits(expected(model, x, 50)));
    }
  });

  test.each(Object.entries(pipelines))('a pipeline is near its float32: %s', async (_, make) => {
    const [pipeline, given] = await make();
    using used = pipeline;
    const module = await load(compile(used, { to: 'wasm', weights: 'int8' }));
    const exact = used.predictProbabilities(given as object[]);
    const spread = Math.max(...exact.data) - Math.min(...exact.data);
    for (const [i, row] of given.entries())
      for (const [c, value] of module.predict(row).entries())
        expect(Math.abs(value - (exact.row(i)[c] as number)) / spread).toBeLessThan(0.05);
  });
});

test('a strange name does nothing, and a column may have any', async () => {
  const name = 'x\nglobalThis.PWNED = 1;//\u2028<!--<script>*/ #error';
  using model = sequential({ inputs: 2, layers: [dense({ units: 2, activation: 'softmax' })], name, seed: 1 });
  for (const to of modules) await load(compile(model, { to }));
  expect((globalThis as { PWNED?: number }).PWNED).toBeUndefined();
  const { code } = compile(model, { to: 'html' });
  expect(code).not.toContain('<!--');
  if (hasCompiler) expect(runC(compile(model, { to: 'c' }).code, Float64Array.of(1, 2), 2, 2)).toHaveLength(2);
  const columns = ['__proto__', 'a\u0001 "b"\n*/ int x; /*', 'c<!--<script>', 'd\u2028e \ud83d\ude00'];
  const strange = Array.from({ length: 40 }, (_, i) =>
    Object.fromEntries([
      ...columns.map((column, c) => [column, c === 2 ? ['<!--', '?', '模型'][i % 3] : (i * (c + 3)) % 17]),
      ['y', i % 2 === 0 ? 'a' : 'b'],
    ]),
  );
  using pipeline = await fitPipeline({ layers: [], fit: { epochs: 2 } }, await readTable(strange), 'y');
  for (const to of modules) {
    const { predict } = await load(compile(pipeline, { to, name: '模型' }));
    for (const row of strange.slice(0, 5))
      expect(bits(predict(row))).toEqual(bits(Float32Array.from(pipeline.predictProbabilities([row]).row(0))));
  }
  expect(compile(pipeline, { to: 'html' }).code.match(/<!--|<script/g)).toEqual(['<script']);
  if (hasCompiler)
    expect(runC(compile(pipeline, { to: 'c', name: '模型' }).code, Float64Array.of(1, 2, 0, 3), 4, 2)).toHaveLength(2);
});

test('a page has a field for each column, and no end of its script within', async () => {
  const strange = tableRows.map((row) => ({ ...row, city: row.city === 'Graz' ? '</script><b>' : row.city }));
  using pipeline = await fitPipeline({ layers: [], fit: { epochs: 1 } }, await readTable(strange), 'kind');
  const { code, types } = compile(pipeline, { to: 'html' });
  expect(types).toBeUndefined();
  expect(code.match(/<\/script>/g)).toHaveLength(1);
  expect(code.match(/<label>/g)).toHaveLength(5);
  expect(code.match(/<select/g)).toHaveLength(2);
});

const network = (inputs: number, ...units: number[]): Sequential =>
  sequential({
    inputs,
    layers: units.map((n, i) => dense({ units: n, activation: i === units.length - 1 ? 'softmax' : 'relu' })),
    seed: 1,
  });

test('networks as WebAssembly with its shell, gzipped: 4-16-3 has at most 2 KB, and 64-32-10 as int8 6 KB', () => {
  const size = (model: Sequential, weights: 'float32' | 'int8'): number =>
    gzipSync(compile(model, { to: 'wasm', weights }).code, { level: 9 }).length;
  using small = network(4, 16, 3);
  expect(size(small, 'float32')).toBeLessThanOrEqual(2048);
  using digits = network(64, 32, 10);
  expect(size(digits, 'int8')).toBeLessThanOrEqual(6144);
});

checkMessages([
  [
    () => compile(any({})),
    'SimdenseError [ARGUMENT]: compile(model): expected a model, a pipeline, an ensemble, or the file of one, got an Object',
  ],
  [
    () => compile(network(1, 1), { to: any('rust' as Target) }),
    'SimdenseError [ARGUMENT]: compile(to): expected one of js, wasm, c, html, got "rust"',
  ],
  [
    async () =>
      compile(
        await fitPipeline(
          { layers: [], encode: { text: { buckets: 4 } }, fit: { epochs: 1 } },
          await readTable(
            tableRows.map(({ kind }, i) => ({ said: `${'good bad fair poor'.split(' ')[i % 4]} number ${i}`, kind })),
            { kinds: { said: 'text' } },
          ),
          'kind',
        ),
        { to: 'c' },
      ),
    'SimdenseError [UNSUPPORTED]: compile: the column "said" has free text, and cells are numbers in C; compile to js, wasm or html, or leave the column out',
  ],
  [
    () => compile(Uint8Array.of(1, 2, 3)),
    'SimdenseError [FORMAT]: compile: 3 bytes are too few for a safetensors file',
  ],
]);
