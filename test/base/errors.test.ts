// The stack of a SimdenseError reaches the line that called simdense, which V8's own limit of 10 frames would cut off.
import { afterEach, describe, expect, test } from 'vitest';
import { kFold } from '../../src/data/index.js';
import { crossValidate, fitPipeline, search } from '../../src/evaluate/index.js';
import { dense, SimdenseError, sequential } from '../../src/index.js';

const bad = [
  [1, Number.NaN],
  [1, 2],
];
const model = sequential({ inputs: 2, layers: [dense({ units: 1 })] }).compile({ loss: 'meanSquaredError' });
const pipeline = { layers: [] };
const labels = ['a', 'b'];

describe('the stack of an error holds the line of the caller', () => {
  test.each<[string, () => unknown]>([
    ['predict', () => model.predict(bad)],
    ['fit', () => model.fit(bad, [1, 2])],
    ['evaluate', () => model.evaluate(bad, [1, 2])],
    ['fitPipeline', () => fitPipeline(pipeline, bad, labels)],
    ['crossValidate', () => crossValidate(pipeline, bad, labels, kFold(2, { folds: 2 }))],
    ['search', () => search({ space: { units: [1] }, pipeline: () => pipeline, x: bad, y: labels })],
  ])('%s', async (_, call) => {
    const error = await (async () => call())().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SimdenseError);
    const { stack = '' } = error as SimdenseError;
    expect(stack).toMatch(/^SimdenseError \[DATA\]: /);
    expect(stack).toContain('errors.test.ts');
  });
});

describe('Error.stackTraceLimit', () => {
  const { stackTraceLimit: limit } = Error;
  afterEach(() => {
    Object.defineProperty(Error, 'stackTraceLimit', { value: limit, writable: true });
  });
  const deep = (depth: number): SimdenseError => (depth > 0 ? deep(depth - 1) : new SimdenseError('DATA', 'no'));
  const frames = (): number => deep(100).stack?.match(/^\s+at /gm)?.length ?? 0;

  test('is as it was afterwards', () => {
    expect(frames()).toBe(4 * limit);
    expect(Error.stackTraceLimit).toBe(limit);
  });

  test('of 0 stays 0, and one that cannot be written is followed', () => {
    Error.stackTraceLimit = 0;
    expect(frames()).toBe(0);
    Object.defineProperty(Error, 'stackTraceLimit', { value: 7, writable: false });
    expect(frames()).toBe(7);
  });
});
