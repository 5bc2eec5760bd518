// The build stops unless each file in assembly/activations has a different number in assembly/kinds.ts.
import { expect, test } from 'vitest';

const file = '../../scripts/generate-activations.mjs';
const { activations } = (await import(file)) as { activations(files: readonly string[], numbers: string): string };
const numbers = 'export const RELU = 2;\nexport const LEAKY_RELU = 0;\nexport const MISH = 2;\n';

test('the branches are in the order of the numbers, and what has none traps', () => {
  const made = activations(['relu', 'leaky-relu'], numbers);
  expect(made.match(/kind == \w+/g)).toEqual([0, 1].flatMap(() => ['kind == LEAKY_RELU', 'kind == RELU']));
  expect(made.match(/\} else unreachable\(\);/g)).toHaveLength(2);
});

test.each([
  ['a file without a number', ['relu', 'soft-sign'], 'no SOFT_SIGN for assembly/activations/soft-sign.ts'],
  ['two files of one number', ['relu', 'mish'], 'mish and relu have the same number'],
])('%s', (_, files, message) => {
  expect(() => activations(files, numbers)).toThrow(message);
});
