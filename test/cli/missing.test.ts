// Missing cells: their rows are kept; rows without a target are left out, counted, and said.
import { describe, expect, test } from 'vitest';
import { workplace } from './run.js';

const { run, write } = workplace();

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
  expect(first).toMatch(/^None,\w+,a is missing: taken as \d+$/);
  expect(second).toMatch(/^3,\w+,$/);
});
