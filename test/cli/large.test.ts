// first-contact row 10: large tables, from reading to the predictions.
import { expect, test } from 'vitest';
import { workplace } from './run.js';

const { write, run } = workplace();

test.each([
  ['classification', (i: number) => (i % 5 > 2 ? 'yes' : 'no')],
  ['regression', (i: number) => String((i % 5) * 1.5 + (i % 1000) / 1000)],
])('first-contact row 10: a %s of 200,000 rows', (task, target) => {
  write(
    'big.csv',
    `a,b,y\n${Array.from({ length: 200_000 }, (_, i) => `${i % 5},${i % 1000},${target(i)}`).join('\n')}\n`,
  );
  const { status, out, err } = run('train', 'big.csv', '--epochs', '1', '--batch-size', '256', '--json');
  expect([status, err]).toEqual([0, '']);
  expect(JSON.parse(out)).toMatchObject({ task, rows: 50_000 });
  if (task === 'classification') return;
  expect(JSON.parse(run('evaluate', 'big.safetensors', 'big.csv', '--json').out).rows).toBe(200_000);
  expect(run('predict', 'big.safetensors', 'big.csv', '-o', 'p.csv', '--force').out).toBe(
    '200000 predictions are in p.csv.',
  );
});
