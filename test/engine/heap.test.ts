// The heap against a list of allocated blocks: they do not overlap, are aligned, zeroed and inside the memory; once all are freed, the free blocks are merged.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Heap, MOST_BYTES } from '../../src/engine/heap.js';
import { createEngine, dense, Engine, type SimdenseError, sequential } from '../../src/index.js';
import { blobs, weightsHash } from '../helpers/models.js';

const GIB = 2 ** 30;
const PAGE = 65_536;

test('blocks never overlap, are zeroed and aligned, and merge when they are given back', () => {
  const actions = fc.array(
    fc.oneof(fc.integer({ min: 0, max: 5000 }), fc.constantFrom(64, 128, 100_000), fc.integer({ min: -50, max: -1 })),
    {
      maxLength: 200,
    },
  );
  fc.assert(
    fc.property(actions, fc.integer({ min: 0, max: 1000 }), (sizes, start) => {
      const memory = new WebAssembly.Memory({ initial: 1 });
      const heap = new Heap(memory, start);
      const taken = new Map<number, number>();
      for (const size of sizes) {
        if (size < 0) {
          // Gives one of them back.
          const at = [...taken.keys()][-size % Math.max(1, taken.size)];
          if (at === undefined) continue;
          heap.give(at);
          taken.delete(at);
          continue;
        }
        const at = heap.take(size) as number;
        expect(at % 64).toBe(0);
        expect(at).toBeGreaterThanOrEqual(start);
        expect(at + size).toBeLessThanOrEqual(memory.buffer.byteLength);
        for (const [other, bytes] of taken) expect(at + size <= other || at >= other + bytes).toBe(true);
        const block = new Uint8Array(memory.buffer, at, size);
        expect(block.every((byte) => byte === 0)).toBe(true);
        block.fill(0xff);
        taken.set(at, size);
      }
      for (const at of taken.keys()) heap.give(at);
      expect(heap.longest).toBe(memory.buffer.byteLength - Math.ceil(start / 64) * 64);
    }),
    { numRuns: 200 },
  );
});

test('what is taken and given back in turn takes no more memory', () => {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const heap = new Heap(memory, 0);
  const held = Array.from({ length: 1000 }, (_, i) => heap.take(1000 + (i % 7) * 300) as number);
  const bytes = memory.buffer.byteLength;
  for (let round = 0; round < 50; round++) {
    for (let i = round % 2; i < held.length; i += 2) heap.give(held[i] as number);
    for (let i = round % 2; i < held.length; i += 2) held[i] = heap.take(1000 + (i % 7) * 300) as number;
  }
  expect(memory.buffer.byteLength).toBe(bytes);
});

test('a memory that may not grow refuses, and stays as it is', () => {
  const heap = new Heap(new WebAssembly.Memory({ initial: 1, maximum: 2 }), 64);
  expect(heap.take(3 * PAGE)).toBeUndefined();
  expect(heap.take(2 * PAGE - 192)).toBe(64);
  expect(heap.take(64)).toBeUndefined();
});

describe('first-contact row 17: one block may be as long as the memory', () => {
  // What has never been written costs nothing to take.
  test('1.15 GB, 3 GiB and all but what is in use', () => {
    for (const bytes of [1.15e9, 3 * GIB, MOST_BYTES - PAGE * 16]) {
      const engine = new Engine();
      const block = engine.allocate(bytes);
      expect(engine.bytesInUse).toBe(bytes);
      expect(engine.floats[(block + bytes) / 4 - 1]).toBe(0);
      engine.release(block);
      expect(engine.bytesInUse).toBe(0);
    }
  });

  test('beyond the memory the message has the true limit, and what is in use', () => {
    const engine = new Engine();
    const message = (bytes: number): string => {
      try {
        engine.allocate(bytes);
      } catch (error) {
        expect((error as SimdenseError).code).toBe('OUT_OF_MEMORY');
        return (error as SimdenseError).message;
      }
      throw new Error('it was taken');
    };
    expect(message(4 * GIB)).toBe(
      'engine: cannot allocate 4294967296 bytes; 0 are in use: WebAssembly memory ends at 4 GiB',
    );
    engine.allocate(2 * GIB);
    expect(message(2 * GIB)).toBe(
      'engine: cannot allocate 2147483648 bytes; 2147483648 are in use: WebAssembly memory ends at 4 GiB',
    );
    // In pieces: half a GiB stays allocated in the middle of the remaining memory.
    const pieces = [engine.allocate(GIB / 2), engine.allocate(GIB / 2), engine.allocate(GIB / 2)];
    engine.release(pieces[0] as number);
    engine.release(pieces[2] as number);
    expect(message(1.25 * GIB)).toMatch(
      /^engine: cannot allocate 1342177280 bytes; 2684354560 are in use: the runtime gives no more than \d+ bytes; the longest free block has \d+$/,
    );
  });

  test.each([2 * GIB + 4096, MOST_BYTES - 256 * PAGE])(
    'models above byte %d are trained to the same bits',
    async (below) => {
      const { x, y } = blobs(700);
      const train = async (engine: Engine): Promise<string> => {
        using model = sequential({
          inputs: 2,
          layers: [dense({ units: 40, activation: 'gelu' }), dense({ units: 3, activation: 'softmax' })],
          engine,
        }).compile({ loss: 'categoricalCrossentropy' });
        await model.fit(x, y, { epochs: 3, batchSize: 300 });
        return weightsHash(model);
      };
      const expected = await train(new Engine());
      for (const engine of [new Engine(), await createEngine({ threads: 2 })]) {
        engine.allocate(below);
        expect(await train(engine)).toBe(expected);
        engine.dispose();
      }
    },
  );

  test('a panel of more than 2 GiB is summed to its last row', () => {
    const engine = new Engine();
    const rows = 2 ** 25 + 5;
    const dy = engine.allocate(rows * 64);
    const out = engine.allocate(64);
    engine.floats[dy / 4] = 1;
    engine.floats[dy / 4 + (rows - 1) * 16 + 15] = 2;
    engine.calls.denseBiasGradient(rows, 16, dy, out);
    expect(Array.from(engine.floats.subarray(out / 4, out / 4 + 16))).toEqual([1, ...new Array(14).fill(0), 2]);
    engine.floats[dy / 4 + (rows - 1) * 16] = Number.NaN;
    expect(engine.calls.allFinite(rows * 16, dy)).toBeFalsy();
  });
});
