// Labels in tables other than the training table are converted to the model's classes, whatever else the table holds.
import { writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { splitOf } from '../../src/cli/split.js';
import { Matrix } from '../../src/data/index.js';
import { toDataset } from '../../src/evaluate/dataset.js';
import { fitPipeline } from '../../src/evaluate/index.js';
import { dense } from '../../src/index.js';
import { workplace } from './run.js';

const { file, write, run } = workplace();

/** A table whose class follows from x: classes in turn, a little apart. */
const tableOf = (labels: readonly string[], extra = ''): string =>
  `x,z,kind\n${labels.map((label, i) => `${(label.codePointAt(0) ?? 0) + (i % 7) / 20},${i % 3},${label}`).join('\n')}\n${extra}`;
const repeated = (labels: readonly string[], times: number): string[] =>
  Array.from({ length: times }, () => labels).flat();
const brief = ['--learning-rate', '0.03', '--report', 'none'];
const quick = ['--epochs', '30', ...brief];

describe('first-contact row 76: rare and unknown classes', () => {
  test('150 rows and 8 single ones: the model is saved and judged, and has learnt every class', () => {
    write('rare.csv', tableOf([...repeated(['a', 'b', 'c'], 50), ...Array.from({ length: 8 }, (_, i) => `rare${i}`)]));
    for (const seed of ['0', '1']) {
      const { status, out, err } = run('train', 'rare.csv', ...brief, '--epochs', '2', '--seed', seed, '--json');
      expect([status, err]).toEqual([0, '']);
      expect(JSON.parse(out).unknown).toBeUndefined();
    }
    const { classes } = JSON.parse(run('inspect', 'rare.safetensors', '--json').out);
    expect(classes.length).toBe(11);
  });

  test('no class is only in the test, and none of the rows is lost', () => {
    const labels = [...repeated(['a', 'b'], 40), 'r1', 'r2', 'r3', 'r4', 'r5', 'r5'];
    for (const testSize of [0.25, 0.9])
      for (let seed = 0; seed < 20; seed++) {
        const set = toDataset('test', new Matrix(new Float32Array(labels.length), 1), labels);
        const { train, test: held } = splitOf(set, ['kind'], testSize, seed);
        expect([...train, ...held].sort((a, b) => a - b)).toEqual(labels.map((_, row) => row));
        expect(new Set(Array.from(train, (row) => labels[row])).size).toBe(7);
      }
  });

  test('rows that are all different are no classes', () => {
    write('names.csv', tableOf(Array.from({ length: 40 }, (_, i) => `name${i}`)));
    const { status, err } = run('train', 'names.csv', '--target', 'kind');
    expect([status, err]).toEqual([
      1,
      'simdense: column "kind" has 40 different values in 40 rows: none is left to test with. Give --target a column whose values repeat',
    ]);
  });

  test('evaluate counts a label that the model does not know as a miss under its own name', () => {
    write('train.csv', tableOf(repeated(['a', 'b'], 40)));
    expect(run('train', 'train.csv', ...quick).status).toBe(0);
    write('later.csv', tableOf([...repeated(['a', 'b'], 10), 'q', 'q']));
    const { status, out } = run('evaluate', 'train.safetensors', 'later.csv', '--json');
    expect(status).toBe(0);
    const { rows, unknown, confusion, loss } = JSON.parse(out);
    expect([rows, unknown, confusion.labels]).toEqual([22, 2, ['a', 'b', 'q']]);
    expect(confusion.counts[2]).toContain(2);
    expect(loss).toBeGreaterThan(0);
    expect(run('evaluate', 'train.safetensors', 'later.csv', '--report', 'e.html').out).toContain(
      '2 rows of classes that the model does not know ("q") count as wrong.',
    );
    write('other.csv', tableOf(repeated(['v', 'w'], 10)));
    expect(run('evaluate', 'train.safetensors', 'other.csv').err).toBe(
      'simdense: no row of column "kind" holds one of the model\'s classes "a", "b"; its first is "v". Give --target the column with the answers',
    );
  });
});

describe('first-contact row 86: what a column is follows from the model', () => {
  test('classes 1, 2, 3 and 4+ on a file that holds only 1 to 3', () => {
    write('stars.csv', tableOf(repeated(['1', '2', '3', '4+'], 40)));
    expect(run('train', 'stars.csv', ...quick, '--json').status).toBe(0);
    expect(JSON.parse(run('inspect', 'stars.safetensors', '--json').out).classes).toEqual(['1', '2', '3', '4+']);
    write('few.csv', tableOf(repeated(['1', '2', '3'], 10)));
    const { status, out } = run('evaluate', 'stars.safetensors', 'few.csv', '--json');
    expect(status).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ rows: 30, confusion: { labels: ['1', '2', '3', '4+'] } });
    expect(JSON.parse(out).accuracy).toBeGreaterThan(0.9);
  });

  test('classes that are numbers on a file that holds a text as well', () => {
    write('digits.csv', tableOf(repeated(['1', '2', '3'], 40)));
    expect(run('train', 'digits.csv', ...quick, '--task', 'classification').status).toBe(0);
    write('more.csv', tableOf([...repeated(['1', '2', '3.0'], 10), 'x']));
    const { out } = run('evaluate', 'digits.safetensors', 'more.csv', '--json');
    expect(JSON.parse(out)).toMatchObject({ unknown: 1, confusion: { labels: ['1', '2', '3', 'x'] } });
  });

  test('a category that looks like a number where the model had texts; a text where it had numbers', () => {
    const rows = Array.from({ length: 90 }, (_, i) => `${['1', 'low', 'high'][i % 3]},${i / 90},${(i % 3) + i / 90}`);
    write('floors.csv', `floor,x,y\n${rows.join('\n')}\n`);
    expect(run('train', 'floors.csv', ...quick, '--task', 'regression').status).toBe(0);
    write('new.csv', 'floor,x\n1,0.5\n1,0.6\n');
    const [head, ...lines] = run('predict', 'floors.safetensors', 'new.csv').out.split(/\r?\n/);
    expect(head).toBe('floor,x,y');
    const [first, second] = lines.map((line) => Number(line.split(',')[2]));
    expect([first, second].every((value) => Math.abs(value as number) < 3)).toBe(true);
    write('bad.csv', 'floor,x,y\n1,0.5,1\n1,0.5,many\n');
    expect(run('evaluate', 'floors.safetensors', 'bad.csv').err).toBe(
      'simdense: bad.csv: row 3, column "y" is "many", expected a number',
    );
    expect(run('train', 'bad.csv', '--task', 'regression').err).toBe(
      'simdense: bad.csv: row 3, column "y" is "many", expected a number',
    );
    expect(run('predict', 'floors.safetensors', 'new.csv', '--probabilities')).toEqual({
      status: 2,
      out: '',
      err: 'simdense: --probabilities: the model predicts numbers, which have none; leave it out',
    });
  });
});

test('first-contact row 45: predict prints every output', async () => {
  using pipeline = await fitPipeline(
    { layers: [dense({ units: 4, activation: 'relu' })], fit: { epochs: 1 } },
    [[1], [2], [3], [4]],
    [
      [1, 2.5],
      [2, 3.5],
      [3, 4.5],
      [4, 5.5],
    ],
    { columns: ['x'], target: 'y' },
  );
  writeFileSync(file('two.safetensors'), pipeline.save());
  write('x.csv', 'x,y\n1,1\n2,2\n');
  const [head, first] = run('predict', 'two.safetensors', 'x.csv').out.split(/\r?\n/);
  expect(head).toBe('x,y,y 0,y 1');
  const printed = first?.split(',').slice(2).map(Number) ?? [];
  expect(printed.map(Math.fround)).toEqual(Array.from(pipeline.predictProbabilities([[1]]).data));
  expect(JSON.parse(run('predict', 'two.safetensors', 'x.csv', '--json').out).predictions[0].length).toBe(2);
  expect(run('evaluate', 'two.safetensors', 'x.csv').err).toContain('the model predicts 2 numbers for each row');
});

test('an empty cell of labels is a row with none of them; NA, and null in JSON, is a row without an answer', () => {
  const lines = Array.from(
    { length: 60 },
    (_, i) => `${i % 16},${i % 10},${[i % 16 > 8 && 'red', i % 10 > 5 && 'big'].filter(Boolean).join(';')}`,
  );
  write('none.csv', `x,z,tags\n${lines.join('\n')}\n1,1,NA\n`);
  const named = ['none.csv', '--target', 'tags', '--separator', ';'];
  const { out } = run('describe', ...named);
  const none = lines.filter((line) => line.endsWith(',')).length;
  expect(out).toContain(
    `\n${none} rows have none of the labels.\n1 row has no tags to learn from and is left out; 60 rows are used.`,
  );
  expect(JSON.parse(run('describe', ...named, '--json').out)).toMatchObject({
    rowsWithoutTarget: 1,
    rowsWithoutLabel: none,
  });
  expect(run('train', ...named, '--quick', ...quick).out).toContain(`${none} rows have none of the labels.`);
  const records = lines.map((line) => {
    const [x, z, tags] = line.split(',') as [string, string, string];
    return { x: Number(x), z: Number(z), tags };
  });
  write('none.json', JSON.stringify([...records, { x: 1, z: 1, tags: null }]));
  for (const later of ['none.csv', 'none.json']) {
    const words = run('evaluate', 'none.safetensors', later).out;
    expect(words).toContain(`1 row has no tags and is left out.\n${none} rows have none of the labels.`);
    expect(words).toContain('labels of 60 rows');
  }
});

test('with --separator an empty cell is no label, whether another cell lists two or none does', () => {
  const tags = ['1', '2', '', '3'];
  for (const [name, last] of [
    ['lists', '1;2'],
    ['single', '3'],
  ] as const) {
    const cells = [...repeated(tags.slice(0, 3), 15), ...repeated([last], 15)];
    write(`${name}.csv`, `x,tags\n${cells.map((cell, i) => `${i % 9},${cell}`).join('\n')}\n`);
    const args = ['--target', 'tags', '--separator', ';'];
    const trained = run('train', `${name}.csv`, ...args, ...brief, '--quick', '--epochs', '3', '--json');
    const { rowsWithoutLabel, rowsWithoutTarget, usedRows } = JSON.parse(trained.out);
    expect([rowsWithoutLabel, rowsWithoutTarget, usedRows]).toEqual([15, 0, 60]);
    const judged = JSON.parse(run('evaluate', `${name}.safetensors`, `${name}.csv`, '--json').out);
    expect([judged.rowsWithoutLabel, judged.rowsWithoutTarget]).toEqual([15, 0]);
    expect(run('describe', `${name}.csv`, ...args).out).toContain('15 rows have none of the labels');
  }
});
