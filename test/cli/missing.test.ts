// Missing cells: their rows are kept; rows without a target are left out, counted, and said.
import { describe, expect, test } from 'vitest';
import { workplace } from './run.js';

const { file, run, write } = workplace();

/** A table of 100 rows. In each column, the given number of first cells is missing. */
function lacking(name: string, a: number, b: number, kind = 0): void {
  const rows = Array.from({ length: 100 }, (_, i) => {
    const cells = [i < a ? 'NA' : i % 7, i < b ? '' : i % 5, i < kind ? '' : i % 2 ? 'odd' : 'even'];
    return cells.join();
  });
  write(name, ['a,b,kind', ...rows].join('\n'));
}
lacking('whole.csv', 0, 0);
lacking('few.csv', 3, 5);
lacking('most.csv', 90, 20);
lacking('targets.csv', 0, 0, 20);
lacking('one.csv', 0, 0, 99);

const train = (name: string, ...more: string[]) =>
  run('train', name, '--epochs', '2', '--report', 'none', '-o', 'm.safetensors', ...more);

test('rows with missing cells are used, and that is said', () => {
  expect(train('few.csv').out).toContain('Missing cells: a (3), b (5). Their rows are used all the same.');
  const data = JSON.parse(train('most.csv', '--json').out);
  expect(data).toMatchObject({ usedRows: 100, rowsWithoutTarget: 0, read: { missing: { a: 90, b: 20 } } });
  expect(data.trainedRows + data.rows).toBe(100);
  expect(train('whole.csv').out).not.toContain('Missing cells');
});

test('rows without a target are left out, and counted', () => {
  expect(train('targets.csv').out).toContain('20 rows have no kind to learn from and are left out; 80 rows are used.');
  expect(JSON.parse(train('targets.csv', '--json').out)).toMatchObject({ usedRows: 80, rowsWithoutTarget: 20 });
  expect(train('one.csv').err).toBe(
    'simdense: one.csv: 1 row is too few to train on and to test with; 99 more have no "kind"',
  );
  expect(train('whole.csv').status).toBe(0);
  const judged = run('evaluate', 'm.safetensors', 'targets.csv');
  expect(judged.out).toMatch(/^20 rows have no kind and are left out\.\nIt is right in \d+ of 80 rows/);
});

describe('--missing of earlier versions', () => {
  test.each(['train', 'tune', 'predict', 'evaluate'])('%s says what became of it', (command) => {
    const { status, err } = run(command, 'few.csv', '--missing', 'skip');
    expect(status).toBe(2);
    expect(err).toMatch(/^simdense: unknown option --missing: no row is left out for missing cells any more/);
  });
});

test('--missing-words: words that mean a missing cell, in later files too', () => {
  const rows = Array.from({ length: 60 }, (_, i) => `${i % 9 ? i % 7 : 'None'},${i % 2 ? 'odd' : 'even'}`);
  write('none.csv', ['a,kind', ...rows].join('\n'));
  expect(JSON.parse(train('none.csv', '--json').out).read.kinds).toEqual({ category: 1 });
  const data = JSON.parse(train('none.csv', '--missing-words', 'None,none', '--json').out);
  expect(data.read).toMatchObject({ kinds: { number: 1 }, missing: { a: 7 } });
  write('later.csv', 'a\nNone\n3\n');
  const { out } = run('predict', 'm.safetensors', 'later.csv');
  const [head, first, second] = out.split(/\r?\n/);
  expect(head).toBe('a,kind,note');
  expect(first).toMatch(/^None,\w+,a is missing: the model has learnt what that means$/);
  expect(second).toMatch(/^3,\w+,$/);
});

describe('a target that the reading takes for missing is none', () => {
  const table = (name: string, yes: string, ...others: string[]) => {
    const rows = Array.from({ length: 60 }, (_, i) => `${i},${i < 30 ? 'NO' : yes}`);
    write(name, ['x,y', ...rows, ...others.map((word, i) => `${60 + i},${word}`)].join('\n'));
  };
  const judged = (...args: string[]) => JSON.parse(run('evaluate', 'm.safetensors', ...args, '--json').out);

  test('of classes: evaluate and --from leave the rows out that train leaves out', () => {
    table('words.csv', 'YES', 'NA', '?', 'null', 'NaN', 'N/A');
    expect(JSON.parse(train('words.csv', '--json').out).rowsWithoutTarget).toBe(5);
    expect(judged('words.csv')).toMatchObject({ rows: 60, rowsWithoutTarget: 5 });
    const more = train('words.csv', '--from', 'm.safetensors', '--json');
    expect(JSON.parse(more.out)).toMatchObject({ usedRows: 60, rowsWithoutTarget: 5 });
    expect(run('evaluate', 'm.safetensors', 'words.csv').out).toMatch(/^5 rows have no y and are left out\./);
  });

  test('of --missing-words, those of the training and more', () => {
    table('own.csv', 'YES', 'unknown', 'none');
    expect(train('own.csv', '--missing-words', 'unknown,none').status).toBe(0);
    expect(judged('own.csv')).toMatchObject({ rows: 60, rowsWithoutTarget: 2 });
    expect(train('whole.csv', '--target', 'kind').status).toBe(0);
    write('kinds.csv', 'a,b,kind\n1,2,odd\n2,3,gone\n');
    expect(judged('kinds.csv')).toMatchObject({ rows: 2, rowsWithoutTarget: 0, unknown: 1 });
    expect(judged('kinds.csv', '--missing-words', 'gone')).toMatchObject({ rows: 1, rowsWithoutTarget: 1 });
  });

  test('of numbers: signs such as - too, also where the training had none', () => {
    write('numbers.csv', ['x,y', ...Array.from({ length: 60 }, (_, i) => `${i},${i}.5`)].join('\n'));
    expect(train('numbers.csv').status).toBe(0);
    write('signs.csv', 'x,y\n1,1.5\n2,-\n3,NA\n-,4\n');
    expect(judged('signs.csv')).toMatchObject({ rows: 2, rowsWithoutTarget: 2 });
    expect(run('predict', 'm.safetensors', 'signs.csv').out).toMatch(/-,4,[\d.]+,"x is missing: taken as/);
  });

  test('a class of the model that is called NA is that class', async () => {
    const { readTable } = await import('../../src/table/index.js');
    const { fitPipeline } = await import('../../src/evaluate/index.js');
    table('na.csv', 'NA');
    const { readFileSync } = await import('node:fs');
    const read = await readTable(readFileSync(file('na.csv'), 'utf8'), { missing: { only: ['?'] } });
    using model = await fitPipeline({ layers: [], fit: { epochs: 2 } }, read, 'y');
    expect(model.classes).toEqual(['NA', 'NO']);
    write('m.safetensors', model.save());
    table('na.csv', 'NA', '?');
    expect(judged('na.csv')).toMatchObject({ rows: 60, rowsWithoutTarget: 1, classes: 2 });
  });
});

describe('notes of missing cells', () => {
  const rows = Array.from({ length: 100 }, (_, i) =>
    [
      i % 3 ? i % 7 : 'NA',
      i % 4 ? (i % 2 ? 'yes' : 'no') : '',
      i % 5 ? ['u', 'v'][i % 2] : '',
      234_687_552 + i,
      i % 2 ? 'a' : 'b',
    ].join(),
  );

  test('what the model has learnt is not taken for something else, and not counted as unusable', () => {
    write('learnt.csv', ['x,ok,sort,size,y', ...rows].join('\n'));
    expect(train('learnt.csv', '--kind', 'size=number').status).toBe(0);
    write('gaps.csv', 'x,ok,sort,size\nNA,yes,u,234687552\n1,,u,234687552\n1,no,,\n1,no,u,234687552\n');
    const { out, err } = run('predict', 'm.safetensors', 'gaps.csv');
    const notes = out.split(/\r?\n/).map((line) => line.split(/,[ab],/)[1]);
    expect(notes.slice(1)).toEqual([
      'x is missing: the model has learnt what that means',
      'ok is missing: the model has learnt what that means',
      expect.stringMatching(
        /^"sort is missing: the model has learnt what that means; size is missing: taken as 2346876\d\d(\.5)?, the median"$/,
      ),
      '',
    ]);
    expect(err).toMatch(
      /^In 1 row some cell could not be used: size is missing: .*\. Missing as in training: x \(1 row\), ok \(1 row\), sort \(1 row\)\. The model has learnt what that means\.$/,
    );
  });

  test('a column that is nearly always missing is not noted', () => {
    write(
      'rare.csv',
      ['x,rare,y', ...rows.map((_, i) => `${i % 7},${i === 50 ? '' : i % 20 ? '' : i},${i % 2 ? 'a' : 'b'}`)].join(
        '\n',
      ),
    );
    expect(train('rare.csv').status).toBe(0);
    const { notes, notedRows } = JSON.parse(run('predict', 'm.safetensors', 'rare.csv', '--json').out);
    expect([notes, notedRows]).toEqual([undefined, undefined]);
  });
});
