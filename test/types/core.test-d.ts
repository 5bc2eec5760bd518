// The types of simdense, as published: what the compiler infers, and what it refuses. `npm run types` compiles this; nothing of it runs.
import {
  activation,
  adam,
  batchNormalization,
  type Callback,
  type CustomLoss,
  type CustomMetric,
  checkpoint,
  createEngine,
  dense,
  dropout,
  type Engine,
  earlyStopping,
  type FitOptions,
  gaussianNoise,
  type History,
  type Layer,
  type Logs,
  loadModel,
  Matrix,
  type Optimizer,
  reduceOnPlateau,
  rescaling,
  rmsprop,
  type Schedule,
  type Sequential,
  SimdenseError,
  sequential,
  sgd,
  supports,
  type WeightSet,
} from 'simdense';
import { expectTypeOf } from 'vitest';

export function layers(): void {
  expectTypeOf(dense({ units: 8 })).toExtend<Layer>();
  expectTypeOf<Layer['type']>().toEqualTypeOf<
    | 'dense'
    | 'activation'
    | 'rescaling'
    | 'batchNormalization'
    | 'layerNormalization'
    | 'prelu'
    | 'dropout'
    | 'gaussianNoise'
  >();
  const layer = dense({ units: 8 }) as Layer;
  // A union: the type tells what a layer has.
  if (layer.type === 'dense') expectTypeOf(layer.units).toEqualTypeOf<number>();
  if (layer.type === 'dropout') expectTypeOf(layer.rate).toEqualTypeOf<number>();
  // @ts-expect-error Not every layer has units.
  layer.units;
  // @ts-expect-error A description is frozen.
  dense({ units: 8 }).units = 9;
  dense({ units: 8, activation: { type: 'leakyRelu', slope: 0.1 } });
  // @ts-expect-error Units alone are no options.
  dense(8);
  // @ts-expect-error Units are missing.
  dense({});
  // @ts-expect-error A misspelt option.
  dense({ unit: 8 });
  // @ts-expect-error No such activation.
  dense({ units: 8, activation: 'rel' });
  // @ts-expect-error elu has an alpha.
  dense({ units: 8, activation: { type: 'elu', slope: 1 } });
  // @ts-expect-error No such initializer.
  dense({ units: 8, kernelInitializer: 'he' });
  // @ts-expect-error A constant has a value.
  dense({ units: 8, kernelInitializer: { type: 'constant' } });
  // @ts-expect-error undefined is not "left out".
  dense({ units: 8, activation: undefined });
  activation('relu');
  // @ts-expect-error Its name, and no options.
  activation({ activation: 'relu' });
  // @ts-expect-error A rate has a name.
  dropout(0.5);
  // @ts-expect-error The rate is missing.
  dropout();
  // @ts-expect-error The deviation is called stddev.
  gaussianNoise({ rate: 1 });
  // @ts-expect-error The scale is missing.
  rescaling({ offset: 1 });
  batchNormalization();
  // @ts-expect-error A number.
  batchNormalization({ momentum: '0.9' });
}

export function optimizers(): void {
  expectTypeOf(adam()).toExtend<Optimizer>();
  const optimizer = adam() as Optimizer;
  expectTypeOf<Optimizer['type']>().toEqualTypeOf<'sgd' | 'adam' | 'adamw' | 'rmsprop' | 'adagrad' | 'lion'>();
  if (optimizer.type === 'adam') expectTypeOf(optimizer.beta1).toEqualTypeOf<number>();
  adam({ learningRate: { type: 'cosine', initial: 0.1, steps: 100 } });
  // @ts-expect-error A rate has a name.
  adam(0.01);
  // @ts-expect-error Other libraries' name.
  adam({ lr: 0.01 });
  // @ts-expect-error adam has no momentum of that name.
  adam({ momentum: 0.9 });
  sgd({ momentum: 0.9, nesterov: true });
  rmsprop({ rho: 0.9 });
  // @ts-expect-error A cosine has steps.
  const noSteps: Schedule = { type: 'cosine', initial: 0.1 };
  // @ts-expect-error No such schedule.
  const linear: Schedule = { type: 'linear', initial: 0.1 };
  void [noSteps, linear];
}

export async function models(rows: number[][], labels: Int32Array): Promise<void> {
  const model = sequential({ inputs: 4, layers: [dense({ units: 2 })] });
  expectTypeOf(model).toEqualTypeOf<Sequential>();
  expectTypeOf(model.compile({ loss: 'meanSquaredError' })).toEqualTypeOf<Sequential>();
  expectTypeOf(await model.fit(rows, labels)).toEqualTypeOf<History>();
  expectTypeOf(model.predict(new Matrix([1, 2, 3, 4], 4))).toEqualTypeOf<Matrix>();
  expectTypeOf(model.predict(new Float64Array(8))).toEqualTypeOf<Matrix>();
  expectTypeOf(model.evaluate(rows, labels)).toEqualTypeOf<Logs>();
  expectTypeOf(model.evaluate(rows, labels)['loss']).toEqualTypeOf<number | undefined>();
  expectTypeOf(model.getWeights()).toEqualTypeOf<WeightSet>();
  expectTypeOf(model.save({ optimizer: true })).toEqualTypeOf<Uint8Array>();
  expectTypeOf(loadModel(model.save())).toEqualTypeOf<Sequential>();
  using disposable = model.clone({ seed: 1 });
  expectTypeOf(disposable).toEqualTypeOf<Sequential>();
  // @ts-expect-error The inputs are missing.
  sequential({ layers: [] });
  // @ts-expect-error A description, and no list of numbers.
  sequential({ inputs: 4, layers: [8, 2] });
  // @ts-expect-error A loss is needed.
  model.compile({});
  // @ts-expect-error No such loss.
  model.compile({ loss: 'mse' });
  // @ts-expect-error A rate belongs to the optimizer.
  model.compile({ loss: 'meanSquaredError', learningRate: 0.1 });
  // @ts-expect-error No such metric.
  model.compile({ loss: 'meanSquaredError', metrics: ['acc'] });
  // @ts-expect-error Metrics are a list.
  model.compile({ loss: 'meanSquaredError', metrics: 'r2' });
  // @ts-expect-error Class labels as texts: encodeLabels numbers them.
  await model.fit(rows, ['a', 'b']);
  // @ts-expect-error Cells are numbers.
  model.predict([['1', '2']]);
  // @ts-expect-error Numbers of BigInts cannot be learnt from.
  model.predict(new BigInt64Array(4));
  // @ts-expect-error How many epochs stands in the options.
  await model.fit(rows, labels, 10);
  // @ts-expect-error 'full' is the one word.
  await model.fit(rows, labels, { batchSize: 'all' });
  // @ts-expect-error A misspelt option.
  await model.fit(rows, labels, { epoch: 10 });
  // @ts-expect-error Rows and targets.
  await model.fit(rows, labels, { validationData: [rows] });
  // @ts-expect-error An internal name.
  model.bound;
  // @ts-expect-error Settled by compile, and not to be written.
  model.layers = [];
  // @ts-expect-error A typed array to write to.
  model.predictInto([0, 0], new Float32Array(4));
  // @ts-expect-error Bytes, and no text.
  loadModel('{}');
  // @ts-expect-error A matrix has columns.
  new Matrix([1, 2, 3]);
  expectTypeOf<FitOptions['batchSize']>().toEqualTypeOf<number | 'full' | undefined>();
}

export async function streams(model: Sequential): Promise<void> {
  await model.fit(async function* () {
    yield [new Float32Array(4), [1]] as const;
  });
  // @ts-expect-error Pairs of rows and targets.
  await model.fit(async function* () {
    yield 'row';
  });
}

export function callbacks(model: Sequential): void {
  const own: Callback = {
    async onEpochEnd(t) {
      expectTypeOf(t.epoch).toEqualTypeOf<number>();
      expectTypeOf(t.model).toEqualTypeOf<Sequential>();
      t.learningRate = 0.1;
      // @ts-expect-error Counted by the run.
      t.epoch = 3;
      // @ts-expect-error A reason is told.
      t.stop();
    },
  };
  void model.fit([[1]], [1], { callbacks: [own, earlyStopping(), reduceOnPlateau({ factor: 0.5 })] });
  checkpoint(async (bytes, logs) => {
    expectTypeOf(bytes).toEqualTypeOf<Uint8Array>();
    expectTypeOf(logs).toEqualTypeOf<Logs>();
  });
  // @ts-expect-error No such hook.
  const unknown: Callback = { onEpochEnded() {} };
  // @ts-expect-error A list.
  void model.fit([[1]], [1], { callbacks: earlyStopping() });
  // @ts-expect-error The function, and what it returns is a callback.
  void model.fit([[1]], [1], { callbacks: [earlyStopping] });
  // @ts-expect-error 'min' or 'max'.
  earlyStopping({ mode: 'auto' });
  // @ts-expect-error Other libraries' name.
  earlyStopping({ restoreBestWeights: true });
  // @ts-expect-error What saves is missing.
  checkpoint({ every: 2 });
  void unknown;
}

export function inJavaScript(model: Sequential): void {
  const loss: CustomLoss = { name: 'mine', compute: (target, predicted) => (target[0] ?? 0) - (predicted[0] ?? 0) };
  const metric: CustomMetric = { name: 'worst', compute: () => 1 };
  model.compile({ loss, metrics: ['accuracy', metric] });
  // @ts-expect-error At once, and no promise.
  const late: CustomMetric = { name: 'late', compute: async () => 1 };
  // @ts-expect-error It has a name.
  const nameless: CustomLoss = { compute: () => 1 };
  void [late, nameless];
}

export async function engines(): Promise<void> {
  expectTypeOf(await createEngine({ threads: 2 })).toEqualTypeOf<Engine>();
  expectTypeOf(supports).toBeFunction();
  // @ts-expect-error A number of threads.
  await createEngine({ threads: 'auto' });
  // @ts-expect-error createEngine makes it first.
  sequential({ inputs: 1, layers: [dense({ units: 1 })], engine: createEngine() });
}

export function errors(error: unknown): void {
  if (error instanceof SimdenseError) {
    expectTypeOf(error.code).toExtend<string>();
    // @ts-expect-error No such code.
    error.code === 'NONE';
  }
}
