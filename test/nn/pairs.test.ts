// first-contact rows 40 and 41: every combination of loss × last activation × metric × form of targets is either meaningful or refused with a suggestion. The meaningful
// combinations are listed here again by hand, and their figures compared with float64.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Activation,
  activation,
  type CompileOptions,
  dense,
  loadModel,
  Matrix,
  rescaling,
  SimdenseError,
  sequential,
  sgd,
} from '../../src/index.js';
import { type ActivationName, activationNames } from '../../src/nn/activations.js';
import { type LossName, lossNames } from '../../src/nn/losses.js';
import type { MetricName } from '../../src/nn/metrics/index.js';
import { classMetrics } from '../../src/nn/metrics/names.js';
import { outputForm } from '../../src/nn/output-form.js';
import { weightsHash } from '../helpers/models.js';
import { numbers } from '../helpers/numbers.js';
import { lossOf } from '../oracle/loss.js';
import { metricsOracle } from '../oracle/metrics.js';
import { forward } from '../oracle/network.js';

const ROWS = 9;
type Next = () => number;
const share: (next: Next) => number = (next) => Math.abs(next());
const pick = (next: Next, below: number): number => Math.min(below - 1, Math.floor(share(next) * below));

/** Rows of `k` targets by form; some forms are for one output only, or for several. */
const forms = {
  'class indices': (next, k) => oneHot(next, k),
  'one-hot': (next, k) => oneHot(next, k),
  '0/1 column': (next) => each(1, () => pick(next, 2)).map((row, i) => (i < 2 ? [i] : row)),
  'multi-label rows': (next, k) =>
    each(k, () => pick(next, 2)).map((row, i) => (i === 4 ? row.map((_, c) => Number(c < 2)) : row)),
  probabilities: (next, k) =>
    each(k, () => 0.05 + share(next)).map((row) => row.map((v) => v / row.reduce((a, b) => a + b))),
  'shares of [0, 1]': (next, k) =>
    each(k, () => 0.3 + 0.6 * share(next)).map((row, i) => (i === 0 ? row.map(() => 0.9) : row)),
  'counts from 0 up': (next, k) => each(k, () => 2 + pick(next, 90)),
  reals: (next, k) => each(k, () => 50 * next()).map((row, i) => (i < 2 ? row.map(() => (i === 0 ? -40 : 40)) : row)),
  '-1 and 1': (next, k) =>
    each(k, () => 2 * pick(next, 2) - 1).map((row, i) => (i < 2 ? row.map(() => 2 * i - 1) : row)),
  'below -1': (next, k) => each(k, () => -2 - share(next)),
} satisfies Record<string, (next: Next, k: number) => number[][]>;
type Form = keyof typeof forms;
const formNames = Object.keys(forms) as Form[];

const each = (k: number, value: () => number): number[][] =>
  Array.from({ length: ROWS }, () => Array.from({ length: k }, () => Math.fround(value())));
const oneHot = (next: Next, k: number): number[][] =>
  Array.from({ length: ROWS }, (_, i) => {
    const label = i < k ? i : pick(next, k);
    return Array.from({ length: k }, (_, c) => Number(c === label));
  });

const unit: Form[] = [
  'class indices',
  'one-hot',
  '0/1 column',
  'multi-label rows',
  'probabilities',
  'shares of [0, 1]',
];
const positive: Form[] = [...unit, 'counts from 0 up'];
/** The targets that the outputs of an activation can approach. */
const reachable: Record<ActivationName, readonly Form[]> = {
  linear: formNames,
  leakyRelu: formNames,
  relu: positive,
  softplus: positive,
  silu: positive,
  gelu: positive,
  mish: positive,
  elu: [...positive, '-1 and 1'],
  tanh: [...unit, '-1 and 1'],
  sigmoid: unit,
  softsign: [...unit, '-1 and 1'],
  hardSwish: positive,
  tanhShrink: formNames,
  softmax: ['class indices', 'one-hot', 'probabilities'],
  logSoftmax: ['below -1'],
};
/** Whether an activation gives softmax's probabilities, or their logarithms. */
const isSoftmax = (activation: ActivationName): boolean => activation === 'softmax' || activation === 'logSoftmax';
const ofClasses: readonly MetricName[] = classMetrics;
const metricNames = Object.keys(metricsOracle) as MetricName[];

interface Pair {
  readonly loss: LossName;
  readonly activation: ActivationName;
  readonly outputs: number;
  readonly metric: MetricName;
  readonly form: Form;
}

/** undefined if the combination is meaningful, else the message of its refusal. */
function refusal({ loss, activation, outputs, metric, form }: Pair): RegExp | undefined {
  if (outputs === 1 && isSoftmax(activation)) return /binaryCrossentropy/;
  if (loss === 'binaryCrossentropy' && activation !== 'sigmoid') return /give the last layer activation 'sigmoid'/;
  if (loss === 'categoricalCrossentropy' && outputs === 1) return /for 1 use binaryCrossentropy/;
  if (loss === 'categoricalCrossentropy' && !isSoftmax(activation)) return /give the last layer activation 'softmax'/;
  const counts = ofClasses.includes(metric);
  if (metric === 'topKAccuracy' && outputs <= 5) return /use accuracy/;
  if (counts && !isSoftmax(activation) && activation !== 'sigmoid')
    return /'softmax' or 'sigmoid'.*meanAbsoluteError or r2/;
  if (!reachable[loss === 'categoricalCrossentropy' ? 'softmax' : activation].includes(form))
    return /use 'linear' with meanSquaredError|for several labels a row use 'sigmoid' with binaryCrossentropy/;
  const single = ['class indices', 'one-hot', '0/1 column'].includes(form);
  if (counts && activation === 'sigmoid' && !single && (loss !== 'binaryCrossentropy' || metric === 'topKAccuracy'))
    return outputs > 1 ? /several labels a row.*binaryCrossentropy/ : /meanAbsoluteError or r2/;
  return undefined;
}

const fits = (form: Form, outputs: number): boolean => {
  if (form === '0/1 column') return outputs === 1;
  return outputs > 1 || !['class indices', 'one-hot', 'multi-label rows', 'probabilities'].includes(form);
};

/** Checks that the combination is refused and nothing changes; or that loss and metric equal those of float64, in evaluate and in training. */
function check(pair: Pair, seed: number): 'refused' | 'trained' {
  const { loss, activation, outputs, metric, form } = pair;
  const next = numbers(seed);
  const layers = [dense({ units: outputs, activation })];
  using model = sequential({ inputs: 3, layers, seed });
  const before = weightsHash(model);
  const x = each(3, next);
  const target = forms[form](next, outputs).map((row) => row.map(Math.fround));
  const y = form === 'class indices' ? target.map((row) => row.indexOf(1)) : target;
  const said = refusal(pair);
  try {
    model.compile({ loss, metrics: [metric] } as CompileOptions);
    const logs = model.evaluate(x, y);
    if (said) expect.fail(`${JSON.stringify(pair)} is not refused`);
    const predicted = model.predict(x).toArrays();
    const { data } = model.getWeights().get('dense/kernel')!;
    const kernel = Array.from({ length: 3 }, (_, i) => Array.from(data.slice(i * outputs, (i + 1) * outputs)));
    const exact = forward([{ type: 'dense', kernel, bias: new Array<number>(outputs).fill(0), activation }], x);
    const ofLogs = loss === 'categoricalCrossentropy' && activation === 'logSoftmax';
    const lossExact = lossOf(loss, target, ofLogs ? exact.map((row) => row.map(Math.exp)) : exact);
    // Labels are each for itself in a binary crossentropy of rows, classes everywhere else.
    const kind = outputs === 1 || (loss === 'binaryCrossentropy' && form !== 'class indices') ? 'yes' : 'class';
    const value = metricsOracle[metric]({ kind, target, predicted });
    const trained = model.trainOnBatch(x, y);
    const within = (a: number, b: number, slack: number): boolean =>
      Object.is(a, b) || Math.abs(a - b) < slack * Math.max(1, Math.abs(b));
    expect(
      [
        predicted.every((row, i) => row.every((p, c) => within(p, exact[i]![c]!, 2e-5))),
        within(logs['loss']!, lossExact, 2e-5),
        // NaN for the area under the curve of rows on one side only.
        within(logs[metric]!, value, 1e-9) && Number.isFinite(value) !== (metric === 'auc' && Number.isNaN(value)),
        Object.is(trained[metric], logs[metric]) && within(trained['loss']!, logs['loss']!, 1e-6),
        weightsHash(model) !== before,
      ],
      JSON.stringify({ pair, logs, lossExact, value, trained }),
    ).toEqual([true, true, true, true, true]);
    return 'trained';
  } catch (error) {
    if (!(error instanceof SimdenseError)) throw error;
    const right = said?.test(error.message) && /ARGUMENT|DATA/.test(error.code) && weightsHash(model) === before;
    if (!right) expect.fail(`${JSON.stringify(pair)}: ${error.message}`);
    return 'refused';
  }
}

describe.each(lossNames)('%s with every activation, metric and form of targets', (loss) => {
  test.each(activationNames)('%s', (activation) => {
    const outcomes = { refused: 0, trained: 0 };
    let seed = 0;
    for (const outputs of [1, 3, 7])
      for (const form of formNames.filter((name) => fits(name, outputs)))
        for (const metric of metricNames) outcomes[check({ loss, activation, outputs, metric, form }, ++seed)]++;
    expect(outcomes.refused).toBeGreaterThan(0);
    const crossentropy = { binaryCrossentropy: 'sigmoid', categoricalCrossentropy: 'softmax' } as Record<
      string,
      string
    >;
    const given = activation === 'logSoftmax' && loss.endsWith('Crossentropy') ? 'softmax' : activation;
    expect(outcomes.trained > 0).toBe((crossentropy[loss] ?? given) === given);
  });
});

test('any of them with any numbers', () => {
  const pair = fc.record({
    loss: fc.constantFrom(...lossNames),
    activation: fc.constantFrom(...activationNames),
    outputs: fc.integer({ min: 1, max: 8 }),
    metric: fc.constantFrom(...metricNames),
    form: fc.constantFrom(...formNames),
  });
  fc.assert(
    fc.property(pair, fc.integer({ min: 1, max: 1e6 }), (p, seed) => {
      fc.pre(fits(p.form, p.outputs));
      check(p, seed);
    }),
    { numRuns: 500 },
  );
});

describe('what stands behind the last activation', () => {
  test('the range that outputs are said to have holds them', () => {
    const activations: fc.Arbitrary<Activation> = fc.oneof(
      fc.constantFrom(...activationNames),
      fc.record({ type: fc.constant('elu' as const), alpha: fc.constantFrom(0, 0.5, 3) }),
      fc.record({ type: fc.constant('leakyRelu' as const), slope: fc.constantFrom(0, 0.5, 2) }),
    );
    const scale = fc.constantFrom(-300, -1, 0.1, 1 / 3, 255);
    const offset = fc.constantFrom(-7, 0, 0.3);
    const rescalings = fc.array(fc.record({ scale, offset }), { maxLength: 3 });
    fc.assert(
      fc.property(activations, rescalings, fc.integer({ min: 1, max: 1e6 }), (activation, moves, seed) => {
        const layers = [dense({ units: 3, activation }), ...moves.map((move) => rescaling(move))];
        using model = sequential({ inputs: 2, layers, seed });
        const { low, high, outputs } = outputForm(model.layers, 2);
        const next = numbers(seed);
        const { data } = model.predict(
          new Matrix(
            Float32Array.from({ length: 80 }, () => 30 * next()),
            2,
          ),
        );
        const slack = 1e-5 * Math.max(1, ...[low, high].filter(Number.isFinite).map(Math.abs));
        expect(outputs).toBe(3);
        for (const value of data) expect(value >= low - slack && value <= high + slack).toBe(true);
      }),
    );
  });

  test('a rescaled sigmoid takes targets of its range, as float32 holds them', () => {
    using model = sequential({
      inputs: 1,
      layers: [dense({ units: 1, activation: 'sigmoid' }), rescaling({ scale: 0.1, offset: 0.3 })],
    }).compile({ loss: 'meanSquaredError' });
    model.evaluate([[1], [2]], [[0.3], [0.4]]);
    expect(() => model.evaluate([[1], [2]], [[0.3], [0.41]])).toThrow('gives numbers from 0.3 to 0.4');
  });

  test('losses and metrics in JavaScript are not restricted', () => {
    const loss = { name: 'mine', compute: () => 1 };
    const metric = { name: 'own', compute: () => 2 };
    using model = sequential({ inputs: 1, layers: [dense({ units: 1 })] }).compile({ loss, metrics: [metric, 'auc'] });
    expect(model.evaluate([[1], [2]], [[-5], [7]])).toMatchObject({ loss: 1, own: 2 });
  });
});

test('a saved model whose pair is refused by now loads, and learns on as it did', () => {
  const layers = [dense({ units: 1 })];
  using old = sequential({ inputs: 1, layers }).recompile({ loss: 'binaryCrossentropy', metrics: ['accuracy'] });
  const [x, y] = [
    [[1], [2]],
    [[0], [1]],
  ];
  old.trainOnBatch(x, y);
  using loaded = loadModel(old.save({ optimizer: true }));
  using copy = loaded.clone();
  expect(loaded.trainOnBatch(x, y)).toEqual(old.trainOnBatch(x, y));
  expect(copy.evaluate(x, y)).toHaveProperty('accuracy');
  expect(() => loaded.compile({ loss: 'binaryCrossentropy' })).toThrow("give the last layer activation 'sigmoid'");
});

test('first-contact row 14: a training that diverges, measured by auc on rows set aside, ends', async () => {
  const next = numbers(3);
  const x = new Matrix(Float32Array.from({ length: 120 }, next), 2);
  const y = Array.from({ length: 60 }, (_, i) => [i % 2]);
  const ended = await Promise.all(
    [1e20, 1e30, 1e38].map(async (learningRate) => {
      const layers = [dense({ units: 8, activation: 'relu' }), dense({ units: 1, activation: 'sigmoid' })];
      using model = sequential({ inputs: 2, layers }).compile({
        loss: 'binaryCrossentropy',
        metrics: ['auc'],
        optimizer: sgd({ learningRate }),
      });
      const trained = model.fit(x, y, { epochs: 3, batchSize: 60, validationSplit: 0.3 });
      return await trained.then(
        ({ epochs }) => (epochs.every((logs) => Number.isFinite(logs['valAuc'])) ? 'finite' : 'NaN'),
        (error: SimdenseError) => error.code,
      );
    }),
  );
  expect(ended).toEqual(expect.arrayContaining(['DIVERGED']));
  for (const end of ended) expect(['DIVERGED', 'DATA', 'finite']).toContain(end);
});

test('first-contact row 46: every spelling of our names, and those of other libraries', () => {
  const build = (loss: string, metric: string) => () =>
    sequential({ inputs: 1, layers: [dense({ units: 1 })] }).compile({ loss, metrics: [metric] } as never);
  const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  for (const loss of lossNames)
    for (const spelled of [snake(loss), `${loss}Loss`, loss.toUpperCase()].filter((text) => text !== loss))
      expect(build(spelled, 'r2')).toThrow(`, got "${spelled}"; did you mean ${loss}?`);
  for (const metric of metricNames)
    expect(build('huber', metric.toUpperCase())).toThrow(`, got "${metric.toUpperCase()}"; did you mean ${metric}?`);
  const others = {
    MSELoss: 'meanSquaredError',
    L1Loss: 'meanAbsoluteError',
    SmoothL1Loss: 'huber',
    BCEWithLogitsLoss: 'binaryCrossentropy',
    CrossEntropyLoss: 'categoricalCrossentropy',
    log_loss: 'binaryCrossentropy',
  };
  for (const [name, ours] of Object.entries(others)) expect(build(name, 'r2')).toThrow(`did you mean ${ours}?`);
  const metrics = {
    mcc: 'matthewsCorrelation',
    matthews_corrcoef: 'matthewsCorrelation',
    rmse: 'rootMeanSquaredError',
    r2_score: 'r2',
    roc_auc: 'auc',
    binary_accuracy: 'accuracy',
  };
  for (const [name, ours] of Object.entries(metrics)) expect(build('huber', name)).toThrow(`did you mean ${ours}?`);
  for (const name of ['hinge', 'constructor', '__proto__', '', 'x'.repeat(1e6)])
    expect(build(name, 'r2')).toThrow('compile(loss): expected one of');
});

test('logSoftmax with categoricalCrossentropy trains as softmax does: the same loss, weights within rounding, and metrics', async () => {
  const next = numbers(12);
  const x = Array.from({ length: 90 }, () => Array.from({ length: 5 }, next));
  const y = x.map((row) => (row[0]! > 0 ? 2 : row[1]! > 0 ? 1 : 0));
  const trained = async (activation: 'softmax' | 'logSoftmax', hidden: 'relu' | 'tanh') => {
    const layers = [dense({ units: 7, activation: hidden }), dense({ units: 3, activation })];
    const model = sequential({ inputs: 5, layers, seed: 3 }).compile({
      loss: 'categoricalCrossentropy',
      optimizer: sgd({ learningRate: 0.1 }),
      metrics: ['accuracy', 'f1', 'auc'],
    });
    const { epochs } = await model.fit(x, y, { epochs: 12, batchSize: 30, shuffle: false });
    return { model, last: epochs.at(-1)! };
  };
  for (const hidden of ['relu', 'tanh'] as const) {
    const [plain, logs] = [await trained('softmax', hidden), await trained('logSoftmax', hidden)];
    for (const [name, value] of Object.entries(plain.last)) expect(logs.last[name]).toBeCloseTo(value as number, 4);
    const [p, l] = [plain.model.predict(x).data, logs.model.predict(x).data];
    for (const [i, value] of p.entries()) expect(Math.abs(Math.exp(l[i] as number) - value)).toBeLessThan(1e-5);
    plain.model.dispose();
    logs.model.dispose();
  }
});

test('behind an activation that keeps its output, and with weights of rows, logSoftmax has the loss of softmax', () => {
  const losses = (['softmax', 'logSoftmax'] as const).map((last) => {
    const layers = [dense({ units: 3, activation: 'tanh' }), activation(last)];
    using model = sequential({ inputs: 2, layers, seed: 1 }).compile({ loss: 'categoricalCrossentropy' });
    const rows = [
      [1, 2],
      [-3, 4],
      [0, 1],
    ];
    const { loss } = model.evaluate(rows, [0, 2, 1], { sampleWeight: [1, 2, 0.5] });
    return loss as number;
  });
  expect(losses[1]).toBeCloseTo(losses[0] as number, 6);
});
