// An ensemble compiles to one file that predicts the bits of loadEnsemblePredictor.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compile } from '../../src/compile/index.js';
import { bagging, type Ensemble, fitPipeline } from '../../src/evaluate/index.js';
import { dense } from '../../src/index.js';
import { type EnsemblePredictor, loadEnsemblePredictor } from '../../src/predict/index.js';
import { readTable } from '../../src/table/index.js';
import { rows, tableRows } from './pipelines.js';
import { bits, hasCompiler, load, runC } from './run.js';

const numbers = { layers: [dense({ units: 5, activation: 'gelu' })], fit: { epochs: 3 } } as const;
const members = { members: 3, seed: 1 };
const ensembles: Readonly<Record<string, () => Promise<readonly [Ensemble, readonly (readonly number[] | object)[]]>>> =
  {
    'two classes of numbers': async () => [
      await bagging(
        numbers,
        rows,
        rows.map(([a]) => ((a as number) > 1e6 + 500 ? 'far' : 'near')),
        members,
      ),
      rows,
    ],
    'three classes of numbers by quantiles': async () => [
      await bagging(
        { ...numbers, scale: 'quantile' },
        rows,
        rows.map((_, i) => i % 3),
        members,
      ),
      rows,
    ],
    'numbers that are not scaled, of one member': async () => [
      await bagging(
        { ...numbers, scale: 'none', task: 'regression' },
        rows.map(([a, b]) => [(a as number) / 1e6, b as number]),
        rows.map(([, b]) => b as number),
        { members: 1 },
      ),
      rows.map(([a, b]) => [(a as number) / 1e6, b as number]),
    ],
    "classes of a table, 'tabular'": async () => [
      await fitPipeline('tabular', await readTable(tableRows), 'kind', { members: 3, seed: 2 }),
      tableRows,
    ],
    "numbers of a table, 'tabular'": async () => [
      await fitPipeline('tabular', await readTable(tableRows), 'price', { members: 2 }),
      tableRows,
    ],
  };

/** The place of each category among those of all members, as a header has them. */
const placeOf = (header: string, i: number, cell: unknown): number => {
  const names = new RegExp(`_categories${i}\\[\\d+\\] \\w+ = \\{(.*)\\};`).exec(header)?.[1] as string;
  const texts = Array.from(names.matchAll(/"((?:[^"\\]|\\.)*)"/g), ([, text]) =>
    (text as string).replace(/\\(\d{3})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8))),
  );
  return texts.indexOf(String(cell));
};

describe.each(Object.entries(ensembles))('%s', { timeout: 120_000 }, (_, make) => {
  let ensemble: Ensemble;
  let predictor: EnsemblePredictor;
  let given: readonly (readonly number[] | object)[];
  beforeAll(async () => {
    [ensemble, given] = await make();
    predictor = loadEnsemblePredictor(ensemble.save());
  }, 120_000);
  afterAll(() => {
    ensemble.dispose();
    predictor.dispose();
  });

  test.each(['js', 'wasm'] as const)('%s', async (to) => {
    const compiled = compile(ensemble, { to });
    expect(compile(ensemble.save(), { to })).toEqual(compiled);
    const module = await load(compiled);
    const expected = predictor.predict(given as object[]);
    const { classes } = predictor;
    for (const [i, row] of given.entries()) {
      expect(bits(module.predict(row)), `row ${i}`).toEqual(bits(Float32Array.from(expected.row(i))));
      if (classes) expect(module.predictLabel(row)).toBe(predictor.predictLabels([row] as object[])[0]);
    }
    expect(module.classes).toEqual(classes);
    expect(module.outputs).toBe(expected.columns);
  });

  test('int8 is near', async () => {
    const module = await load(compile(ensemble, { to: 'wasm', weights: 'int8' }));
    const plain = await load(compile(ensemble, { weights: 'int8' }));
    const exact = predictor.predict(given as object[]);
    const spread = Math.max(...exact.data) - Math.min(...exact.data);
    for (const [i, row] of given.entries()) {
      const found = module.predict(row);
      expect(bits(plain.predict(row))).toEqual(bits(found));
      for (const [c, value] of found.entries())
        expect(Math.abs(value - (exact.row(i)[c] as number)) / spread).toBeLessThan(0.08);
    }
  });

  test.runIf(hasCompiler)('c', () => {
    const { code } = compile(ensemble, { to: 'c' });
    const names = predictor.columns;
    const cells = given.flatMap((row) =>
      names
        ? names.map((name, i) => {
            const cell = (row as Record<string, unknown>)[name];
            if (cell === null) return Number.NaN;
            return typeof cell === 'string' ? placeOf(code, i, cell) : Number(cell);
          })
        : (row as readonly number[]),
    );
    const expected = predictor.predict(given as object[]);
    const found = runC(code, Float64Array.from(cells), names?.length ?? 2, expected.columns);
    expect(bits(found)).toEqual(bits(Float32Array.from(expected.data)));
    // The test row within is right.
    const { code: whole } = compile(ensemble, { to: 'c', weights: 'int8' });
    expect(runC(whole, new Float64Array(0), names?.length ?? 2, expected.columns)).toHaveLength(0);
  });
});

test('a temperature is tried', async () => {
  using ensemble = await fitPipeline('tabular', await readTable(tableRows), 'kind', { members: 3, seed: 2 });
  expect(ensemble.temperature).not.toBe(1);
  expect(compile(ensemble).code).toContain('temper({');
});

test('there is one copy of each function, and the label is the one that was decided for', async () => {
  const y = rows.map(([a]) => ((a as number) > 1e6 + 500 ? 'far' : 'near'));
  using ensemble = await bagging(numbers, rows, y, { members: 5 });
  const { code, types } = compile(ensemble);
  for (const name of ['product', 'gelu', 'network4']) expect(code.split(`const ${name} =`)).toHaveLength(2);
  expect(types).toContain('predictLabel');
  const size = (m: Parameters<typeof compile>[0]): number => compile(m, { to: 'wasm' }).wasm?.length as number;
  // A member more is little more than its constants, each padded to whole vectors, and its calls.
  const [member] = ensemble.members as [(typeof ensemble.members)[number]];
  using two = await bagging(numbers, rows, y, { members: 2 });
  expect((size(ensemble) - size(two)) / 3).toBeLessThan(300);
  expect(size(ensemble)).toBeLessThan(2 * size(member));
  ensemble.decide({ positive: 'far', threshold: 1.5 });
  for (const to of ['js', 'wasm'] as const) {
    const { predictLabel } = await load(compile(ensemble, { to }));
    expect(rows.map((row) => predictLabel(row))).toEqual(ensemble.predict(rows));
    expect(new Set(rows.map((row) => predictLabel(row)))).toEqual(new Set(['near']));
  }
  expect(compile(ensemble, { to: 'html' }).code.match(/<label>/g)).toHaveLength(2);
});
