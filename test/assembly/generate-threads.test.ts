// The build stops if a line of the table in scripts/generate-threads.mjs does not fit its kernel.
import { expect, test } from 'vitest';

type Division = { moves: Record<string, unknown>; size: Record<string, string>; call?: string };
const file = '../../scripts/generate-threads.mjs';
const { alone, kernels, shared } = (await import(file)) as {
  alone: string[];
  kernels(table?: Record<string, Division>, undivided?: string[]): string;
  shared: Record<string, Division>;
};

const { adam, softmaxForward } = shared as { adam: Division; softmaxForward: Division };
test.each<[string, Record<string, Division>, string]>([
  ['an address without its line', { adam: { ...adam, moves: { 'p g m': 'LINE' } } }, 'does the address v move'],
  ['a parameter that the kernel has not', { adam: { ...adam, moves: { 'p g m v w': 'LINE' } } }, 'no parameter w'],
  ['a kernel that is not exported', { nothing: adam }, 'exports no nothing'],
  [
    'a kernel that is divided by hand too',
    { denseForward: adam },
    'how is denseForward divided among threads? by its line in `shared`, and by hand',
  ],
  ['a kernel that returns something', { allFinite: adam }, 'returns something'],
  ['a callee that is not there', { softmaxForward: { ...softmaxForward, call: 'softmaxLines' } }, 'no softmaxLines'],
  [
    'a callee whose arguments come from nowhere',
    { adam: { ...adam, call: 'rmsprop' } },
    'where does velocity come from',
  ],
])('%s', (_, wrong, message) => {
  const undivided = alone.filter((name) => !Object.hasOwn(wrong, name));
  expect(() => kernels({ ...shared, ...wrong }, undivided)).toThrow(message);
});

test('a kernel that is forgotten, divided and not, or no longer there', () => {
  const { lion: _, ...others } = shared;
  expect(() => kernels(others)).toThrow('how is lion divided among threads? It needs a line in `shared`, or its name');
  expect(() => kernels(shared, [...alone, 'lion'])).toThrow('`shared`, and not at all, by its name in `alone`');
  expect(() => kernels(shared, [...alone, 'gone'])).toThrow('assembly/index.ts exports no gone');
});

test('the table as it is', () => {
  expect(kernels()).toContain('export function adam(count: i32');
});
