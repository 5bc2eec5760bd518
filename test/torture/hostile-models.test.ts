// Files that are spoilt by chance or on purpose: each is read, or refused by a SimdenseError of a file, in little time.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromBrainJs, fromKeras, fromStateDict, fromTensorFlowJs } from '../../src/convert/index.js';
import { type Layer, type Sequential, SimdenseError } from '../../src/index.js';
import { brain, keras, tfjs, torch } from '../convert/fixtures.js';
import { rounds } from './rounds.js';

const codes = ['FORMAT', 'UNSUPPORTED', 'ARGUMENT'];

async function readOrRefuse(read: () => Sequential | Promise<Sequential>): Promise<boolean> {
  const start = performance.now();
  try {
    const model = await read();
    tryPredict(model);
    model.dispose();
    return true;
  } catch (error) {
    if (!(error instanceof SimdenseError) || !codes.includes(error.code)) throw error;
    expect(error.message).toMatch(/^from(Keras|TensorFlowJs|BrainJs|StateDict)/);
    return false;
  } finally {
    expect(performance.now() - start).toBeLessThan(5000);
  }
}

/** A network of spoilt weights may overflow. */
function tryPredict(model: Sequential): void {
  try {
    model.predict(new Float32Array(model.inputs));
  } catch (error) {
    if (!(error instanceof SimdenseError) || error.code !== 'DATA') throw error;
  }
}

const edit = fc.record({
  at: fc.nat(100_000),
  byte: fc.nat(255),
  kind: fc.constantFrom('set', 'set', 'set', 'cut', 'insert', 'repeat'),
});
type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never;

function spoilt(file: Uint8Array, edits: readonly Edit[]): Uint8Array {
  let bytes = file.slice();
  for (const { at, byte, kind } of edits) {
    if (bytes.length === 0) break;
    const place = at % bytes.length;
    if (kind === 'set') bytes[place] = byte;
    else if (kind === 'cut') bytes = bytes.slice(0, place);
    else if (kind === 'insert') bytes = Uint8Array.from([...bytes.subarray(0, place), byte, ...bytes.subarray(place)]);
    else bytes = Uint8Array.from([...bytes, ...bytes.subarray(place)]);
  }
  return bytes;
}

const files = {
  keras: keras.slice(0, 6).flatMap(({ files }) => files['keras'] ?? []),
  h5: [...keras.slice(0, 6), ...keras.slice(-2)].flatMap(({ files }) => files['h5'] ?? []),
  safetensors: torch.slice(0, 8),
};
const runs = rounds(6000, 200);
// A million tries take hours.
const timeout = Math.max(30_000, runs * 20);

describe('changed, cut and joined files are read or refused', { timeout }, () => {
  const all = fc.tuple(fc.nat(7), fc.array(edit, { minLength: 1, maxLength: 4 }));

  test.each(['keras', 'h5'] as const)('Keras .%s', async (kind) => {
    await fc.assert(
      fc.asyncProperty(all, async ([which, edits]) => {
        const bytes = spoilt(files[kind][which % files[kind].length] as Uint8Array, edits);
        await readOrRefuse(() => fromKeras(bytes));
      }),
      { numRuns: runs },
    );
  });

  test('safetensors', async () => {
    await fc.assert(
      fc.asyncProperty(all, async ([which, edits]) => {
        const { file, layers } = files.safetensors[which] as (typeof torch)[number];
        await readOrRefuse(() => fromStateDict(spoilt(file, edits), layers));
      }),
      { numRuns: runs },
    );
  });

  const text = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

  test('TensorFlow.js', async () => {
    await fc.assert(
      fc.asyncProperty(all, fc.boolean(), async ([which, edits], isJson) => {
        const { modelJson, shards } = tfjs[which] as (typeof tfjs)[number];
        const [path = ''] = Object.keys(shards);
        await readOrRefuse(() =>
          isJson
            ? fromTensorFlowJs(spoilt(text(modelJson), edits), shards)
            : fromTensorFlowJs(modelJson, { ...shards, [path]: spoilt(shards[path] as Uint8Array, edits) }),
        );
      }),
      { numRuns: runs },
    );
  });

  test('brain.js', async () => {
    await fc.assert(
      fc.asyncProperty(all, async ([which, edits]) => {
        const { json } = brain.cases[which] as (typeof brain.cases)[number];
        const bytes = spoilt(text(json), edits);
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
  const junk = [null, true, -1, 0, 1.5, 1e12, '', 'x', [], [[]], {}, [null, 1e9], { class_name: 'x', config: {} }];

  test.each([0, 3, 6, 9])('TensorFlow.js %i', async (i) => {
    const { modelJson, shards } = tfjs[i] as (typeof tfjs)[number];
    for (const json of changed(modelJson, junk)) await readOrRefuse(() => fromTensorFlowJs(json as object, shards));
  });

  test.each([0, 1, 2, 3])('brain.js %i', async (i) => {
    const { json } = brain.cases[i] as (typeof brain.cases)[number];
    for (const other of changed(json, junk)) await readOrRefuse(() => fromBrainJs(other as object).model);
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
