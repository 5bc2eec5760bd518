// What fitShards refuses: each message has its line here.
import { afterAll, describe, expect, test } from 'vitest';
import { fitPipeline, fitShards, inline, type Pipeline, runJob, type Shard } from '../../src/evaluate/index.js';
import { dense, sgd } from '../../src/index.js';
import { readTable, type Table } from '../../src/table/index.js';

const rows = Array.from({ length: 60 }, (_, i) => ({
  a: (i * 37) % 60,
  b: i % 7,
  c: 'xyz'[i % 3],
  y: i % 4 > 1 ? 'yes' : 'no',
}));
const all = await readTable(rows);
const dealt = (count: number): Table[] =>
  Array.from({ length: count }, (_, k) => all.select(Int32Array.from(rows.keys()).filter((row) => row % count === k)));
const own: { dispose(): void }[] = [];
afterAll(() => {
  for (const each of own) each.dispose();
});
const kept = <T extends { dispose(): void }>(each: T): T => {
  own.push(each);
  return each;
};

describe('what is refused', () => {
  const p: Pipeline = { layers: [] };
  const shards = dealt(2) as Shard[];
  const remote = { ...inline() };
  test.each([
    [
      'no shards',
      [p, [], { target: 'y' }],
      'fitShards(shards): expected an array of at least one shard, got an array of 0',
    ],
    [
      'a number',
      [p, [3], { target: 'y' }],
      'fitShards(shards[0]): expected the path or the address of a table, a Table, or a function that gives one, got 3',
    ],
    [
      'an ensemble',
      [{ predictProbabilities() {}, members: [] }, shards],
      'fitShards: an ensemble has several networks, and shards train one: pass one of its members',
    ],
    ['no target', [p, shards], 'fitShards(target): expected the name of the column to predict, got undefined'],
    ['an unknown target', [p, shards, { target: 'z' }], 'the table has no column "z"'],
    ['no rounds', [p, shards, { target: 'y', rounds: 0 }], 'fitShards(rounds): expected a positive integer, got 0'],
    [
      'no epochs',
      [p, shards, { target: 'y', localEpochs: 0.5 }],
      'fitShards(localEpochs): expected a positive integer, got 0.5',
    ],
    [
      'momentum 1',
      [p, shards, { target: 'y', outer: { momentum: 1 } }],
      'fitShards(outer): momentum: expected a number from 0 to below 1, got 1',
    ],
    [
      'a rate of 0',
      [p, shards, { target: 'y', outer: { learningRate: 0 } }],
      'fitShards(outer): learningRate: expected a positive number, got 0',
    ],
    [
      'options of readTable that nothing reads by',
      [p, [() => undefined], { target: 'y', read: { ignore: ['a'] } }],
      'fitShards(read): has no effect on shards that are Tables or functions: give these options to readTable',
    ],
    ['read', [p, shards, { target: 'y', read: 3 }], 'fitShards(read): expected options of readTable, got 3'],
    [
      'epochs',
      [{ ...p, fit: { epochs: 3 } }, shards, { target: 'y' }],
      'fitShards(fit.epochs): give rounds and localEpochs instead',
    ],
    [
      'a split',
      [{ ...p, fit: { validationSplit: 0.1 } }, shards, { target: 'y' }],
      'fitShards(fit.validationSplit): the coordinator has no rows',
    ],
    [
      'balanced',
      [{ ...p, fit: { classWeight: 'balanced' } }, shards, { target: 'y' }],
      "fitShards(fit.classWeight): 'balanced' would differ between shards",
    ],
    [
      'stopping',
      [{ ...p, earlyStopping: {} }, shards, { target: 'y' }],
      'fitShards(earlyStopping): the coordinator has no rows to watch',
    ],
    [
      'labels',
      [{ ...p, task: 'multilabel' }, shards, { target: 'y' }],
      'fitShards(task): shards have one label or number for each row',
    ],
    [
      'quantiles',
      [{ ...p, encode: { number: { scale: 'quantile' } } }, shards, { target: 'y' }],
      "fitShards: column \"a\": scale 'quantile' needs all rows in one place; use 'standard' or 'minMax'",
    ],
    [
      'spread',
      [{ ...p, encode: { number: { scale: 'spread' } } }, shards, { target: 'y' }],
      'fitShards: column "a": scale \'spread\' needs all rows in one place',
    ],
    [
      'pieces',
      [{ ...p, encode: { number: { pieces: 4 } } }, shards, { target: 'y' }],
      'fitShards: column "a": pieces of its range need all rows in one place',
    ],
    [
      'tables elsewhere',
      [p, shards, { target: 'y', executor: remote }],
      'fitShards(shards[0]): is in this thread, where only inline() trains',
    ],
    [
      'a path inline',
      [p, ['a.csv'], { target: 'y' }],
      '"a.csv" is not an http(s) address, and inline() reads no files',
    ],
    ['no table', [p, [() => 3], { target: 'y' }], 'a function that gives a shard: expected a Table, got 3'],
  ])('%s', async (_, args, message) => {
    await expect((fitShards as (...all: unknown[]) => Promise<unknown>)(...args)).rejects.toThrow(message);
  });

  test('a fitted pipeline with a target, or of numbers', async () => {
    const fitted = kept(await fitPipeline({ layers: [], fit: { epochs: 1 } }, all, 'y'));
    await expect(fitShards(fitted, shards, { target: 'y' })).rejects.toThrow(
      'fitShards(target): the fitted pipeline knows its target; leave it out',
    );
    const plain = kept(await fitPipeline({ layers: [], fit: { epochs: 1 } }, [[1], [2]], ['a', 'b']));
    await expect(fitShards(plain, shards)).rejects.toThrow('the pipeline was fitted on rows of numbers');
  });

  test('a shard that changes between the summary and a round', async () => {
    let calls = 0;
    const changing = () => (calls++ === 0 ? (shards[0] as Table) : (shards[1] as Table));
    await expect(fitShards(p, [changing, shards[1] as Shard], { target: 'y', rounds: 2 })).rejects.toThrow(
      'the rows are not those that were there before the first round',
    );
  });

  test('a signal, and a callback that throws', async () => {
    const controller = new AbortController();
    const stopping = {
      target: 'y',
      rounds: 1000,
      signal: controller.signal,
      onRound: () => controller.abort(new Error('enough')),
    };
    await expect(fitShards(p, shards, stopping)).rejects.toThrow('enough');
    const onRound = () => {
      throw new Error('mine');
    };
    await expect(fitShards(p, shards, { target: 'y', onRound })).rejects.toThrow('mine');
  });
});

test.each([
  ['adam', { layers: [] }],
  ['momentum', { layers: [], optimizer: sgd({ momentum: 0.9 }) }],
  [
    'rates of layers',
    { layers: [dense({ units: 3, activation: 'relu', name: 'a' })], optimizer: 'sgd', layerRates: { a: 0.5 } },
  ],
])('control variates with %s', async (_, p) => {
  const o = { target: 'y', rounds: 1, controlVariates: true };
  await expect(fitShards(p as Pipeline, dealt(2), o)).rejects.toThrow(
    'fitShards(controlVariates): needs the optimizer sgd, without momentum and layerRates; outer: { momentum } is that of all rounds',
  );
});

describe('shards that cannot be learnt from together', () => {
  const many = (cells: (i: number) => object) =>
    readTable(Array.from({ length: 40 }, (_, i) => ({ v: (i * 13) % 40, ...cells(i) })));
  const days = (i: number) => ({ day: new Date(Date.UTC(2024, 0, 1 + i * 3)), y: i % 2 ? 'p' : 'q' });
  test.each([
    [
      'a date',
      days,
      days,
      {},
      /column "day": it is a date, whose encoder needs all rows in one place; leave it out with encode: \{ ignore: \["day"\] \}, or fit a pipeline on a sample/,
    ],
    [
      'one class',
      () => ({ y: 'p' }),
      () => ({ y: 'p' }),
      {},
      /"y" has only one class, "p"; a classification needs at least two/,
    ],
    [
      'one number',
      () => ({ y: 3 }),
      () => ({ y: 3 }),
      { task: 'regression' },
      /"y" is 3 in every row, so there is nothing to learn/,
    ],
    [
      'texts and numbers',
      (i: number) => ({ y: i + 0.5 }),
      (i: number) => ({ y: i % 2 ? 'p' : 'q' }),
      {},
      /column "y" is numbers in shard 0 and texts in shard 1; say which it is: read: \{ kinds: \{ "y": 'category' \} \}/,
    ],
    [
      'a robust scale',
      (i: number) => ({ y: i + 0.5 }),
      (i: number) => ({ y: i / 3 }),
      { targetScale: 'robust' },
      /\(targetScale\): 'robust' needs all rows in one place; use 'standard'/,
    ],
    [
      'texts in a column of numbers',
      (i: number) => ({ w: i, y: i % 2 ? 'p' : 'q' }),
      (i: number) => ({ w: 'none', y: i % 2 ? 'p' : 'q' }),
      {},
      /column "w": the cells of shard 1 are of another kind than 'number'; say what the column is by read: \{ kinds \}/,
    ],
    [
      'words of no boolean',
      (i: number) => ({ w: i % 2 > 0, y: i % 2 ? 'p' : 'q' }),
      (i: number) => ({ w: 'none', y: i % 2 ? 'p' : 'q' }),
      {},
      /column "w": the cells of shard 1 are of another kind than 'boolean'/,
    ],
    [
      'numbers in a column of categories',
      (i: number) => ({ w: 'abc'[i % 3], y: i % 2 ? 'p' : 'q' }),
      (i: number) => ({ w: 7, y: i % 2 ? 'p' : 'q' }),
      {},
      /column "w": the cells of shard 1 are of another kind than 'category'/,
    ],
    [
      'squares beyond float64',
      (i: number) => ({ w: i * 1e200, y: i % 2 ? 'p' : 'q' }),
      (i: number) => ({ w: i, y: i % 2 ? 'p' : 'q' }),
      {},
      /the squares of its numbers are beyond float64; divide the column by a constant/,
    ],
    [
      'a class that is none',
      (i: number) => ({ y: i % 2 ? 'p' : 'q' }),
      (i: number) => ({ y: i % 2 ? 'p' : 'q' }),
      { positive: 'r' },
      /fitShards\(positive\): expected one of the classes "p", "q", got "r"/,
    ],
  ])('%s', async (_, first, second, p, message) => {
    const parts = await Promise.all([many(first), many(second)]);
    await expect(fitShards({ layers: [], ...(p as object) }, parts, { target: 'y', rounds: 1 })).rejects.toThrow(
      message,
    );
  });

  test('a table without rows, options of readTable that are none, and a server that has no file', async () => {
    const empty = all.select(Int32Array.of());
    const parts = [empty, all];
    await expect(fitShards({ layers: [] }, parts, { target: 'y' })).rejects.toThrow('the table has no rows');
    const read = { format: 'pdf' as never };
    await expect(fitShards({ layers: [] }, [all], { target: 'y', read })).rejects.toThrow(
      'fitShards(read): format: expected one of csv',
    );
    await expect(fitShards({ layers: [] }, [all], { target: 'y', read: { query: '' } })).rejects.toThrow(
      'fitShards(read): query: expected a text, got ""',
    );
    const sqlite = fitShards({ layers: [] }, ['http://127.0.0.1:1/a'], { target: 'y', read: { table: 'a' } });
    await expect(sqlite).rejects.toThrow('read.table: SQLite is read by simdense/node');
  });
});

test.each([
  ['an unknown task', ['other', {}], 'executor: task: expected one of fit, summarizeShard, trainShard, got "other"'],
  ['no data', ['trainShard', {}], 'executor: the task trainShard needs data'],
  ['data that nothing asks for', ['summarizeShard', {}, {}], 'executor: the task summarizeShard takes no data'],
  ['no job', ['summarizeShard', 3], 'job: expected an object with a shard, got 3'],
  ['no shard', ['summarizeShard', { read: {} }], 'job(shard): expected the path or the address of a table'],
  ['no reader', ['summarizeShard', {}, undefined, { readShard: 3 }], 'runJob(readShard): expected a function, got 3'],
  ['another option', ['summarizeShard', {}, undefined, { read: 3 }], 'runJob: unknown option "read"'],
])('runJob with %s', async (_, args, message) => {
  await expect((runJob as (...all: unknown[]) => Promise<unknown>)(...args)).rejects.toThrow(message);
});
