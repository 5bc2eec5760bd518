// Each illness in a network that has it, and none in healthy trainings of digits, iris and MNIST.
import { describe, expect, test } from 'vitest';
import { readDigits } from '../../examples/digits-data.js';
import { Matrix } from '../../src/data/index.js';
import { diagnose, type Finding, type FindingCode } from '../../src/diagnose/index.js';
import { adam, dense, rescaling, sequential, sgd } from '../../src/index.js';
import { checkMessages } from '../bad-input/check.js';
import { type Case, healthy } from './healthy.js';

const digits = readDigits();
const relu = (units: number) => dense({ units, activation: 'relu' });
const sigmoid = (units: number) => dense({ units, activation: 'sigmoid' });
const ten = dense({ units: 10, activation: 'softmax' });
const sixteenth = rescaling({ scale: 1 / 16 });

async function findings({
  layers,
  x = digits.x,
  y = digits.y,
  inputs = 64,
  compile,
  fit,
}: Case): Promise<readonly Finding[]> {
  const model = sequential({ inputs, layers, seed: 1 });
  model.compile({ loss: 'categoricalCrossentropy', ...compile });
  const told: Finding[] = [];
  const diagnosis = diagnose({ onFinding: (finding) => told.push(finding) });
  try {
    await model.fit(x, y, { epochs: 10, ...fit, callbacks: [diagnosis] });
  } catch (error) {
    if ((error as { code?: string }).code !== 'DIVERGED') throw error;
  }
  model.dispose();
  expect(diagnosis.findings).toEqual(told);
  return told;
}

describe('each illness is found', () => {
  const few = Int32Array.from({ length: 100 }, (_, row) => row);
  const constant = Matrix.from(digits.x.toArrays().map((row) => [...row.slice(0, 63).map((v) => v / 16), 7]));
  const regression = Float32Array.from(digits.y, (label) => label / 10);
  const illnesses: readonly [FindingCode, string | undefined, Case][] = [
    [
      'vanishing-gradients',
      'dense',
      { layers: [sixteenth, ...Array.from({ length: 6 }, () => sigmoid(32)), ten], compile: { optimizer: sgd() } },
    ],
    [
      'exploding-gradients',
      'dense',
      {
        layers: [
          sixteenth,
          ...Array.from({ length: 6 }, () =>
            dense({ units: 32, activation: 'relu', kernelInitializer: { type: 'randomNormal', stddev: 1 } }),
          ),
          ten,
        ],
        compile: { optimizer: sgd({ learningRate: 1e-6 }) },
      },
    ],
    ['dead-relu', 'dense', { layers: [sixteenth, relu(64), ten], compile: { optimizer: adam({ learningRate: 0.5 }) } }],
    [
      'saturated',
      'dense',
      {
        layers: [
          sixteenth,
          dense({ units: 32, activation: 'tanh', kernelInitializer: { type: 'randomNormal', stddev: 3 } }),
          ten,
        ],
      },
    ],
    [
      'update-too-small',
      'dense',
      { layers: [sixteenth, relu(32), ten], compile: { optimizer: sgd({ learningRate: 1e-6 }) } },
    ],
    [
      'update-too-large',
      'dense',
      { layers: [sixteenth, relu(32), ten], compile: { optimizer: adam({ learningRate: 0.3 }) } },
    ],
    ['first-loss', undefined, { layers: [rescaling({ scale: 4 }), relu(32), ten] }],
    [
      'loss-does-not-fall',
      undefined,
      { layers: [sixteenth, relu(32), ten], compile: { optimizer: sgd({ learningRate: 1e-6 }) } },
    ],
    [
      'loss-oscillates',
      undefined,
      {
        layers: [sixteenth, dense({ units: 32, activation: 'tanh' }), ten],
        compile: { optimizer: sgd({ learningRate: 0.5, momentum: 0.9 }) },
        fit: { epochs: 20 },
      },
    ],
    [
      'over-fitting',
      undefined,
      {
        layers: [sixteenth, relu(256), ten],
        x: digits.x.select(few),
        y: Int32Array.from(few, (row) => (row % 3 ? (digits.y[row] as number) : row % 10)),
        fit: { epochs: 80, validationSplit: 0.3, batchSize: 16 },
      },
    ],
    [
      'class-collapse',
      undefined,
      { layers: [rescaling({ scale: 16 }), relu(64), ten], compile: { optimizer: sgd({ learningRate: 0.1 }) } },
    ],
    ['unscaled-inputs', undefined, { layers: [rescaling({ scale: 16 }), relu(32), ten] }],
    ['constant-columns', undefined, { layers: [relu(32), ten], x: constant }],
    [
      'too-few-epochs',
      undefined,
      { layers: [sixteenth, relu(32), ten], compile: { optimizer: sgd({ learningRate: 0.01 }) }, fit: { epochs: 6 } },
    ],
  ];

  test.each(illnesses)('%s', async (code, layer, illness) => {
    const found = (await findings(illness)).find((finding) => finding.code === code && finding.layer === layer);
    expect(found).toBeDefined();
    const { message, advice, value } = found as Finding;
    // The figure, a threshold or what it is compared with, a source, and what to do.
    expect(value).toEqual(expect.any(Number));
    expect(message.match(/\d/g)?.length).toBeGreaterThan(1);
    expect(message).toMatch(/\(.*(\d{4}|CS231n|measured|any column).*\)/);
    expect(advice.length).toBeGreaterThan(20);
  });

  test('of trainings that diverge before their first epoch ends', async () => {
    const found = await findings({
      layers: [rescaling({ scale: 1e15 }), relu(32), dense({ units: 1 })],
      y: regression,
      compile: { loss: 'meanSquaredError', optimizer: sgd({ learningRate: 1 }) },
    });
    expect(found.map(({ code }) => code)).toEqual(expect.arrayContaining(['unscaled-inputs', 'exploding-gradients']));
  });
});

describe('healthy trainings have none', async () => {
  test.each(Object.entries(await healthy()))('%s', async (_, training) => {
    expect(await findings(training)).toEqual([]);
  });
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
