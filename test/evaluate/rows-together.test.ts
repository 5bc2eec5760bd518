// Rows that belong together stay together where a pipeline sets rows aside for validation.
import { describe, expect, test } from 'vitest';
import { atOnce } from '../../src/base/pause.js';
import { holdOut, kFold, type Split } from '../../src/data/index.js';
import { type Dataset, toDataset } from '../../src/evaluate/dataset.js';
import { bagging, crossValidate, fitPipeline, type Pipeline, search } from '../../src/evaluate/index.js';
import { splittingOff } from '../../src/evaluate/prepared.js';
import { dense } from '../../src/index.js';
import { hashOf } from '../../src/node/hash.js';
import { packDataset, unpackDataset } from '../../src/node/packed-dataset.js';
import { readTable } from '../../src/table/index.js';
import { numbers } from '../helpers/numbers.js';

const next = numbers(5);
const records = Array.from({ length: 60 }, (_, i) => ({
  patient: `p${i % 12}`,
  visit: new Date(Date.UTC(2020, 0, 1 + ((i * 7) % 60))),
  a: next(),
  b: next(),
  ill: i % 12 < 6 ? 'yes' : 'no',
}));
const table = await readTable(records, { kinds: { patient: 'category' } });
const patients = records.map(({ patient }) => patient);
const pipeline: Pipeline = {
  layers: [dense({ units: 4, activation: 'relu' })],
  fit: { epochs: 2, validationSplit: 0.25 },
};

describe('by groups', () => {
  test('the validation rows are whole groups, and the groups are not learnt from', async () => {
    const set = toDataset('t', table, 'ill', {}, { groups: 'patient' });
    expect(set.x).toMatchObject({ columns: [{ name: 'visit' }, { name: 'a' }, { name: 'b' }] });
    const { train, validation } = atOnce(splittingOff(set, 0.25, 3));
    const trained = new Set(train.groups);
    expect(validation?.groups?.length).toBe(15);
    expect(validation?.groups?.some((group) => trained.has(group))).toBe(false);
    using fitted = await fitPipeline(pipeline, table, 'ill', { groups: 'patient' });
    expect(fitted.columns).toEqual(['visit', 'a', 'b']);
    // The same by a label for each row; the column is then learnt from, unless it is ignored.
    using same = await fitPipeline({ ...pipeline, encode: { ignore: ['patient'] } }, table, 'ill', {
      groups: patients,
    });
    expect(same.history).toEqual(fitted.history);
  });

  test('splits must keep them together', async () => {
    const splits = kFold(60, { folds: 3, groups: patients });
    const scores = await crossValidate(pipeline, table, 'ill', splits, { groups: 'patient' });
    expect(scores['accuracy']?.values).toHaveLength(3);
    await expect(crossValidate(pipeline, table, 'ill', kFold(60, { folds: 3 }), { groups: 'patient' })).rejects.toThrow(
      /crossValidate\(splits\[0\]\): the group of row \d+ is in both train and test/,
    );
    const { best } = await search({
      space: { units: [2] },
      strategy: 'grid',
      pipeline: ({ units }) => ({ ...pipeline, layers: [dense({ units, activation: 'relu' })] }),
      x: table,
      y: 'ill',
      groups: 'patient',
    });
    expect(best.score.values).toHaveLength(5);
  });

  test('the copies of a row in a bootstrap sample are a group of their own', async () => {
    const x = records.map(({ a, b }) => [a, b]);
    using ensemble = await bagging(
      pipeline,
      x,
      records.map(({ ill }) => ill),
      { members: 1 },
    );
    expect(ensemble.members[0]?.history.epochs[0]).toHaveProperty('valLoss');
  });
});

describe('by time', () => {
  test('the validation rows are the latest', async () => {
    const set = toDataset('t', table, 'ill', {}, { time: 'visit' });
    const { train, validation } = atOnce(splittingOff(set, 0.25, 3));
    const validated = (validation as Dataset).time as Float64Array;
    expect(validated).toHaveLength(15);
    expect(Math.min(...validated)).toBeGreaterThan(Math.max(...(train.time as Float64Array)));
    const time = records.map(({ visit }) => visit);
    const [split] = holdOut(60, { time, testSize: 0.25 });
    expect([...(split as Split).test].map((row) => Number(time[row])).sort()).toEqual([...validated].sort());
  });
});

test('they are packed with the set', async () => {
  for (const together of [{ groups: patients }, { time: records.map(({ visit }) => visit) }]) {
    for (const x of [table, records.map(({ a, b }) => [a, b])]) {
      const set = toDataset('t', x, x === table ? 'ill' : records.map(({ ill }) => ill), {}, together);
      const bytes = packDataset(set);
      const { why: _, ...packed } = set;
      expect(await unpackDataset(bytes, hashOf(bytes))).toEqual(packed);
    }
  }
});

test('what is not there is refused', async () => {
  const fitted = (o: object) => fitPipeline(pipeline, table, 'ill', o);
  await expect(fitted({ groups: 'patiant' })).rejects.toThrow(
    'the table has no column "patiant"; did you mean patient?',
  );
  await expect(fitted({ time: 'patient' })).rejects.toThrow('column "patient" holds texts, expected numbers or dates');
  await expect(fitted({ groups: 'patient', time: 'visit' })).rejects.toThrow('give groups or time, not both');
  await expect(fitted({ groups: [1, 2] })).rejects.toThrow('fitPipeline(groups) has 2 labels for 60 rows');
  await expect(fitPipeline(pipeline, [[1], [2]], [1, 2], { groups: 'a' })).rejects.toThrow('a name only with a Table');
});
