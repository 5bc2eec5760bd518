// A line of the table in scripts/generate-threads.mjs that does not fit its kernel stops the build.
import { expect, test } from 'vitest';

type Division = { moves: Record<string, unknown>; size: Record<string, string>; call?: string };
const file = '../../scripts/generate-threads.mjs';
const { kernels, shared } = (await import(file)) as {
  kernels(table?: Record<string, Division>): string;
  shared: Record<string, Division>;
};

const { adam, softmaxForward } = shared as { adam: Division; softmaxForward: Division };
test.each<[string, Record<string, Division>, string]>([
  ['an address without its line', { adam: { ...adam, moves: { 'p g m': 'LINE' } } }, 'does the address v move'],
  ['a parameter that the kernel has not', { adam: { ...adam, moves: { 'p g m v w': 'LINE' } } }, 'no parameter w'],
  ['a kernel that is not exported', { nothing: adam }, 'exports no nothing'],
  ['a kernel that is divided by hand too', { denseForward: adam }, 'by its line and by hand'],
  ['a kernel that returns something', { allFinite: adam }, 'returns something'],
  ['a callee that is not there', { softmaxForward: { ...softmaxForward, call: 'softmaxLines' } }, 'no softmaxLines'],
  [
    'a callee whose arguments come from nowhere',
    { adam: { ...adam, call: 'rmsprop' } },
    'where does velocity come from',
  ],
])('%s', (_, wrong, message) => {
  expect(() => kernels({ ...shared, ...wrong })).toThrow(message);
});

test('the table as it is', () => {
  expect(kernels()).toContain('export function adam(count: i32');
});
