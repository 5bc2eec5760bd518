// For each illness, a small run that has it reports it as its first finding; also the trace, and the arguments.
import { describe, expect, test } from 'vitest';
import { readDigits } from '../../examples/digits-data.js';
import { checkGradients, diagnose, type Finding, gradientsOf } from '../../src/diagnose/index.js';
import { batchNormalization, dense, rescaling, sequential, sgd } from '../../src/index.js';
import { checkMessages } from '../bad-input/check.js';
import { codes, run } from './case.js';
import { illnesses } from './illnesses.js';

const digits = readDigits();
const relu = (units: number) => dense({ units, activation: 'relu' });
const ten = dense({ units: 10, activation: 'softmax' });
const sixteenth = rescaling({ scale: 1 / 16 });

describe('each illness comes first (first-contact rows 61, 62, 64)', () => {
  test.each(illnesses)('%s: %s', async (_, code, layer, illness) => {
    const [first] = (await run(illness)).findings;
    expect([first?.code, first?.layer, first?.because]).toEqual([code, layer, undefined]);
    const { message, advice, value } = first as Finding;
    // A message has the figure, a threshold or another figure, a source, and advice; it has no final full stop.
    expect(value).toEqual(expect.any(Number));
    expect(message.match(/\d/g)?.length).toBeGreaterThan(1);
    expect(message).toMatch(/\(.*(\d{4}|CS231n|measured).*\)/);
    expect(advice.length).toBeGreaterThan(20);
    expect([message, advice].filter((text) => text.endsWith('.'))).toEqual([]);
  });

  test('there is a run for each of the eighteen', () => {
    expect(new Set(illnesses.map(([, code]) => code)).size).toBe(18);
  });

  test('inputs so large that the loss overflows before the first epoch ends: what follows stands under them', async () => {
    const { findings } = await run({
      layers: [rescaling({ scale: 1e15 }), relu(32), dense({ units: 1 })],
      y: Float32Array.from(digits.y, (label) => label / 10),
      compile: { loss: 'meanSquaredError', optimizer: sgd({ learningRate: 1 }) },
    });
    expect(codes(findings).slice(0, 2)).toEqual(['unscaled-inputs', 'exploding-gradients']);
    expect(findings.slice(1).every(({ because }) => because === 'unscaled-inputs')).toBe(true);
  });
});

test('updates that are too small because of clipNorm say so, and others do not', async () => {
  const layers = [sixteenth, relu(32), ten];
  const small = async (optimizer: ReturnType<typeof sgd>) => {
    const [first] = (await run({ layers, compile: { optimizer } })).findings;
    return first as Finding;
  };
  const clipped = await small(sgd({ learningRate: 0.1, clipNorm: 1e-5 }));
  expect(clipped).toMatchObject({
    code: 'update-too-small',
    message: expect.stringMatching(/\. clipNorm cuts the norm of all gradients to 1\.0e-5$/),
    advice: expect.stringMatching(/^Leave clipNorm out/),
  });
  const slow = await small(sgd({ learningRate: 1e-6, clipNorm: 100 }));
  expect(slow.advice).toMatch(/^Multiply the learning rate by ten/);
  expect(slow.message).not.toContain('clipNorm');
});

test('weights that begin as zeros in the last layer alone, and batch normalization, are no findings', async () => {
  const last = dense({ units: 10, activation: 'softmax', kernelInitializer: 'zeros' });
  const layers = [sixteenth, dense({ units: 32 }), batchNormalization(), relu(16), last];
  const { findings, told } = await run({ layers, fit: { epochs: 20 } });
  expect([...findings, ...told]).toEqual([]);
});

test('it changes no bit of a training, and the same training gives the same findings and trace', async () => {
  const train = async (callbacks: ReturnType<typeof diagnose>[]) => {
    using model = sequential({ inputs: 64, layers: [sixteenth, relu(16), ten], seed: 4 }).compile({
      loss: 'categoricalCrossentropy',
    });
    await model.fit(digits.x, digits.y, { epochs: 3, callbacks });
    return model.save();
  };
  const [a, b] = [diagnose({ every: 3 }), diagnose({ every: 3 })];
  const plain = await train([]);
  expect(await train([a])).toEqual(plain);
  expect(await train([b])).toEqual(plain);
  expect(b.trace).toEqual(a.trace);
  expect(a.trace.length).toBe(3);
  const { loss, gradientNorm, ...rest } = a.trace[0] as Record<string, number>;
  expect([loss, gradientNorm].every(Number.isFinite)).toBe(true);
  expect(Object.keys(rest)).toEqual([
    'learningRate',
    'gradient/dense',
    'update/dense',
    'gradient/dense_1',
    'update/dense_1',
    'dead/dense',
  ]);
});

test("the gradients in the trace are the oracle's: sgd without momentum moves each weight by its rate times them", async () => {
  using model = sequential({ inputs: 64, layers: [sixteenth, relu(16), ten], seed: 4 }).compile({
    loss: 'categoricalCrossentropy',
    optimizer: sgd({ learningRate: 0.5 }),
  });
  const before = model.getWeights();
  const diagnosis = diagnose();
  await model.fit(digits.x, digits.y, { epochs: 1, batchSize: 'full', callbacks: [diagnosis] });
  const after = model.getWeights();
  for (const layer of ['dense', 'dense_1']) {
    const [old, now] = [before, after].map((w) => w.get(`${layer}/kernel`)?.data as Float32Array) as [
      Float32Array,
      Float32Array,
    ];
    const rms = (f: (i: number) => number) => Math.sqrt(old.reduce((sum, _, i) => sum + f(i) ** 2, 0) / old.length);
    const change = rms((i) => (now[i] as number) - (old[i] as number));
    expect(diagnosis.trace[0]?.[`gradient/${layer}`]).toBeCloseTo(change / 0.5, 5);
    // Of a sample of the weights.
    const ratio = (diagnosis.trace[0]?.[`update/${layer}`] as number) / (change / rms((i) => now[i] as number));
    expect(ratio).toBeGreaterThan(0.5);
    expect(ratio).toBeLessThan(2);
  }
});

const any = (value: unknown) => value as never;
checkMessages([
  [() => diagnose({ every: 0 }), 'SimdenseError [ARGUMENT]: diagnose(every): expected a positive integer, got 0'],
  [() => diagnose({ onFinding: any(1) }), 'SimdenseError [ARGUMENT]: diagnose(onFinding): expected a function, got 1'],
  [
    () => diagnose(any({ evry: 1 })),
    'SimdenseError [ARGUMENT]: diagnose: unknown option "evry"; known are every, onFinding; did you mean every?',
  ],
]);

test('a frozen layer is not said to be dead, unmoved or the same everywhere, and is in no trace', async () => {
  const dead = dense({ units: 16, activation: 'relu', biasInitializer: { type: 'constant', value: -1000 } });
  const same = dense({ units: 16, activation: 'tanh', kernelInitializer: 'zeros' });
  const layers = [sixteenth, dead, same, relu(16), ten];
  const found = async (layerRates: Record<string, number>) => (await run({ layers, compile: { layerRates } })).findings;
  const about = (findings: readonly Finding[]) => findings.map(({ layer }) => layer);
  expect(about(await found({}))).toContain('dense');
  const findings = await found({ dense: 0, dense_1: 0 });
  expect(about(findings)).not.toContain('dense');
  expect(about(findings)).not.toContain('dense_1');
  using model = sequential({ inputs: 64, layers: [sixteenth, relu(16), ten], seed: 1 });
  model.compile({ loss: 'categoricalCrossentropy', layerRates: { dense: 0 } });
  const diagnosis = diagnose();
  await model.fit(digits.x, digits.y, { epochs: 2, callbacks: [diagnosis] });
  expect(codes(diagnosis.findings)).not.toContain('update-too-small');
  const first = Array.from({ length: 10 }, (_, row) => row);
  expect([...gradientsOf(model).keys()]).toEqual(['dense_1/kernel', 'dense_1/bias']);
  expect(checkGradients(model, digits.x.select(first), digits.y.slice(0, 10)).largestRelativeError).toBeLessThan(0.01);
});
