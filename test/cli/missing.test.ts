// Rows with missing cells: the command says how many were left out, with a warning or an error if few are left.
import { describe, expect, test } from 'vitest';
import { workplace } from './run.js';

const { run, write } = workplace();

/** A table of 100 rows. In each column, the given number of first cells is missing. */
function lacking(name: string, first: number, second: number): void {
  const rows = Array.from({ length: 100 }, (_, i) => {
    const [a, b] = [i < first ? 'NA' : i % 7, i < second ? '' : i % 2];
    return [a, b, i % 2 ? 'odd' : 'even'].join();
  });
  write(name, ['a,b,kind', ...rows].join('\n'));
}
lacking('whole.csv', 0, 0);
lacking('few.csv', 3, 5);
lacking('most.csv', 60, 20);
lacking('one.csv', 99, 10);
lacking('none.csv', 100, 10);
lacking('two.csv', 98, 0);

const train = (name: string, ...more: string[]) =>
  run('train', name, '--missing', 'skip', '--epochs', '2', '--report', 'none', '-o', 'm.safetensors', ...more);

describe('--missing skip', () => {
  test('says how many rows were left out, and how many are used', () => {
    expect(train('few.csv').out.split('\n')[1]).toBe('5 of 100 rows were left out for missing cells; 95 are used.');
    expect(JSON.parse(train('few.csv', '--json').out)).toMatchObject({ skipped: 5, lacking: { a: 3, b: 5 } });
    expect(train('whole.csv').out).not.toContain('left out');
    const tuned = run('tune', 'few.csv', '--missing', 'skip', '--trials', '1', '--folds', '2', '--epochs', '2');
    expect(tuned.out.split('\n')[1]).toBe('5 of 100 rows were left out for missing cells; 95 are used.');
  });

  test('warns where more than half are left out, and names the columns', () => {
    const lines = train('most.csv').out.split('\n');
    expect(lines[1]).toBe('60 of 100 rows were left out for missing cells; 40 are used.');
    expect(lines[2]).toMatch(/^Warning: 60 % of the table is left out.* column "a" lacks 60 cells, column "b" 20\. /);
    expect(train('few.csv').out).not.toContain('Warning');
  });

  test('refuses a table of which nothing usable is left', () => {
    expect(train('none.csv')).toEqual({
      status: 1,
      out: '',
      err: 'simdense: none.csv: every row from row 2 on has a missing cell: column "a" lacks 100 cells, column "b" 10',
    });
    expect(train('one.csv').err).toBe(
      'simdense: one.csv: 1 row is too few to train on and to test with; 99 more lack cells: column "a" lacks 99 cells, column "b" 10',
    );
    // Whatever else is wrong with so few rows, it is told why they are few.
    for (const more of [[], ['--cv', '2', '--executor', 'inline']]) {
      const { status, err } = train('two.csv', ...more);
      expect(status).not.toBe(0);
      expect(err).toContain('98 of 100 rows were left out for missing cells');
    }
  });

  test('predictions and judgements say it too, and a pipe holds predictions alone', () => {
    expect(train('whole.csv').status).toBe(0);
    const piped = run('predict', 'm.safetensors', 'few.csv', '--missing', 'skip');
    expect(piped.out.split(/\r?\n/).length).toBe(96);
    expect(piped.err).toBe('5 of 100 rows were left out for missing cells; 95 are used.');
    const { out } = run('predict', 'm.safetensors', 'few.csv', '--missing', 'skip', '-o', 'p.csv');
    expect(out).toBe('95 predictions are in p.csv.\n5 of 100 rows were left out for missing cells; 95 are used.');
    const json = run('predict', 'm.safetensors', 'few.csv', '--missing', 'skip', '--json');
    expect([JSON.parse(json.out).skipped, json.err]).toEqual([5, '']);
    const judged = run('evaluate', 'm.safetensors', 'few.csv', '--missing', 'skip');
    expect(judged.out).toMatch(/^5 of 100 rows were left out.*\nIt is right in \d+ of 95 rows/);
  });

  test('is what an error about missing cells advises', () => {
    expect(run('train', 'few.csv').err).toContain('--missing skip leaves such rows out');
  });
});
