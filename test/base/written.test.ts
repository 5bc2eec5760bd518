// Files say which version wrote them, and every reader refuses a file of a newer format and says so.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { written } from '../../src/base/written.js';
import { dataFile } from '../../src/bullmq/data-file.js';
import { formats } from '../../src/cli/formats.js';
import { kFold } from '../../src/data/index.js';
import { bagging, crossValidate, fitPipeline, inline, loadEnsemble, loadPipeline } from '../../src/evaluate/index.js';
import { checkpoint, dense, loadModel } from '../../src/index.js';
import { unpackDataset } from '../../src/node/packed-dataset.js';
import { resumable } from '../../src/node/resumable.js';
import { loadPredictor } from '../../src/predict/index.js';
import { report } from '../../src/report/index.js';
import { decode, encode, type Tensor } from '../../src/train/safetensors.js';
import { blobs, classifier } from '../helpers/models.js';

const { x, y } = blobs(60);
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const p = { layers: [dense({ units: 4, activation: 'tanh' as const })], fit: { epochs: 2 } };
const folder = mkdtempSync(join(tmpdir(), 'simdense-written-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The bytes of every kind of file, including a checkpoint, a stored result and an export. */
const files: Record<'model' | 'checkpoint' | 'pipeline' | 'regression' | 'ensemble', Uint8Array> & {
  kept: Uint8Array[];
} = { kept: [] } as never;

beforeAll(async () => {
  using model = classifier().compile({ loss: 'categoricalCrossentropy' });
  await model.fit(x, y, {
    callbacks: [
      checkpoint(
        (bytes) => {
          files.checkpoint = bytes;
        },
        { monitor: 'loss' },
      ),
    ],
  });
  files.model = model.save();
  using pipeline = await fitPipeline(p, x, y);
  files.pipeline = pipeline.save();
  using regression = await fitPipeline({ ...p, task: 'regression' }, x, Float32Array.from(x.data.subarray(0, 60)));
  files.regression = regression.save();
  using ensemble = await bagging(p, x, y, { members: 2 });
  files.ensemble = ensemble.save();
  const executor = resumable({ folder, executor: inline() });
  await crossValidate(p, x, y, [...kFold(60, { folds: 2 })], { executor });
  files.kept = readdirSync(folder).map((name) => readFileSync(join(folder, name)));
});

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

describe('every file says who wrote it', () => {
  test('simdense and the version of package.json', () => expect(written.writer).toBe(`simdense ${version}`));

  test('models, checkpoints, pipelines', () => {
    for (const bytes of [files.model, files.checkpoint, files.pipeline, files.regression])
      expect(decode(bytes).metadata['writer']).toBe(written.writer);
  });

  test('ensembles, and each member', () => {
    const text = textOf(files.ensemble);
    expect(text.split(`"writer":"${written.writer}"`)).toHaveLength(1 + 1 + 2);
  });

  test('kept results', () => {
    expect(files.kept).toHaveLength(2);
    for (const bytes of files.kept) expect(textOf(bytes)).toMatch(/^[0-9a-f]{64} simdense \d+\.\d+\.\d+\n\{/);
  });

  test('reports, and every format of an export', () => {
    expect(report({ history: { epochs: [{ loss: 1, learningRate: 1 }] } })).toContain(written.writer);
    for (const { name, write } of formats) {
      // ONNX has a field of its own for the producer's version, of five letters here.
      const expected = name === 'onnx' ? `simdense\x1a\x05${version}` : written.writer;
      expect(textOf(write(files.pipeline))).toContain(expected);
    }
  });

  test('but data do not: their name is their content', () => {
    expect(textOf(dataFile(x, y).bytes)).not.toContain(version);
  });
});

/** The file with another format version of one part, and with `writer`, or without a writer. */
function inFormat(bytes: Uint8Array, part: 'simdense' | 'pipeline', format: unknown, writer?: string): Uint8Array {
  const { tensors, metadata } = decode(bytes);
  const description = { ...JSON.parse(metadata[part] as string), version: format };
  const { writer: _, ...others } = metadata;
  return encode(tensors, { ...(writer && { writer }), ...others, [part]: JSON.stringify(description) });
}

/** The same file with numbers of a type that this version does not know. */
const withHalves = (bytes: Uint8Array): Uint8Array =>
  Buffer.from(Buffer.from(bytes).toString('latin1').replace('"dtype":"F32"', '"dtype":"F16"'), 'latin1');

describe('a newer format is refused as such', () => {
  const newer = (where: string, format: number, newest: number, writer = 'simdense 9.1.0'): string =>
    `${where}: the file has format ${format}, written by "${writer}"; simdense ${version} reads up to ${newest}: update it`;

  test.each([
    ['loadModel', loadModel],
    ['loadPredictor', loadPredictor],
  ] as const)('models by %s', (where, load) => {
    const bytes = inFormat(files.model, 'simdense', 2, 'simdense 9.1.0');
    for (const file of [bytes, withHalves(bytes)])
      expect(() => load(file)).toThrow(expect.objectContaining({ code: 'FORMAT', message: newer(where, 2, 1) }));
    expect(() => load(inFormat(files.model, 'simdense', 2))).toThrow(newer(where, 2, 1, 'a newer simdense'));
  });

  test.each([
    ['loadPipeline', loadPipeline],
    ['loadPredictor', loadPredictor],
  ] as const)('pipelines by %s', (where, load) => {
    const bytes = inFormat(files.pipeline, 'pipeline', 4, 'simdense 9.1.0');
    expect(() => load(bytes)).toThrow(expect.objectContaining({ code: 'FORMAT', message: newer(where, 4, 3) }));
    const model = inFormat(files.pipeline, 'simdense', 2, 'simdense 9.1.0');
    for (const file of [model, withHalves(model)])
      expect(() => load(file)).toThrow('the file has format 2, written by');
  });

  test('ensembles: the file, its description, a member', () => {
    const replaced = (from: string, to: string): Uint8Array => {
      const text = textOf(files.ensemble);
      expect(text).toContain(from);
      return Buffer.from(text.replace(from, to), 'latin1');
    };
    expect(() => loadEnsemble(replaced('simdense files 1\n', 'simdense files 2\n'))).toThrow(
      newer('loadEnsemble', 2, 1, 'a newer simdense'),
    );
    expect(() => loadEnsemble(replaced('simdense files 1\n', 'simdense files 12\n'))).toThrow('the file has format 12');
    const named = newer('loadEnsemble', 4, 3, written.writer);
    expect(() => loadEnsemble(replaced('{\\"version\\":1,\\"outOfBag', '{\\"version\\":4,\\"outOfBag'))).toThrow(named);
    expect(() => loadEnsemble(replaced('{\\"version\\":1,\\"pipeline', '{\\"version\\":4,\\"pipeline'))).toThrow(
      'the file has format 4',
    );
  });

  test('data', async () => {
    const bytes = Buffer.from(textOf(dataFile(x, y).bytes).replace('files 1\n', 'files 2\n'), 'latin1');
    const { createHash } = await import('node:crypto');
    const hash = createHash('sha256').update(bytes).digest('hex');
    await expect(unpackDataset(bytes, hash)).rejects.toThrow(newer('the data', 2, 1, 'a newer simdense'));
  });

  test('what is no format is no newer one', () => {
    for (const format of [0, -1, null, 'new', {}, undefined]) {
      const bytes = inFormat(files.model, 'simdense', format);
      expect(() => loadModel(bytes)).toThrow('loadModel: its part "simdense" is not as simdense writes it');
    }
  });
});

test('a regression that scales its targets has format 2: 0.1.0 would predict in other units', () => {
  const formatOf = (bytes: Uint8Array): unknown => JSON.parse(decode(bytes).metadata['pipeline'] as string).version;
  expect([formatOf(files.pipeline), formatOf(files.regression)]).toEqual([1, 2]);
  using loaded = loadPipeline(files.regression);
  expect(loaded.save()).toEqual(files.regression);
  // As 0.2.0 wrote it before.
  using former = loadPipeline(inFormat(files.regression, 'pipeline', 1));
  expect(former.predictProbabilities(x)).toEqual(loaded.predictProbabilities(x));
  expect(new Map<string, Tensor>(loaded.model.getWeights())).toEqual(new Map(former.model.getWeights()));
});
