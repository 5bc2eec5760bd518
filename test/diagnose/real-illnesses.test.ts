// Common problems on real tables: a network that is too small, unscaled targets, and a rate that is too small.
import { describe, expect, test } from 'vitest';
import { fitScaler } from '../../src/data/index.js';
import { adam, dense, type Optimizer, sgd } from '../../src/index.js';
import { codes, run } from './case.js';
import type { Case } from './healthy.js';
import { illnesses } from './illnesses.js';
import { readTable, tables } from './tables.js';

/** A table with scaled columns, and its targets: class numbers, or unscaled numbers. */
function task(name: string) {
  const table = tables.find(({ file }) => file.startsWith(name)) as (typeof tables)[number];
  const { x, y } = readTable(table);
  const kinds = [...new Set(y)];
  const numbers = table.task === 'regression';
  const targets = numbers ? Float32Array.from(y, Number) : Int32Array.from(y, (label) => kinds.indexOf(label));
  return { x: fitScaler('standard', x).transform(x), y: targets, inputs: x.columns, classes: kinds.length };
}

const classify = (name: string, units: number, learningRate: number, epochs: number) => {
  const { classes, ...rows } = task(name);
  const layers = [
    ...(units > 0 ? [dense({ units, activation: 'tanh' })] : []),
    dense({ units: classes, activation: 'softmax' }),
  ];
  return run({ ...rows, layers, compile: { optimizer: adam({ learningRate }) }, fit: { epochs } });
};

const regress = (name: string, optimizer: Optimizer, epochs: number) => {
  const { classes, ...rows } = task(name);
  const layers = [dense({ units: 32, activation: 'relu' }), dense({ units: 1 })];
  return run({ ...rows, layers, compile: { loss: 'meanSquaredError', optimizer }, fit: { epochs } });
};

describe('one unit for many classes is too small a network; 32, and none, are not', () => {
  test.each([
    ['vowel', 1, 60],
    ['vowel', 1, 200],
    ['vowel', 2, 60],
    ['vehicle', 1, 60],
    ['vehicle', 1, 200],
    ['satellite', 1, 60],
  ])('%s, %i unit(s), %i epochs', async (name, units, epochs) => {
    const { findings } = await classify(name, units, 0.01, epochs);
    expect(codes(findings)).toContain('under-fitting');
    expect(findings.find(({ code }) => code === 'under-fitting')?.message).toContain('log2');
  });

  test.each([
    ['vowel', 0],
    ['vowel', 32],
    ['vehicle', 4],
    ['vehicle', 32],
    ['satellite', 32],
    ['pima', 1],
    ['titanic', 1],
  ])('%s, %i units: nothing', async (name, units) => {
    const { findings, told } = await classify(name, units, 0.01, 60);
    expect(codes([...findings, ...told])).not.toContain('under-fitting');
  });
});

describe('targets as they are', () => {
  test.each(['boston', 'diamonds', 'concrete'])(
    '%s: they are the cause, and nothing explodes in adam',
    async (name) => {
      const { findings, losses } = await regress(name, adam(), 30);
      expect([findings[0]?.code, findings[0]?.because]).toEqual(['unscaled-targets', undefined]);
      expect(codes(findings)).not.toContain('exploding-gradients');
      expect(findings[0]?.advice).toContain('fitPipeline');
      expect(losses.length).toBe(30);
    },
  );

  test('what sgd makes of them stands under them', async () => {
    const { findings } = await regress('diamonds', sgd({ learningRate: 1e-9 }), 6);
    expect(codes(findings)).toEqual(expect.arrayContaining(['unscaled-targets', 'exploding-gradients']));
    expect(findings.find(({ code }) => code === 'exploding-gradients')?.because).toBe('unscaled-targets');
  });

  test('it is withdrawn where they are learnt all the same', async () => {
    const { findings } = await regress('boston', adam({ learningRate: 0.01 }), 120);
    expect(codes(findings)).not.toContain('unscaled-targets');
  });
});

test('a rate that is too small: the loss falls slowly, and much of it is left', async () => {
  const { findings } = await classify('vehicle', 32, 1e-4, 30);
  expect(codes(findings)).toEqual(['too-few-epochs']);
  expect(findings[0]?.advice).toContain('learning rate');
});

test('shares of classes are of the rows looked at, and say so', async () => {
  const illness = illnesses.find(([, code]) => code === 'class-collapse');
  const { findings } = await run(illness?.[3] as Case);
  expect(findings.find(({ code }) => code === 'class-collapse')?.message).toContain('both of the rows looked at');
});
