// Files of int8 and float16 that are spoilt: each is read, or refused by a SimdenseError, in little time, and nothing stays allocated.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { quantize, toFloat16 } from '../../src/compile/index.js';
import { batchNormalization, dense, loadModel, SimdenseError, sequential } from '../../src/index.js';
import { fromFloat16, loadQuantizedPredictor, type Predictor } from '../../src/predict/index.js';
import { edits, spoil } from './edits.js';
import { rounds } from './rounds.js';

using model = sequential({
  inputs: 3,
  layers: [dense({ units: 4, activation: 'relu' }), batchNormalization(), dense({ units: 2, activation: 'softmax' })],
  seed: 1,
});
const [int8, float16] = [quantize(model), toFloat16(model)];
const runs = rounds(20_000, 1000);
const timeout = Math.max(30_000, runs * 10);

const codes = ['FORMAT', 'ARGUMENT', 'DATA', 'OUT_OF_MEMORY'];

/** Reads a file and predicts by it; throws for an error that is not one of a file, and for much computing. */
function tryTo(read: () => { predict: Predictor['predict']; inputs: number; dispose(): void }): void {
  const begin = process.cpuUsage();
  try {
    const one = read();
    if (one.inputs < 1e6) one.predict(new Float32Array(one.inputs));
    one.dispose();
  } catch (error) {
    if (!(error instanceof SimdenseError) || !codes.includes(error.code)) throw error;
  }
  const { user, system } = process.cpuUsage(begin);
  if (user + system > 3e6) throw new Error(`took ${user + system} µs`);
}

describe('spoilt files are read or refused', { timeout }, () => {
  test('int8', () => {
    const options = { maxMemory: 2 ** 24, relaxed: false };
    fc.assert(
      fc.property(edits, (all) => tryTo(() => loadQuantizedPredictor(spoil(int8, all), options))),
      { numRuns: runs },
    );
  });

  test('float16', () => {
    fc.assert(
      fc.property(edits, (all) => tryTo(() => loadModel(fromFloat16(spoil(float16, all))))),
      { numRuns: runs },
    );
  });
});

/** The file with its header changed, as JSON. */
function edited(
  file: Uint8Array,
  change: (header: Record<string, Record<string, unknown>>) => void,
  cut = 0,
): Uint8Array {
  const length = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  const header = JSON.parse(Buffer.from(file.subarray(8, 8 + length)).toString());
  change(header);
  const text = Buffer.from(JSON.stringify(header));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(text.length));
  return Uint8Array.from(Buffer.concat([size, text, file.subarray(8 + length, file.length - cut)]));
}
const kernel = (header: Record<string, Record<string, unknown>>) => header['dense/kernel'] as Record<string, unknown>;
const lies: Readonly<Record<string, [(header: Record<string, Record<string, unknown>>) => void, RegExp]>> = {
  'a wide kernel': [(h) => void Object.assign(kernel(h), { shape: [3, 1e9] }), /needs \d+ bytes/],
  'a shape of other numbers': [(h) => void Object.assign(kernel(h), { shape: [4, 3] }), /is 4×3, the model's is 3×4/],
  'no shape': [(h) => void Object.assign(kernel(h), { shape: null }), /has no shape/],
  'a kernel of float32': [(h) => void Object.assign(kernel(h), { dtype: 'F32' }), /another type|needs \d+ bytes/],
  'a scale of int8': [
    (h) => void Object.assign(h['dense/scale'] as object, { dtype: 'I8', shape: [16] }),
    /"dense\/scale" has numbers of another type than quantize writes/,
  ],
  'a place that is none': [(h) => void Object.assign(kernel(h), { data_offsets: [0, 1e300] }), /does not lie behind/],
  'a place backwards': [(h) => void Object.assign(kernel(h), { data_offsets: [9, 3] }), /does not lie behind/],
  'two in one place': [
    (h) => void Object.assign(h['dense/scale'] as object, { data_offsets: kernel(h)['data_offsets'] }),
    /does not lie behind/,
  ],
  'more parts': [(h) => void Object.assign(kernel(h), { more: 1 }), /has unknown parts/],
  'an entry that is none': [(h) => void Object.assign(h, { 'dense/kernel': 3 }), /does not lie behind/],
  'metadata that is none': [(h) => void Object.assign(h, { __metadata__: [1] }), /metadata that is not text/],
  'more units than weights': [
    (h) => {
      const metadata = h['__metadata__'] as Record<string, string>;
      metadata['simdense'] = `${metadata['simdense']}`.replace('"units":4', '"units":400000000');
    },
    /the model's is 3×400000000/,
  ],
};
test.each(Object.entries(lies))('%s', (_, [change, message]) => {
  expect(() => loadQuantizedPredictor(edited(int8, change))).toThrow(message);
  expect(() => loadQuantizedPredictor(edited(int8, change))).toThrow(expect.objectContaining({ code: 'FORMAT' }));
});

test('scales and other numbers that cannot be', () => {
  for (const [value, message] of [
    [-1, '"dense/scale" has numbers below 0'],
    [Number.NaN, '"dense/scale"[0] is NaN'],
    [Number.POSITIVE_INFINITY, '"dense/scale"[0] is Infinity'],
  ] as const) {
    const bytes = int8.slice();
    const view = new DataView(bytes.buffer);
    const start = 8 + Number(view.getBigUint64(0, true));
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, start)));
    view.setFloat32(start + header['dense/scale'].data_offsets[0], value, true);
    expect(() => loadQuantizedPredictor(bytes)).toThrow(`loadQuantizedPredictor: ${message}`);
  }
});

test('a file that is cut, or has odd bytes', () => {
  for (let length = 0; length < int8.length; length += 7)
    expect(() => loadQuantizedPredictor(int8.subarray(0, length))).toThrow(expect.objectContaining({ code: 'FORMAT' }));
  const odd = edited(float16, (h) => void Object.assign(h['dense/kernel'] as object, { data_offsets: [0, 23] }));
  expect(() => fromFloat16(odd)).toThrow('fromFloat16: "dense/kernel" has 23 bytes, 2 a number');
});
