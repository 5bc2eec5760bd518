// Why options are absent, by runtime.
import { afterEach, expect, test, vi } from 'vitest';
import { absentOf } from '../../src/bench/absent.js';
import { optionChoices } from '../../src/bench/options.js';

afterEach(() => vi.unstubAllGlobals());

function stub(versions: object, execArgv: string[] = []): void {
  vi.stubGlobal('process', Object.create(process, { versions: { value: versions }, execArgv: { value: execArgv } }));
}
const why = (): string | undefined => absentOf().find(({ option }) => option === 'wide')?.why;
const hasWide = (): boolean => optionChoices().some(({ wide }) => wide);

test('Node has wide from 22 on', () => {
  stub({ node: '20.0.0', v8: '11.3.244' });
  expect([why(), hasWide()]).toEqual(['only V8 in Node from 22 on has it', false]);
  stub({ node: '24.0.0', v8: '13.6.233' });
  expect([why(), hasWide()]).toEqual([undefined, true]);
});

test('Deno is told its flag, which cannot be set later', () => {
  stub({ node: '24.0.0', v8: '15.0.245', deno: '2.9.0' });
  vi.stubGlobal('Deno', {});
  expect(why()).toContain('only at the start, --v8-flags=--experimental-wasm-revectorize');
  expect(hasWide()).toBe(false);
});

test('where the flag is on from the start, no choice is called wide', () => {
  stub({ node: '24.0.0', v8: '13.6.233' }, ['--experimental-wasm-revectorize']);
  expect([why(), hasWide()]).toEqual([
    "V8's flag for it is on in this process, and each option was measured with it",
    false,
  ]);
});
