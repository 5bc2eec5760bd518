// Files that are spoilt by chance or on purpose: each is read, or refused by a SimdenseError of a file, in little time, and leaves no memory in use.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fromBrainJs, fromKeras, fromStateDict, fromTensorFlowJs } from '../../src/convert/index.js';
import { defaultEngine } from '../../src/engine/engine.js';
import { type Layer, type Sequential, SimdenseError } from '../../src/index.js';
import { brain, keras, tfjs, torch } from '../convert/fixtures.js';
import { unzipped, zipped } from '../helpers/workbook.js';
import { edits, spoil } from './edits.js';
import { rounds } from './rounds.js';

const codes = ['FORMAT', 'UNSUPPORTED', 'ARGUMENT'];
/** The most milliseconds for a file. */
const LONGEST = 5000;

/** Whether a model is read; false if it is refused. Checks without `expect`, which takes longer than most of the files. */
async function readOrRefuse(read: () => Sequential | Promise<Sequential>): Promise<boolean> {
  const start = performance.now();
  let isRead = false;
  try {
    const model = await read();
    isRead = true;
    try {
      tryPredict(model);
    } finally {
      model.dispose();
    }
  } catch (error) {
    if (isRead || !(error instanceof SimdenseError) || !codes.includes(error.code)) throw error;
    if (!/^from(Keras|TensorFlowJs|BrainJs|StateDict)/.test(error.message)) throw error;
  }
  const took = performance.now() - start;
  if (took > LONGEST) throw new Error(`read or refused after ${took} ms`);
  return isRead;
}

/** A network of spoilt weights may overflow. */
function tryPredict(model: Sequential): void {
  try {
    model.predict(new Float32Array(model.inputs));
  } catch (error) {
    if (!(error instanceof SimdenseError) || error.code !== 'DATA') throw error;
  }
}

const engine = defaultEngine();
let before = 0;
beforeAll(() => {
  before = engine.bytesInUse;
});
afterAll(() => {
  expect(engine.bytesInUse).toBe(before);
});

const files = (ending: string) => keras.flatMap(({ files }) => files[ending] ?? []);
const runs = rounds(10_000, 500);
/** Chooses one of a list. */
const one = <T>(list: readonly T[], which: number): T => list[which % list.length] as T;

describe('changed, cut and joined files are read or refused', { timeout: Math.max(30_000, runs * 5) }, () => {
  const which = fc.nat(1000);
  const text = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

  test('Keras .keras', async () => {
    const zips = files('keras');
    const parts = zips.map(unzipped);
    const names = ['config.json', 'metadata.json', 'model.weights.h5', 'model.weights.h5'];
    await fc.assert(
      fc.asyncProperty(which, edits, fc.nat(names.length), async (which, how, at) => {
        const name = names[at];
        const own = one(parts, which);
        // The zip itself, which mostly breaks its checksums, or a file within it, with the right one.
        const bytes =
          name === undefined
            ? spoil(one(zips, which), how)
            : zipped(new Map(own).set(name, spoil(own.get(name) as Uint8Array, how)), false);
        await readOrRefuse(() => fromKeras(bytes));
      }),
      { numRuns: runs },
    );
  });

  test('Keras .h5', async () => {
    const all = files('h5');
    await fc.assert(
      fc.asyncProperty(which, edits, async (which, how) => {
        const bytes = spoil(one(all, which), how);
        await readOrRefuse(() => fromKeras(bytes));
      }),
      { numRuns: runs },
    );
  });

  test('safetensors', async () => {
    await fc.assert(
      fc.asyncProperty(which, edits, async (which, how) => {
        const { file, layers } = one(torch, which);
        await readOrRefuse(() => fromStateDict(spoil(file, how), layers));
      }),
      { numRuns: runs },
    );
  });

  test('TensorFlow.js', async () => {
    const texts = tfjs.map(({ modelJson }) => text(modelJson));
    await fc.assert(
      fc.asyncProperty(which, edits, fc.nat(3), async (which, how, what) => {
        const { modelJson, shards } = one(tfjs, which);
        const [path = ''] = Object.keys(shards);
        await readOrRefuse(() =>
          what > 0
            ? fromTensorFlowJs(spoil(one(texts, which), how), shards)
            : fromTensorFlowJs(modelJson, { ...shards, [path]: spoil(shards[path] as Uint8Array, how) }),
        );
      }),
      { numRuns: runs },
    );
  });

  test('brain.js', async () => {
    const texts = brain.cases.map(({ json }) => text(json));
    await fc.assert(
      fc.asyncProperty(which, edits, async (which, how) => {
        const bytes = spoil(one(texts, which), how);
        await readOrRefuse(() => fromBrainJs(new TextDecoder().decode(bytes)).model);
      }),
      { numRuns: runs },
    );
  });
});

describe('values of JSON that are something else', () => {
  /** All places in a value, and the value with another one there. */
  function* changed(value: unknown, junk: readonly unknown[]): Generator<unknown> {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, own] of Object.entries(value)) {
      const copy = (other: unknown) =>
        Array.isArray(value) ? value.map((each, i) => (i === Number(key) ? other : each)) : { ...value, [key]: other };
      for (const other of junk) yield copy(other);
      if (!Array.isArray(value)) {
        const { [key as never]: _, ...rest } = value as Record<string, unknown>;
        yield rest;
      }
      for (const other of changed(own, junk)) yield copy(other);
    }
  }
  /** Beside other tests one change of so many is tried. */
  const every = rounds(1, 8, 1);
  function* tried(value: unknown): Generator<unknown> {
    let count = 0;
    for (const each of changed(value, junk)) if (count++ % every === 0) yield each;
  }
  const junk = [null, true, -1, 0, 1.5, 1e12, '', 'x', [], [[]], {}, [null, 1e9], { class_name: 'x', config: {} }];

  test.each([0, 4])('Keras %i', async (i) => {
    const parts = unzipped(keras[i]?.files['keras'] as Uint8Array);
    const config = JSON.parse(new TextDecoder().decode(parts.get('config.json')));
    for (const json of tried(config)) {
      parts.set('config.json', new TextEncoder().encode(JSON.stringify(json)));
      const bytes = zipped(parts, false);
      await readOrRefuse(() => fromKeras(bytes));
    }
  });

  test.each([0, 3, 6, 9])('TensorFlow.js %i', async (i) => {
    const { modelJson, shards } = tfjs[i] as (typeof tfjs)[number];
    for (const json of tried(modelJson)) await readOrRefuse(() => fromTensorFlowJs(json as object, shards));
  });

  test.each([0, 1, 2, 3])('brain.js %i', async (i) => {
    const { json } = brain.cases[i] as (typeof brain.cases)[number];
    for (const other of tried(json)) await readOrRefuse(() => fromBrainJs(other as object).model);
  });
});

test('junk is refused', async () => {
  const layers = [{ type: 'dense', units: 1 }] as unknown as Layer[];
  const start = fc.constantFrom<number[]>([], [0x50, 0x4b, 3, 4], [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a, 0]);
  await fc.assert(
    fc.asyncProperty(start, fc.uint8Array({ maxLength: 300 }), async (first, rest) => {
      const bytes = Uint8Array.from([...first, ...rest]);
      const all = [
        () => fromKeras(bytes),
        () => fromStateDict(bytes, layers),
        () => fromTensorFlowJs(bytes, {}),
        () => fromBrainJs(new TextDecoder().decode(bytes)).model,
      ];
      for (const read of all) expect(await readOrRefuse(read)).toBe(false);
    }),
    { numRuns: 200 },
  );
});

describe('files that are made to cost much', () => {
  /** A file of HDF5 whose root is a group with a symbol table at 128, and its heap at 160. */
  function h5(fill: (view: DataView, bytes: Uint8Array) => void): Uint8Array {
    const bytes = new Uint8Array(400_000);
    const view = new DataView(bytes.buffer);
    bytes.set([0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]);
    bytes.set([8, 8], 13);
    view.setBigUint64(40, BigInt(bytes.length), true);
    view.setBigUint64(64, 96n, true);
    // The header of an object with one message: a symbol table.
    bytes.set([1, 0, 1, 0], 96);
    view.setUint32(104, 24, true);
    bytes.set([0x11, 0, 16, 0], 112);
    view.setBigUint64(120, 1000n, true);
    view.setBigUint64(128, 160n, true);
    bytes.set(new TextEncoder().encode('HEAP'), 160);
    view.setBigUint64(184, 200n, true);
    fill(view, bytes);
    return bytes;
  }
  const tree = (view: DataView, bytes: Uint8Array, at: number, level: number, children: readonly number[]) => {
    bytes.set(new TextEncoder().encode('TREE'), at);
    bytes[at + 5] = level;
    view.setUint16(at + 6, children.length, true);
    for (const [i, child] of children.entries()) view.setBigUint64(at + 32 + 16 * i, BigInt(child), true);
  };

  test('a tree whose nodes lead many times to the same ones', async () => {
    const bytes = h5((view, bytes) => {
      for (let level = 9; level >= 1; level--)
        tree(view, bytes, 1000 + 30_000 * (9 - level), level, new Array(1500).fill(1000 + 30_000 * (10 - level)));
    });
    expect(await readOrRefuse(() => fromKeras(bytes))).toBe(false);
  });

  test('a tree that leads back to itself', async () => {
    const bytes = h5((view, bytes) => tree(view, bytes, 1000, 1, [1000]));
    expect(await readOrRefuse(() => fromKeras(bytes))).toBe(false);
  });

  test('a header that goes on in itself', async () => {
    const bytes = h5((view, bytes) => {
      bytes.set([0x10, 0, 16, 0], 112);
      view.setBigUint64(120, 112n, true);
      view.setBigUint64(128, 24n, true);
    });
    expect(await readOrRefuse(() => fromKeras(bytes))).toBe(false);
  });

  test('sizes beyond all memory', async () => {
    const wide = (config: object, ...more: object[]) => ({
      format: 'layers-model',
      modelTopology: {
        class_name: 'Sequential',
        config: {
          layers: [{ class_name: 'Activation', config: { name: 'a', activation: 'relu', ...config } }, ...more],
        },
      },
      weightsManifest: [],
    });
    for (const shape of [[null, 1e9], [null, 1e15], [null, 2 ** 20, 2 ** 20], [null, 0], [null, -1], [null, 'x'], []])
      expect(await readOrRefuse(() => fromTensorFlowJs(wide({ batch_input_shape: shape }), {}))).toBe(false);
    expect(() => fromBrainJs({ sizes: [1e9, 1e9], layers: [{}, { weights: [], biases: [] }] })).toThrow(SimdenseError);
    const prelu = { class_name: 'PReLU', config: { name: 'p' } };
    const shards = { a: new Uint8Array(4 * 2 ** 20) };
    const json = {
      ...wide({ batch_input_shape: [null, 2 ** 20] }, prelu),
      weightsManifest: [{ paths: ['a'], weights: [{ name: 'p/alpha', shape: [2 ** 20], dtype: 'float32' }] }],
    };
    expect(await readOrRefuse(() => fromTensorFlowJs(json, shards))).toBe(true);
    // Slopes of their own for each column.
    shards.a.fill(0x3f, 4, 8);
    expect(await readOrRefuse(() => fromTensorFlowJs(json, shards))).toBe(true);
  });

  test('JSON that is nested without end', async () => {
    const deep = '['.repeat(1e6);
    for (const text of [deep, `{"layers":${deep}${']'.repeat(1e6)}}`]) {
      expect(await readOrRefuse(() => fromBrainJs(text).model)).toBe(false);
      expect(await readOrRefuse(() => fromTensorFlowJs(text, {}))).toBe(false);
    }
  });
});
