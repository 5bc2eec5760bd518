// Each network tells how much it needs a column by the rows that it has not learnt from: what was learnt by heart does not count.
import { expect, test } from 'vitest';
import { foldImportance } from '../../src/cli/fold-importance.js';
import { fitPipeline } from '../../src/evaluate/index.js';
import { permutationImportance } from '../../src/explain/index.js';
import { readTable } from '../../src/table/index.js';
import { numbers } from '../helpers/numbers.js';

test('is the mean over the networks, by their rows', async () => {
  const next = numbers(2);
  const records = Array.from({ length: 123 }, () => {
    const [a, b] = [next(), next()];
    return { a, b, noise: next(), y: a + 0.3 * b + 0.5 * next() > 0 ? 'yes' : 'no' };
  });
  const table = await readTable(records);
  using ensemble = await fitPipeline('tabular', table, 'y', { seed: 3 });
  const { members, rows } = ensemble.outOfFold as NonNullable<typeof ensemble.outOfFold>;
  expect(Array.from(rows)).toEqual(records.map((_, i) => i));
  expect(new Set(members).size).toBe(5);
  const y = records.map((record) => record.y);
  const found = await foldImportance(ensemble, { rows: table, y, members: members as Int32Array }, 4);
  expect(found[0]?.column).toBe('a');
  const sums = new Map<string, number>();
  for (const [m, member] of ensemble.members.entries()) {
    const own = Int32Array.from(records.keys()).filter((row) => members?.[row] === m);
    const each = await permutationImportance(member, table.select(own), { repeats: 4 });
    for (const { column, mean } of each) sums.set(column, (sums.get(column) ?? 0) + (mean * own.length) / 123);
  }
  for (const { column, mean, std, values } of found) {
    expect(mean).toBeCloseTo(sums.get(column) as number, 12);
    expect(values).toHaveLength(4);
    expect(std).toBeGreaterThan(0);
  }
  const learnt = await permutationImportance(ensemble, table, { repeats: 4 });
  const of = (list: typeof learnt, name: string): number => list.find(({ column }) => column === name)?.mean as number;
  expect(of(found, 'noise')).toBeLessThan(of(learnt, 'noise'));
});

test('a single network, and samples in which a row is missing more than once, name no member', async () => {
  const next = numbers(5);
  const table = await readTable(Array.from({ length: 60 }, () => ({ a: next(), y: next() })));
  using single = await fitPipeline('tabular', table, 'y', { members: 1 });
  expect(single.outOfFold?.members).toBeUndefined();
});
