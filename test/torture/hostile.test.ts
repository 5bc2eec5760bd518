// Every parser against spoilt real files and generated junk: each input is read or refused with a SimdenseError, quickly, and what was taken is given back.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decode, encode } from '../../src/bullmq/codec.js';
import { parse, training } from '../../src/cli/options.js';
import { parseCsv, parseIdx } from '../../src/data/index.js';
import { defaultEngine } from '../../src/engine/engine.js';
import { bagging, fitPipeline, loadEnsemble, loadPipeline } from '../../src/evaluate/index.js';
import { adam, batchNormalization, dense, loadModel, Matrix, SimdenseError, sequential } from '../../src/index.js';
import { fromOnnx, toOnnx } from '../../src/onnx/index.js';
import { loadPredictor } from '../../src/predict/index.js';
import { blobs } from '../helpers/models.js';
import { edits, spoil } from './edits.js';
import { rounds, torture } from './rounds.js';

const RUNS = rounds(10_000, 1000);
/** Milliseconds that no input of at most 64 KB may take. */
const LONGEST = 2000;

interface Target {
  readonly name: string;
  read(bytes: Uint8Array): unknown;
  samples(): Promise<readonly Uint8Array[]>;
}

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const bytes = (value: string): Uint8Array => new TextEncoder().encode(value);
const { x, y } = blobs(30);

async function models(): Promise<Uint8Array[]> {
  using small = sequential({
    inputs: 2,
    layers: [dense({ units: 3, activation: 'relu' }), batchNormalization(), dense({ units: 3, activation: 'softmax' })],
  });
  const bare = small.save();
  small.compile({ optimizer: adam({ clipNorm: 1 }), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  small.trainOnBatch(x, y);
  return [bare, small.save(), small.save({ optimizer: true })];
}

async function pipelines(): Promise<Uint8Array[]> {
  const names = Array.from(y, (label) => ['oak', 'ash', 'elm'][label] as string);
  using classes = await fitPipeline({ layers: [dense({ units: 3 })], fit: { epochs: 2 } }, x, names, {
    columns: ['a', 'b'],
    target: 'tree',
  });
  using numbers = await fitPipeline(
    { layers: [], scale: 'minMax', fit: { epochs: 2 } },
    x,
    Float32Array.from(y, (label) => label / 3),
  );
  return [classes.save(), numbers.save()];
}

const close = (made: { dispose(): void }): void => made.dispose();
const golden = new URL('../golden/', import.meta.url);
const targets: readonly Target[] = [
  { name: 'loadModel', read: (b) => close(loadModel(b)), samples: models },
  { name: 'loadPipeline', read: (b) => close(loadPipeline(b)), samples: pipelines },
  {
    name: 'loadPredictor',
    read: (b) => close(loadPredictor(b)),
    samples: async () => [...(await models()), ...(await pipelines())],
  },
  {
    name: 'loadEnsemble',
    read: (b) => close(loadEnsemble(b)),
    samples: async () => {
      using ensemble = await bagging({ layers: [dense({ units: 2 })], fit: { epochs: 1 } }, x, y, { members: 2 });
      return [ensemble.save()];
    },
  },
  {
    name: 'fromOnnx',
    read: (b) => close(fromOnnx(b)),
    samples: async () => [
      ...(await models()).map((file) => toOnnx(loadModel(file))),
      readFileSync(new URL('onnx/sklearn-mlp.onnx', golden)),
      readFileSync(new URL('onnx/torch-gelu-13.onnx', golden)),
    ],
  },
  {
    name: 'parseIdx',
    read: parseIdx,
    samples: async () => [
      Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 1, 1, 2, 3, 4),
      Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 3, 7, 8, 9),
    ],
  },
  {
    name: 'parseCsv',
    read: (b) => parseCsv(text(b), { target: -1 }),
    samples: async () => [
      bytes('a,b,kind\n1,2,x\n3,4,"y,z"\n5,6,x\n'),
      bytes('color;size;y\nred;1;2\nblue;2;3\n'),
      bytes('1\t2\n3\t4\n'),
    ],
  },
  {
    name: 'parseCsv, features',
    read: (b) => parseCsv(text(b), { features: ['a', 'c=red', 'c=blue'] }),
    samples: async () => [bytes('a,c\n1,red\n2,blue\n'), bytes('c,a,other\nred,1,x\n')],
  },
  {
    name: 'a job of bullmq',
    read: (b) => {
      let value: unknown;
      try {
        value = JSON.parse(text(b));
      } catch {
        // BullMQ itself parses the JSON.
        return;
      }
      decode(value);
    },
    samples: async () => [
      bytes(
        JSON.stringify(
          encode({
            pipeline: { layers: [dense({ units: 2 })] },
            train: Int32Array.of(1, 2, 3),
            x: Float32Array.of(1.5),
          }),
        ),
      ),
    ],
  },
  {
    name: 'command lines',
    read: (b) => parse('train', text(b).split('\n'), training),
    samples: async () => [bytes('data.csv\n--target\nspecies\n--epochs\n20'), bytes('a\n-o\nb\n--balanced')],
  },
];

/** Reads or refuses; anything else is a defect. A machine may stall: only what takes long three times does. */
function readOrRefuse({ name, read }: Target, input: Uint8Array, again = 2): void {
  const begin = performance.now();
  try {
    read(input);
  } catch (error) {
    if (!(error instanceof SimdenseError)) throw new Error(`${name}: ${String(error)}`, { cause: error });
  }
  const time = performance.now() - begin;
  if (time <= LONGEST) return;
  if (again === 0) throw new Error(`${name}: ${time} ms for ${input.length} bytes`);
  readOrRefuse({ name, read } as Target, input, again - 1);
}

describe.each(targets)('$name', { timeout: Math.max(60_000, RUNS) }, (target) => {
  let samples: readonly Uint8Array[];
  const engine = defaultEngine();
  let before = 0;
  beforeAll(async () => {
    samples = await target.samples();
    before = engine.bytesInUse;
  });
  afterAll(() => {
    expect(engine.bytesInUse).toBe(before);
  });

  test('spoilt files', () => {
    for (const sample of samples) readOrRefuse(target, sample);
    fc.assert(
      fc.property(fc.nat(1000), edits, (which, changes) =>
        readOrRefuse(target, spoil(samples[which % samples.length] as Uint8Array, changes)),
      ),
      { numRuns: Math.ceil(RUNS * 0.9) },
    );
  });

  test('junk', () => {
    const junk = fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      fc.json().map(bytes),
      fc.string({ unit: 'binary' }).map(bytes),
    );
    fc.assert(
      fc.property(junk, (input) => readOrRefuse(target, input)),
      { numRuns: Math.ceil(RUNS * 0.1) },
    );
  });
});

/** Exponent of time over size: the slope of a line through their logarithms. */
function exponent(sizes: readonly number[], time: (size: number) => number): number {
  const points = sizes.map(
    (size) => [Math.log(size), Math.log(Math.min(...[1, 2, 3, 4, 5].map(() => time(size))))] as const,
  );
  const mean = (k: 0 | 1) => points.reduce((sum, p) => sum + p[k], 0) / points.length;
  const [mx, my] = [mean(0), mean(1)];
  return (
    points.reduce((sum, [a, b]) => sum + (a - mx) * (b - my), 0) / points.reduce((sum, [a]) => sum + (a - mx) ** 2, 0)
  );
}

// By the clock, and so only where it is asked for.
describe.runIf(torture > 0)('time grows as the input does', { timeout: 300_000 }, () => {
  const clocked = (run: () => unknown): number => {
    const begin = performance.now();
    try {
      run();
    } catch {
      // Refused as well as read.
    }
    return performance.now() - begin;
  };
  const wide = (units: number): Uint8Array => sequential({ inputs: 64, layers: [dense({ units })] }).save();
  const rows = (count: number, cell: (i: number) => string): string =>
    `a,b,c\n${Array.from({ length: count }, (_, i) => `${i},${cell(i)},x`).join('\n')}`;
  const cases: readonly [string, readonly number[], (size: number) => () => unknown][] = [
    [
      'loadModel',
      [2000, 8000, 32000, 128000],
      (n) => {
        const b = wide(n);
        return () => loadModel(b).dispose();
      },
    ],
    [
      'loadModel, a header of junk',
      [1e5, 4e5, 16e5, 64e5],
      (n) => {
        const b = new Uint8Array(n + 8).fill(91, 8);
        new DataView(b.buffer).setUint32(0, n, true);
        return () => loadModel(b);
      },
    ],
    [
      'loadModel, many tensors',
      [1000, 4000, 16000, 64000],
      (n) => {
        const entries = Array.from(
          { length: n },
          (_, i) => `"t${i}":{"dtype":"F32","shape":[1],"data_offsets":[${i * 4},${i * 4 + 4}]}`,
        ).join();
        const head = bytes(`{${entries}}`);
        const b = new Uint8Array(8 + head.length + n * 4);
        b.set(head, 8);
        new DataView(b.buffer).setUint32(0, head.length, true);
        return () => loadModel(b);
      },
    ],
    [
      'fromOnnx',
      [2000, 8000, 32000, 128000],
      (n) => {
        const b = toOnnx(sequential({ inputs: 16, layers: [dense({ units: n })] }));
        return () => fromOnnx(b).dispose();
      },
    ],
    [
      'fromOnnx, many nodes',
      [500, 2000, 8000],
      (n) => {
        const b = toOnnx(sequential({ inputs: 2, layers: Array.from({ length: n }, () => dense({ units: 2 })) }));
        return () => fromOnnx(b).dispose();
      },
    ],
    [
      'parseCsv, numbers',
      [40_000, 160_000, 640_000],
      (n) => {
        const t = rows(n, String);
        return () => parseCsv(t, { target: 'c' });
      },
    ],
    [
      'parseCsv, categories',
      [40_000, 160_000, 640_000],
      (n) => {
        const t = rows(n, (i) => `k${i % 20}`);
        return () => parseCsv(t, { target: 'c' });
      },
    ],
    [
      'parseCsv, open quotes',
      [4e5, 16e5, 64e5],
      (n) => {
        const t = `a,b\n"${'x"'.repeat(n)}`;
        return () => parseCsv(t);
      },
    ],
    [
      'parseIdx',
      [1e6, 4e6, 16e6],
      (n) => {
        const b = new Uint8Array(8 + n);
        b.set([0, 0, 8, 1]);
        new DataView(b.buffer).setUint32(4, n);
        return () => parseIdx(b);
      },
    ],
  ];
  test.each(cases)('%s', (_, sizes, make) => {
    const power = exponent(sizes, (size) => {
      const run = make(size);
      return clocked(run);
    });
    expect(power).toBeLessThan(1.1);
  });
});

test('a Matrix of another realm, or with getters, is read once or refused', () => {
  expect(() => new Matrix({ length: 3 } as never, 1)).toThrow(SimdenseError);
});
