// Columns that alone tell the answer are named; columns that are only good are not.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { atOnce } from '../../src/base/pause.js';
import { toDataset } from '../../src/evaluate/dataset.js';
import { findingGiveaways } from '../../src/evaluate/giveaways.js';
import { fitPipeline } from '../../src/evaluate/index.js';
import type { Giveaway } from '../../src/evaluate/suspicions.js';
import { readTable } from '../../src/table/index.js';
import { numbers } from '../helpers/numbers.js';

type Row = Readonly<Record<string, string | number | null>>;

async function found(rows: readonly Row[], target = 'y'): Promise<Giveaway[]> {
  return atOnce(findingGiveaways(toDataset('test', await readTable(rows), target)));
}
const drawn = (count: number, seed: number, row: (next: () => number, i: number) => Row): Row[] => {
  const next = numbers(seed);
  return Array.from({ length: count }, (_, i) => row(next, i));
};
const CLASSES = ['no', 'perhaps', 'yes'];

describe('classes', () => {
  const classOf = (x: number): string => CLASSES[x < -0.3 ? 0 : x < 0.4 ? 1 : 2] as string;

  test('told by a category, by ranges of a number, by a missing cell', async () => {
    const rows = drawn(400, 1, (next) => {
      const [x, other] = [next(), next()];
      const y = classOf(x);
      return { y, x, other, code: `${y} ${other > 0 ? 'a' : 'b'}`, flag: y === 'yes' ? null : other };
    });
    expect(await found(rows)).toEqual([
      { column: 'x', told: 1, of: 'rows' },
      { column: 'code', told: 1, of: 'rows' },
    ]);
    const two = rows.map(
      ({ y, other, flag }): Row => ({ y: y === 'yes' ? 'yes' : 'no', other: other ?? 0, flag: flag ?? null }),
    );
    expect(await found(two)).toEqual([{ column: 'flag', told: 1, of: 'rows' }]);
  });

  test('but for a few rows', async () => {
    const rows = drawn(1000, 2, (next, i) => {
      const x = next();
      return { y: classOf(i < 5 ? -x : x), x, other: next() };
    });
    const [told] = await found(rows);
    expect(told).toMatchObject({ column: 'x', of: 'rows' });
    expect(told?.told).toBeGreaterThan(0.99);
  });

  test('told well, but not by one column alone', async () => {
    const rows = drawn(2000, 3, (next, i) => {
      const [x, z] = [next(), next()];
      return { y: classOf(x + 0.1 * z), x, z, name: `row ${i % 700}` };
    });
    expect(await found(rows)).toEqual([]);
  });

  test('rare ones that nothing tells, and few rows', async () => {
    expect(await found(drawn(1000, 4, (next, i) => ({ y: i % 200 === 0 ? 'yes' : 'no', x: next() })))).toEqual([]);
    expect(
      await found(drawn(12, 5, (next, i) => ({ y: i % 2 ? 'yes' : 'no', x: next(), c: i % 3 ? 'a' : 'b' }))),
    ).toEqual([]);
  });
});

describe('numbers', () => {
  test('told by the same in other units, by any function, by categories', async () => {
    const rows = drawn(500, 6, (next) => {
      const level = Math.floor(Math.abs(next()) * 5);
      const x = next();
      return {
        y: 3 * x + 1,
        cents: 300 * x + 0.01 * next(),
        cube: x ** 3,
        other: x + 0.2 * next(),
        level: `l${level}`,
      };
    });
    expect((await found(rows)).map(({ column }) => column)).toEqual(['cents', 'cube']);
    const levels = rows.map(({ level, other }) => ({
      y: Number(String(level).slice(1)) + 0.5,
      level: level as string,
      other: other as number,
    }));
    expect(await found(levels)).toEqual([{ column: 'level', told: 1, of: 'variance' }]);
  });

  test('of a skewed price with and without tax, of degrees in other units, and but for a few wrong cells', async () => {
    const next = numbers(21);
    const gauss = (): number => Math.sqrt(-2 * Math.log((next() + 1) / 2 + 1e-9)) * Math.cos(Math.PI * next());
    const rows = Array.from({ length: 300 }, (_, i) => {
      const price = Math.round(100 * Math.exp(10 + gauss())) / 100;
      return {
        y: price,
        net: Math.round((100 * price) / 1.19) / 100,
        wrong: i % 100 === 7 ? 1 : price * 2 + 5,
        other: price * Math.exp(0.3 * gauss()),
      };
    });
    expect((await found(rows)).map(({ column }) => column)).toEqual(['net', 'wrong']);
    const degrees = Array.from({ length: 300 }, () => Math.round((15 + 5 * gauss()) * 10) / 10);
    const table = degrees.map((y) => ({ y, fahrenheit: Math.round((y * 1.8 + 32) * 10) / 10, humid: y + gauss() }));
    expect((await found(table)).map(({ column }) => column)).toEqual(['fahrenheit']);
  });

  test('not where nearly all are the same', async () => {
    expect(await found(drawn(500, 11, (next, i) => ({ y: i % 60 === 0 ? next() : 0, x: next(), z: next() })))).toEqual(
      [],
    );
  });

  test('not by days, though what changes slowly follows them', async () => {
    const rows = drawn(300, 7, (next, i) => ({
      y: Math.sin(i / 40) + 0.001 * next(),
      day: new Date(Date.UTC(2020, 0, 1 + i)).toISOString().slice(0, 10),
      x: next(),
    }));
    expect(await found(rows)).toEqual([]);
  });
});

test('rows of numbers name a column by its place', () => {
  const next = numbers(8);
  const x = Array.from({ length: 100 }, () => [next(), next()]);
  const set = toDataset(
    'test',
    x,
    x.map(([, b]) => ((b as number) > 0 ? 'a' : 'b')),
  );
  expect(atOnce(findingGiveaways(set))).toEqual([{ column: 1, told: 1, of: 'rows' }]);
});

/** The tables of bench/tabular, and what is predicted in each. */
const real = readFileSync(new URL('../../bench/tabular/tables/tables.csv', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.split(',') as [string, string]);

test.each(real)('no column of %s tells %s', async (name, target) => {
  const file = readFileSync(new URL(`../../bench/tabular/tables/${name}`, import.meta.url));
  const table = await readTable(new Uint8Array(file));
  expect(atOnce(findingGiveaways(toDataset('test', table.known(target), target)))).toEqual([]);
});

test("is said in the judgement of 'tabular', and in its figures", async () => {
  const rows = drawn(120, 9, (next) => {
    const x = next();
    return { y: x + 0.8 * next() > 0 ? 'yes' : 'no', x, other: next() };
  }).map((row) => ({ ...row, paid: row['y'] === 'yes' ? 'in full' : 'not' }));
  const { judgement } = await fitPipeline('tabular', await readTable(rows), 'y', { seed: 1 });
  expect(judgement?.words).toContain(
    '"paid" alone tells the answer in every row. If it is not known before the answer is, this is too optimistic: leave it out with the option ignore of readTable.',
  );
  expect(judgement?.figures['giveaways']).toEqual([{ column: 'paid', told: 1, of: 'rows' }]);
});
