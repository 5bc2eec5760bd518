// Rows that are equal to another row: counted as a program that compares all pairs does, and said in the judgement.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { atOnce } from '../../src/base/pause.js';
import { toDataset } from '../../src/evaluate/dataset.js';
import { fitPipeline } from '../../src/evaluate/index.js';
import { findingTwins } from '../../src/evaluate/twins.js';
import { readTable } from '../../src/table/index.js';
import { matrix, numbers } from '../helpers/numbers.js';

const shareOf = (x: number[][], y: number[], groups?: number[]): number =>
  atOnce(findingTwins(toDataset('test', x, y, { task: 'regression' }, groups ? { groups } : {}))).share;

test('the share of rows that have a twin, as a comparison of all pairs has it', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 60 }),
      fc.integer({ min: 1, max: 1e6 }),
      fc.boolean(),
      (copies, seed, grouped) => {
        const next = numbers(seed);
        const x = matrix(60, 4, next).map((row) => row.map(Math.fround));
        const y = x.map(() => Math.fround(next()));
        // Row i is copied to a place behind all others, in its own group if there are groups.
        const groups = x.map((_, i) => i % 7);
        for (let i = 0; i < copies; i++) {
          x.push(x[i] as number[]);
          y.push(y[i] as number);
          groups.push(i % 2 === 0 ? (groups[i] as number) : 99);
        }
        const used = grouped ? groups : x.map((_, i) => i);
        const same = (a: number, b: number) =>
          used[a] !== used[b] && y[a] === y[b] && (x[a] as number[]).every((cell, c) => cell === x[b]?.[c]);
        const twins = x.filter((_, a) => x.some((_, b) => same(a, b))).length;
        const share = twins / x.length;
        expect(shareOf(x, y, grouped ? groups : undefined)).toBeCloseTo(share > 0.05 ? share : 0, 12);
      },
    ),
  );
});

test('equal rows of few categories are no copies: chance makes them', () => {
  const next = numbers(2);
  const x = Array.from({ length: 500 }, () => [Number(next() > 0), Number(next() > 0)]);
  expect(
    shareOf(
      x,
      x.map(([a, b]) => (a as number) + (b as number)),
    ),
  ).toBe(0);
});

test('a table of few categories that stands in a file several times is copied; drawn rows, rare and common ones, are not', () => {
  const next = numbers(8);
  const draw = (): number[] => [1, 2, 3].map(() => Math.floor(Math.abs(next()) ** 2 * 12));
  for (const rows of [120, 400, 1500]) {
    const x = Array.from({ length: rows }, draw);
    const y = x.map(([a, b]) => Number((a as number) > (b as number)));
    expect(shareOf(x, y)).toBe(0);
    for (const copies of [2, 4])
      expect(
        shareOf(Array.from({ length: copies }, () => x).flat(), Array.from({ length: copies }, () => y).flat()),
      ).toBe(1);
  }
});

test('copies are kept in one part, and the judgement says so', async () => {
  const next = numbers(4);
  const rows = Array.from({ length: 60 }, (_, id) => ({ id, a: next(), b: next(), y: next() }));
  const table = await readTable([...rows, ...rows.slice(0, 30)]);
  const o = { members: 2, seed: 1 };
  using ensemble = await fitPipeline('tabular', table, 'y', o);
  expect(ensemble.judgement?.words).toContain(
    '66.7 % of the rows have the same cells and answer as another row. They are taken for copies and kept in one part, so that none is learnt from where another judges.',
  );
  expect(ensemble.judgement?.words).toContain('60 different rows');
  expect(ensemble.judgement?.figures).toMatchObject({ equalRows: 2 / 3, equalRowsTogether: true, differentRows: 60 });
  using grouped = await fitPipeline('tabular', table, 'y', { ...o, groups: 'id' });
  expect(grouped.judgement?.words).not.toContain('copies');
  using single = await fitPipeline('tabular', await readTable(rows), 'y', o);
  expect(single.judgement?.words).not.toContain('copies');
});

test('where groups divide equal rows, they are suspected', async () => {
  const next = numbers(6);
  const rows = Array.from({ length: 60 }, () => ({ a: next(), b: next(), y: next() }));
  const table = await readTable(
    [...rows, ...rows].map((row, i) => ({ ...row, shop: `shop ${i < 60 ? i % 10 : 10 + (i % 10)}` })),
  );
  using ensemble = await fitPipeline('tabular', table, 'y', { members: 2, seed: 1, groups: 'shop' });
  expect(ensemble.judgement?.words).toContain('If they are copies, a copy of a row that judges was learnt from');
  expect(ensemble.judgement?.figures['verdict']).not.toBe('better');
});

test('labels by chance are not learnt from copies', async () => {
  for (const seed of [1, 2, 3]) {
    const next = numbers(seed);
    const rows = Array.from({ length: 150 }, () => ({ a: next(), b: next(), c: next(), y: next() > 0 ? 'yes' : 'no' }));
    using ensemble = await fitPipeline('tabular', await readTable([rows, rows, rows, rows].flat()), 'y', { seed });
    const { accuracy, verdict } = { ...ensemble.judgement?.figures } as { accuracy: number; verdict: string };
    expect(accuracy).toBeLessThan(0.65);
    expect(verdict).not.toBe('better');
  }
});

test('few rows that were copied often, and copies that were numbered anew', async () => {
  const next = numbers(9);
  const few = Array.from({ length: 40 }, (_, i) => ({ a: next(), b: next(), c: next(), y: i % 2 ? 'yes' : 'no' }));
  using ensemble = await fitPipeline('tabular', await readTable([few, few, few, few, few].flat()), 'y', { seed: 1 });
  expect(ensemble.judgement?.words).toContain('kept in one part');
  expect(ensemble.judgement?.figures['verdict']).not.toBe('better');
  const numbered = [few, few, few, few, few]
    .flat()
    .map((row, i) => ({ order: 10_000 + ((i * 7919) % 20_011), ...row }));
  using again = await fitPipeline('tabular', await readTable(numbered), 'y', { seed: 1 });
  expect(again.judgement?.words).toContain('kept in one part');
  // No column tells the answer of so many equal rows.
  expect(again.judgement?.figures['giveaways']).toBeUndefined();
});
