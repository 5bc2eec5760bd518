// Every parser against corrupted real files and generated junk: each input is quickly read or refused with a SimdenseError, and all memory is freed.
import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { classifier, loadClassifier } from '../../src/classifier/index.js';
import { training } from '../../src/cli/options.js';
import { parse } from '../../src/cli/parse-options.js';
import { parseCsv, parseIdx } from '../../src/data/index.js';
import { defaultEngine } from '../../src/engine/engine.js';
import { bagging, fitPipeline, loadEnsemble, loadPipeline } from '../../src/evaluate/index.js';
import { adam, batchNormalization, dense, loadModel, Matrix, SimdenseError, sequential } from '../../src/index.js';
import { decode, encode } from '../../src/node/codec.js';
import { fromOnnx, pipelineFromOnnx, toOnnx } from '../../src/onnx/index.js';
import { loadPredictor } from '../../src/predict/index.js';
import { blobs } from '../helpers/models.js';
import { edits, spoil } from './edits.js';
import { rounds } from './rounds.js';

const RUNS = rounds(10_000, 1000);
/** The most milliseconds for an input of at most 64 KB. */
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
  using classes = await fitPipeline(
    { layers: [dense({ units: 3, activation: 'relu' })], fit: { epochs: 2 } },
    x,
    names,
    {
      columns: ['a', 'b'],
      target: 'tree',
    },
  );
  using numbers = await fitPipeline(
    { layers: [], scale: 'minMax', fit: { epochs: 2 } },
    x,
    Float32Array.from(y, (label) => label / 3),
  );
  return [classes.save(), numbers.save()];
}

const close = (made: { dispose(): void }): void => made.dispose();
const golden = new URL('../golden/onnx/', import.meta.url);
/** Graphs of PyTorch and scikit-learn, and of others with every operator that is read. */
const onnxFiles = [
  ...readdirSync(golden)
    .filter((name) => name.endsWith('.onnx'))
    .map((name) => readFileSync(new URL(name, golden))),
  ...['others', 'torch-random'].flatMap((name) =>
    JSON.parse(gunzipSync(readFileSync(new URL(`${name}.json.gz`, golden))).toString()).map(
      ({ onnx }: { onnx: string }) => Buffer.from(onnx, 'base64'),
    ),
  ),
];
const targets: readonly Target[] = [
  { name: 'loadModel', read: (b) => close(loadModel(b)), samples: models },
  { name: 'loadPipeline', read: (b) => close(loadPipeline(b)), samples: pipelines },
  {
    name: 'loadPredictor',
    read: (b) => close(loadPredictor(b)),
    samples: async () => [...(await models()), ...(await pipelines())],
  },
  {
    name: 'loadClassifier, which learns on',
    read: (b) => {
      using head = loadClassifier(b);
      head.learn(new Float32Array(head.inputs), [head.classes[0] as string]);
    },
    samples: async () => {
      using head = await classifier(x, y, { keep: 5 });
      return [head.save()];
    },
  },
  {
    name: 'loadEnsemble',
    read: (b) => close(loadEnsemble(b)),
    samples: async () => {
      using ensemble = await bagging({ layers: [dense({ units: 2, activation: 'relu' })], fit: { epochs: 1 } }, x, y, {
        members: 2,
      });
      return [ensemble.save()];
    },
  },
  {
    name: 'fromOnnx',
    read: (b) => close(fromOnnx(b)),
    samples: async () => [...(await models()).map((file) => toOnnx(loadModel(file))), ...onnxFiles],
  },
  {
    name: 'pipelineFromOnnx',
    read: (b) => close(pipelineFromOnnx(b)),
    samples: async () => [...(await pipelines()).map((file) => toOnnx(loadPipeline(file))), ...onnxFiles],
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
            pipeline: { layers: [dense({ units: 2, activation: 'relu' })] },
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

/** Reads or refuses the input; anything else is a defect. The machine may stall, so an input is too slow only if it is slow three times. */
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

test('a Matrix of another realm, or with getters, is read once or refused', () => {
  expect(() => new Matrix({ length: 3 } as never, 1)).toThrow(SimdenseError);
});
