// The types of the entries beside the core, as published: what the compiler infers, and what it refuses. `npm run types` compiles this; nothing of it runs.
import { dense, type Matrix } from 'simdense';
import { bullmq } from 'simdense/bullmq';
import { encodeLabels, fitScaler, holdOut, kFold, type Label, oneHot, parseCsv, type Split } from 'simdense/data';
import {
  bagging,
  crossValidate,
  type Ensemble,
  type Executor,
  type FittedPipeline,
  fitPipeline,
  inline,
  loadEnsemble,
  loadPipeline,
  type Pipeline,
  type Scores,
  search,
  validationCurve,
} from 'simdense/evaluate';
import { resumable, workers } from 'simdense/node';
import { fromOnnx, toOnnx } from 'simdense/onnx';
import { loadPredictor, type Predictor } from 'simdense/predict';
import { report } from 'simdense/report';
import { type Cell, type Column, type Kind, readTable, type Table } from 'simdense/table';
import { expectTypeOf } from 'vitest';

const pipeline: Pipeline = { layers: [dense({ units: 4 })] };
declare const x: number[][];
declare const y: string[];
declare const bytes: Uint8Array;

export function pipelines(): void {
  const good: Pipeline = { layers: [], scale: 'robust', loss: 'huber', fit: { epochs: 3, classWeight: { setosa: 2 } } };
  // @ts-expect-error Layers are missing.
  const empty: Pipeline = { scale: 'standard' };
  // @ts-expect-error No such scale.
  const scale: Pipeline = { layers: [], scale: 'zscore' };
  // @ts-expect-error Epochs belong to fit.
  const epochs: Pipeline = { layers: [], epochs: 3 };
  // @ts-expect-error Callbacks are functions, which no file holds: fitPipeline takes them.
  const callbacks: Pipeline = { layers: [], fit: { callbacks: [] } };
  // @ts-expect-error Plain data: no loss in JavaScript.
  const loss: Pipeline = { layers: [], loss: { name: 'mine', compute: () => 1 } };
  // @ts-expect-error A class or a number.
  const task: Pipeline = { layers: [], task: 'ranking' };
  // @ts-expect-error Targets are scaled linearly.
  const targetScale: Pipeline = { layers: [], scale: 'quantile', targetScale: 'quantile' };
  void [good, empty, scale, targetScale, epochs, callbacks, loss, task];
}

export async function fitted(): Promise<void> {
  using model = await fitPipeline(pipeline, x, y, { seed: 1, columns: ['a'] });
  expectTypeOf(model).toEqualTypeOf<FittedPipeline>();
  expectTypeOf(model.predict(x)).toEqualTypeOf<readonly Label[]>();
  expectTypeOf(model.predictProbabilities(x)).toEqualTypeOf<Matrix>();
  expectTypeOf(loadPipeline(model.save())).toEqualTypeOf<FittedPipeline>();
  expectTypeOf(await bagging(pipeline, x, y, { members: 3 })).toEqualTypeOf<Ensemble>();
  expectTypeOf(loadEnsemble(bytes)).toEqualTypeOf<Ensemble>();
  expectTypeOf(loadPredictor(bytes)).toEqualTypeOf<Predictor>();
  expectTypeOf(await crossValidate(pipeline, x, y, kFold(10))).toExtend<Scores>();
  // @ts-expect-error Epochs stand in the pipeline.
  await fitPipeline(pipeline, x, y, { epochs: 3 });
  // @ts-expect-error 'votes' or 'probabilities'.
  loadEnsemble(bytes).predict(x, { by: 'majority' });
  // @ts-expect-error A predictor does not learn.
  loadPredictor(bytes).fit(x, y);
  // @ts-expect-error Splits, and no number of them.
  await crossValidate(pipeline, x, y, 5);
}

export async function searches(): Promise<void> {
  const result = await search({
    space: { units: [8, 16], activation: ['relu', 'tanh'], rate: { min: 1e-4, max: 0.1, scale: 'log' } },
    pipeline({ units, activation, rate }) {
      // The choices themselves, and a number of a range.
      expectTypeOf(units).toEqualTypeOf<8 | 16>();
      expectTypeOf(activation).toEqualTypeOf<'relu' | 'tanh'>();
      expectTypeOf(rate).toEqualTypeOf<number>();
      return { layers: [dense({ units, activation })] };
    },
    x,
    y,
    onTrial({ parameters }) {
      expectTypeOf(parameters.units).toEqualTypeOf<8 | 16>();
    },
    onProgress(done, total, { best, trials, seconds }) {
      expectTypeOf([done, total, seconds.spent]).toEqualTypeOf<number[]>();
      expectTypeOf(best?.parameters.units).toEqualTypeOf<8 | 16 | undefined>();
      expectTypeOf(trials.total).toEqualTypeOf<number | undefined>();
    },
  });
  expectTypeOf(await result.refit()).toEqualTypeOf<FittedPipeline>();
  expectTypeOf(result.best.parameters).toEqualTypeOf<{
    readonly units: 8 | 16;
    readonly activation: 'relu' | 'tanh';
    readonly rate: number;
  }>();
  interface Settings {
    readonly units: number;
  }
  const typed = await search<Settings>({ space: { units: [1, 2] }, pipeline: () => pipeline, x, y });
  expectTypeOf(typed.best.parameters).toEqualTypeOf<Settings>();
  // @ts-expect-error The space has no such parameter.
  await search({ space: { units: [8] }, pipeline: ({ layers }) => ({ layers }), x, y });
  // @ts-expect-error No such strategy.
  await search({ space: { units: [8] }, pipeline: () => pipeline, x, y, strategy: 'bayesian' });
  // @ts-expect-error A range has two ends.
  await search({ space: { rate: { min: 1 } }, pipeline: () => pipeline, x, y });
  const curve = await validationCurve([1, 2], (units) => ({ layers: [dense({ units })] }), x, y, kFold(10));
  expectTypeOf(curve[0]?.at).toEqualTypeOf<number | undefined>();
}

export function executors(): void {
  for (const executor of [inline(), workers(), bullmq({ connection: 'redis://a' }), resumable({ folder: 'f' })])
    expectTypeOf(executor).toEqualTypeOf<Executor>();
  // @ts-expect-error A folder.
  resumable({});
  // @ts-expect-error A connection.
  bullmq({});
  // @ts-expect-error An executor, and not the function that makes one.
  void crossValidate(pipeline, x, y, kFold(10), { executor: workers });
}

export function data(): void {
  // With a target the labels are there; without, they may not be.
  expectTypeOf(parseCsv('', { target: 'species' }).target).toEqualTypeOf<readonly Label[]>();
  expectTypeOf(parseCsv('').target).toEqualTypeOf<readonly Label[] | undefined>();
  expectTypeOf(oneHot([0, 1])).toEqualTypeOf<Matrix>();
  expectTypeOf(encodeLabels(y).indices).toEqualTypeOf<Int32Array>();
  expectTypeOf(holdOut(10)).toEqualTypeOf<Iterable<Split>>();
  expectTypeOf(fitScaler('minMax', x).transform(x)).toEqualTypeOf<Matrix>();
  // @ts-expect-error Indices, and no texts.
  oneHot(['a']);
  // @ts-expect-error No such scaler.
  fitScaler('zscore', x);
  // @ts-expect-error 'error' or 'skip'.
  parseCsv('', { missing: 'drop' });
  // @ts-expect-error The number of rows, and not the rows.
  kFold(x);
}

export async function others(): Promise<void> {
  expectTypeOf(toOnnx(fromOnnx(bytes))).toEqualTypeOf<Uint8Array>();
  // @ts-expect-error A history is needed.
  report({});
}

export async function tables(): Promise<void> {
  const table = await readTable('a,b\n1,x\n', { kinds: { b: 'category' }, decimal: ',', missing: ['none'] });
  expectTypeOf(table).toEqualTypeOf<Table>();
  expectTypeOf(table.columns).toEqualTypeOf<readonly Column[]>();
  expectTypeOf(table.row(0)).toEqualTypeOf<Record<string, Cell>>();
  expectTypeOf(table.known('a')).toEqualTypeOf<Table>();
  expectTypeOf<Column['kind']>().toEqualTypeOf<Kind>();
  await readTable(bytes);
  await readTable([{ a: 1, b: null }]);
  // @ts-expect-error No such kind.
  await readTable('a\n1\n', { kinds: { a: 'integer' } });
  // @ts-expect-error A path is for readTable of simdense/node to read; an option of it is unknown here.
  await readTable('a.csv', { path: true });

  using model = await fitPipeline({ ...pipeline, encode: { ignore: ['b'] } }, table, 'a', { groups: 'b' });
  expectTypeOf(model.predict(table)).toEqualTypeOf<readonly Label[]>();
  expectTypeOf(model.predict([{ a: 1, b: 'x' }])).toEqualTypeOf<readonly Label[]>();
  expectTypeOf(loadPredictor(bytes).predict([{ a: 1, b: null }])).toEqualTypeOf<Matrix>();
  model.evaluate(table);
  await crossValidate(pipeline, table, ['a', 'b'], kFold(10, { groups: ['x'], folds: 2 }));
  await search({ space: { units: [2] }, pipeline: () => pipeline, x: table, y: 'a', time: 'b' });
  // @ts-expect-error No such way to scale.
  const scale: Pipeline = { layers: [], encode: { number: { scale: 'zscore' } } };
  void scale;
}
