// A file whose header claims more than its bytes contain: no memory is allocated for the claim.
import { afterEach, describe, expect, test, vi } from 'vitest';
import { defaultEngine } from '../../src/engine/engine.js';
import { adam, batchNormalization, dense, loadModel, sequential } from '../../src/index.js';
import { loadPredictor } from '../../src/predict/index.js';
import { decode, encode, type Tensor } from '../../src/train/safetensors.js';
import { blobs } from '../helpers/models.js';

const none: ReadonlyMap<string, Tensor> = new Map();
const fileOf = (tensors: ReadonlyMap<string, Tensor>, description: object): Uint8Array =>
  encode(tensors, { format: 'simdense', simdense: JSON.stringify({ version: 1, name: 'm', seed: 0, ...description }) });

afterEach(() => {
  vi.restoreAllMocks();
});

test('a header that the format does not allow is not written: it could not be read again', () => {
  const settings = 'x'.repeat(100_000_000);
  expect(() => encode(none, { settings })).toThrow(
    'save: the names and settings come to 100000032 bytes; safetensors allows 100000000',
  );
});

describe('first-contact row 71', () => {
  test('50,000,000 columns without a weight take no memory', () => {
    const compile = { optimizer: adam(), loss: 'meanSquaredError', metrics: [] };
    for (const layers of [
      [{ type: 'activation', activation: 'tanh' }],
      [
        { type: 'rescaling', scale: 2, offset: 0 },
        { type: 'dropout', rate: 0.5 },
      ],
      [{ type: 'gaussianNoise', stddev: 1 }],
    ]) {
      for (const moments of [0, 2, 1e9]) {
        const bytes = fileOf(none, { inputs: 50_000_000, layers, compile, training: { iteration: 3, moments } });
        const { bytesInUse } = defaultEngine();
        using model = loadModel(bytes);
        using predictor = loadPredictor(bytes);
        expect([model.inputs, predictor.inputs]).toEqual([50_000_000, 50_000_000]);
        expect(defaultEngine().bytesInUse).toBe(bytesInUse);
      }
    }
  });

  test('parameters that the layers name and the file lacks are refused before anything is taken', () => {
    const { x, y } = blobs(20);
    using model = sequential({
      inputs: 2,
      layers: [dense({ units: 4 }), batchNormalization(), dense({ units: 3, activation: 'softmax' })],
    }).compile({ loss: 'categoricalCrossentropy' });
    model.trainOnBatch(x, y);
    const { tensors, metadata } = decode(model.save({ optimizer: true }));
    const description = JSON.parse(metadata['simdense'] as string);
    const { layers } = description;
    const allocate = vi.spyOn(defaultEngine(), 'allocate');
    for (const change of [
      { layers: [...layers, { type: 'batchNormalization' }] },
      { layers: [...layers.slice(0, -1), { type: 'dense', units: 4 }] },
      { layers: layers.slice(0, -1) },
      { layers: [{ type: 'dense', units: 1e9 }] },
      { layers: [{ type: 'dense', units: 1e9, useBias: false }], inputs: 50_000_000 },
      { layers: [{ type: 'batchNormalization' }], inputs: 50_000_000 },
      { inputs: 3 },
    ]) {
      for (const load of [loadModel, loadPredictor]) {
        expect(() => load(fileOf(tensors, { ...description, ...change }))).toThrow(
          expect.objectContaining({ code: 'FORMAT' }),
        );
      }
    }
    expect(allocate).not.toHaveBeenCalled();
    // Moments are of the parameters' size; more of them than the optimizer has, or others, are refused.
    const { bytesInUse } = defaultEngine();
    for (const moments of [1, 3, 1e9]) {
      const lie = fileOf(tensors, { ...description, training: { iteration: 1, moments } });
      expect(() => loadModel(lie)).toThrow(expect.objectContaining({ code: 'FORMAT' }));
    }
    expect(defaultEngine().bytesInUse).toBe(bytesInUse);
  });
});
