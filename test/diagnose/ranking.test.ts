// Findings have one cause, never contradict each other, and are withdrawn once the problem is gone (first-contact row 61).
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Finding, FindingCode } from '../../src/diagnose/index.js';
import { ranked } from '../../src/diagnose/ranking.js';
import { adam, dense, type Layer, rescaling, sgd } from '../../src/index.js';
import { codes, run } from './case.js';
import { type Case, healthy } from './healthy.js';
import { illnesses } from './illnesses.js';

const all = [...new Set(illnesses.map(([, code]) => code))];
const finding = (code: FindingCode, layer: string): Finding => ({
  code,
  severity: 'warning',
  layer,
  message: code,
  advice: code,
});
const layers = [
  rescaling({ scale: 1 / 16 }),
  dense({ units: 32, activation: 'relu' }),
  dense({ units: 10, activation: 'softmax' }),
];

/** Pairs of findings with opposite advice. */
const contradictions: readonly (readonly [readonly FindingCode[], readonly FindingCode[]])[] = [
  [['exploding-gradients', 'diverging', 'update-too-large', 'loss-oscillates'], ['update-too-small']],
  [['over-fitting'], ['under-fitting', 'too-few-epochs']],
  [['diverging', 'loss-does-not-fall'], ['too-few-epochs']],
];

test('of any candidates: no two pieces of advice contradict each other, and what is explained follows its cause', () => {
  const candidate = fc.record({ code: fc.constantFrom(...all), layer: fc.constantFrom('dense', 'dense_1') });
  const candidates = fc.uniqueArray(candidate, { selector: ({ code, layer }) => `${code} ${layer}` });
  fc.assert(
    fc.property(candidates, (given) => {
      const out = ranked(given.map(({ code, layer }) => finding(code, layer)));
      const causes = codes(out.filter(({ because }) => because === undefined));
      for (const [some, others] of contradictions)
        expect(some.some((code) => causes.includes(code)) && others.some((code) => causes.includes(code))).toBe(false);
      for (const [i, { because, advice }] of out.entries()) {
        if (because === undefined) continue;
        expect(codes(out.slice(0, i))).toContain(because);
        expect(advice).toBe(`Fix ${because} first: it explains this`);
      }
      expect(causes.length > 0).toBe(given.length > 0);
      // The same whatever the order in which they were found.
      const turned = ranked([...given].reverse().map(({ code, layer }) => finding(code, layer)));
      expect([...new Set(codes(turned))]).toEqual([...new Set(codes(out))]);
    }),
  );
});

describe('a rate of 1 asks for a lower one, and never for a higher one', () => {
  test.each([1, 2, 8])('in batches of %i', async (batchSize) => {
    const { findings, told } = await run({
      layers,
      compile: { optimizer: sgd({ learningRate: 1 }) },
      fit: { epochs: 8, batchSize },
    });
    expect(findings[0]?.code).toMatch(/update-too-large|diverging/);
    expect(codes(told)).not.toContain('update-too-small');
  });
});

test('what is cured is withdrawn, and told once', async () => {
  const rate = {
    onEpochBegin(t: { epoch: number; learningRate: number }) {
      t.learningRate = t.epoch < 2 ? 0.6 : 0.002;
    },
  };
  const { findings, told } = await run({
    layers: [layers[0] as Layer, dense({ units: 32, activation: 'leakyRelu' }), layers[2] as Layer],
    compile: { optimizer: adam() },
    fit: { epochs: 20, batchSize: 16, callbacks: [rate] },
  });
  expect(told.map(({ code, layer }) => `${code} ${layer}`).sort()).toEqual([
    'update-too-large dense',
    'update-too-large dense_1',
  ]);
  expect(findings).toEqual([]);
});

test('large first updates are no finding where the loss falls with them, in any length of run (README, XOR)', async () => {
  const { "XOR, the README's": xor } = await healthy();
  for (const epochs of [1, 3, 10, 50, 63, 64, 65, 300]) {
    const { findings, told } = await run({ ...(xor as Case), fit: { epochs } });
    expect([epochs, ...codes([...findings, ...told]).filter((code) => code === 'update-too-large')]).toEqual([epochs]);
  }
});
