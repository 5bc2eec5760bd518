// The columns that a command needs: what is said where none is left to learn from, or a model's are absent, spelt otherwise, or there twice.
import { beforeAll, describe, expect, test } from 'vitest';
import { workplace } from './run.js';

const { run, write } = workplace();
const quick = ['--epochs', '2', '--report', 'none', '-q'];

describe('no column is left to learn from', () => {
  test('of R: write.csv(AirPassengers)', () => {
    const rows = Array.from({ length: 60 }, (_, i) => `"${i + 1}",${100 + ((i * i) % 37)}`);
    write('air.csv', `"","x"\n${rows.join('\n')}\n`);
    for (const command of ['train', 'tune'])
      expect(run(command, 'air.csv', '--report', 'none', '-q')).toMatchObject({
        status: 1,
        err: `simdense: air.csv: there is no column to learn from beside "x"; left out: "column 1" (it counts the rows: 1, 2, 3 …). --kind 'column 1=number' learns from that column all the same`,
      });
    expect(run('train', 'air.csv', ...quick, '--kind', 'column 1=number').status).toBe(0);
  });

  test('columns that are constant, ignored, or a group', () => {
    write(
      'same.csv',
      ['a,b,g,y', ...Array.from({ length: 40 }, (_, i) => `1,${i % 7},${i % 9},${i % 2}.5`)].join('\n'),
    );
    expect(run('train', 'same.csv', ...quick, '--ignore', 'b', '--group', 'g').err).toBe(
      'simdense: same.csv: there is no column to learn from beside "y"; left out: "a" (it is always 1), "b" (as asked), "g" (--group keeps its rows together)',
    );
  });

  test('a name with a comma, and no internal name', () => {
    write('comma.csv', ['"id, no",y', ...Array.from({ length: 40 }, (_, i) => `n${i},${i % 2}.5`)].join('\n'));
    const { err } = run('train', 'comma.csv', ...quick);
    expect(err).toMatch(/--kind '"id, no"=category' learns from that column all the same$/);
    expect(err).not.toMatch(/fit\w+:/);
  });
});

describe("a model's columns", () => {
  beforeAll(() => {
    const rows = Array.from({ length: 60 }, (_, i) => `${i % 7},${(i * 5) % 11},${i < 30 ? 'NO' : 'YES'}`);
    write('people.csv', ['Age,Income,state', ...rows].join('\n'));
    expect(run('train', 'people.csv', ...quick, '-o', 'm').status).toBe(0);
  });

  test.each([
    ['age,Income', 'there is no column "Age" among "age", "Income"; is it age?'],
    ['years,Income', 'there is no column "Age" among "years", "Income"'],
    ['age,Incomes', 'there are no columns "Age" (is it age?), "Income" (is it Incomes?) among "age", "Incomes"'],
    ['years,income', 'there are no columns "Age", "Income" (is it income?) among "years", "income"'],
    ['Age,Income,Age', 'there are two columns "Age", and the model reads one; rename the other'],
  ])('%s', (header, message) => {
    write('later.csv', `${header}\n1,2${header.endsWith(',Age') ? ',3' : ''}\n`);
    expect(run('predict', 'm', 'later.csv')).toMatchObject({ status: 2, err: `simdense: later.csv: ${message}` });
  });

  test('two of one name, where the training had two, and one where only the first is needed', () => {
    const rows = Array.from({ length: 60 }, (_, i) => `${i % 7},${(i * 5) % 11},${i < 30 ? 'NO' : 'YES'}`);
    write('twice.csv', ['a,a,state', ...rows].join('\n'));
    expect(run('train', 'twice.csv', ...quick, '-o', 't').status).toBe(0);
    const { status, out } = run('predict', 't', 'twice.csv');
    expect([status, out.split(/\r?\n/)[0]]).toEqual([0, 'a,a,state,prediction']);
  });
});

describe('--from and --target', () => {
  test('the same target, by name or number, is no contradiction', () => {
    for (const target of ['state', '2'])
      expect(run('train', 'people.csv', ...quick, '--from', 'm', '--target', target, '-o', 'n').status).toBe(0);
  });

  test('another is refused', () => {
    expect(run('train', 'people.csv', ...quick, '--from', 'm', '--target', 'Age').err).toBe(
      'simdense: --target: the model of --from predicts "state"; leave out --target, or train a new model without --from',
    );
  });
});

test('a column that no object has is missing where training rows lacked some cells, as an object to predict may lack it; CSV must have it', () => {
  const lines = Array.from({ length: 60 }, (_, i) => `${i},${i % 9 === 0 ? '' : i % 7},${i % 5},${i < 30 ? 'a' : 'b'}`);
  write('lack.csv', `size,age,income,y\n${lines.join('\n')}\n`);
  const { status } = run('train', 'lack.csv', '--target', 'y', '--quick', '--epochs', '3', '--report', 'none');
  expect(status).toBe(0);
  const rows = Array.from({ length: 20 }, (_, i) => ({ size: i, income: i % 5 }));
  write('lack.jsonl', rows.map((row) => JSON.stringify(row)).join('\n'));
  write('null.jsonl', rows.map((row) => JSON.stringify({ ...row, age: null })).join('\n'));
  const lacking = run('predict', 'lack.safetensors', 'lack.jsonl', '--json');
  expect(JSON.parse(lacking.out)).toMatchObject({ rows: 20, columnsOfNoRow: ['age'] });
  expect(JSON.parse(lacking.out).predictions).toEqual(
    JSON.parse(run('predict', 'lack.safetensors', 'null.jsonl', '--json').out).predictions,
  );
  expect(run('predict', 'lack.safetensors', 'lack.jsonl').err).toBe(
    'No row has age: taken as missing, as in some rows of the training.',
  );
  write('less.jsonl', JSON.stringify({ size: 1, age: 2 }));
  expect(run('predict', 'lack.safetensors', 'less.jsonl').err).toContain('there is no column "income"');
  write('like.jsonl', JSON.stringify({ size: 1, income: 2, Age: 3 }));
  expect(run('predict', 'lack.safetensors', 'like.jsonl').err).toContain('is it Age?');
  write('less.csv', 'size,income\n1,2\n');
  expect(run('predict', 'lack.safetensors', 'less.csv').err).toContain('there is no column "age"');
});
