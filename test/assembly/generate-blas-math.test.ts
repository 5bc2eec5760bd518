// What scripts/generate-blas-math.mjs writes.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const { blasMath, withBlasMath } = await import(new URL('../../scripts/generate-blas-math.mjs', import.meta.url).href);

test('each constant is loaded, and stands once in the table', () => {
  const text = blasMath(
    '// Title.\n\n/** Doc. */\nexport function f(x: v128): v128 {\n  return f32x4.add(f32x4.mul(x, all(0.5)), all(0.5));\n}\n',
  );
  expect(text).toContain('0x3f000000');
  expect(text.match(/0x3f000000/g)).toHaveLength(1);
  expect(text).toContain('f32x4.add(f32x4.mul(x, v128.load32_splat(CONSTANTS, 0)), v128.load32_splat(CONSTANTS, 0))');
});

test('a constant that it does not understand stops the build', () => {
  expect(() => blasMath('export const f = all(PI);')).toThrow(/not understood/);
});

test('all of assembly/math.ts is understood', () => {
  const text: string = blasMath(readFileSync('assembly/math.ts', 'utf8'));
  expect(text).not.toMatch(/f32x4\.splat|\ball\(/);
  for (const name of ['exp', 'log', 'log1p', 'tanh', 'sigmoid', 'softplus', 'erf'])
    expect(text).toContain(`export function ${name}(`);
});

test('copies of activations, and the list of them, take these functions', () => {
  expect(withBlasMath("import { erf, exp } from '../math';\n")).toBe("import { erf, exp } from '../blas-math';\n");
  expect(withBlasMath("import * as tanh from '../activations/tanh';\n")).toBe(
    "import * as tanh from './blas-activations/tanh';\n",
  );
});
