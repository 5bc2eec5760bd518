// Several targets: columns of numbers, columns of 0 and 1, and lists in a cell.
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { Matrix } from '../../src/data/index.js';
import { judgeLabels, judgeOutputs } from '../../src/evaluate/verdict/several.js';
import { workplace } from './run.js';

const { file, run, write } = workplace();
const lines = (text: string): string[] => text.split(/\r?\n/);
const quick = ['--epochs', '60', '--learning-rate', '0.02'];

beforeAll(() => {
  const rows = Array.from({ length: 160 }, (_, i) => {
    const [x, z] = [(i % 16) / 16, (i % 10) / 10];
    const tags = [x > 0.5 ? 'red' : '', z > 0.5 ? 'big' : ''].filter(Boolean).join('; ') || 'none';
    return `${x},${z},${Number(x > 0.5)},${Number(z > 0.5)},"${tags}",${2 * x + z},${(x - z) * 100}`;
  });
  write('several.csv', `x,z,a,b,tags,sum,gap\n${rows.join('\n')}\n`);
});

test('several numbers: each is judged, predicted and evaluated', () => {
  const { status, out } = run('train', 'several.csv', '--target', 'sum,gap', '--ignore', 'a,b,tags', ...quick);
  expect(status).toBe(0);
  expect(out).toContain('Regression of sum, gap, because the labels are rows of 2 numbers.');
  expect(out).toMatch(/^"sum": On 40 rows that it had not seen it is off by .* It has clearly learnt something\.$/m);
  expect(out).toMatch(/^"gap": On 40 rows /m);
  expect(readFileSync(file('several.html'), 'utf8')).toContain('--target sum,gap');
  write('new.csv', 'z,x\n0.5,0.5\n');
  const [head, first] = lines(run('predict', 'several.safetensors', 'new.csv').out);
  expect(head).toBe('z,x,sum,gap');
  expect(
    first
      ?.split(',')
      .slice(2)
      .map((value) => Math.round(Number(value))),
  ).toEqual([expect.any(Number), expect.any(Number)]);
  expect(lines(run('predict', 'several.safetensors', 'several.csv').out)[0]).toBe(
    'x,z,a,b,tags,sum,gap,prediction sum,prediction gap',
  );
  const judged = JSON.parse(run('evaluate', 'several.safetensors', 'several.csv', '--json').out);
  expect(Object.keys(judged.targets)).toEqual(['sum', 'gap']);
  expect(judged.verdict).toBe('better');
  expect(run('inspect', 'several.safetensors').out).toContain('predicts sum, gap, numbers');
});

test('several columns of 0 and 1', () => {
  const { out } = run('train', 'several.csv', '--target', 'a,b', '--ignore', 'tags,sum,gap', ...quick);
  expect(out).toContain(
    'Several labels of a, b, because each of these columns is 0 and 1. --task regression asks for the other.',
  );
  expect(out).toMatch(/Of the 2 labels of 40 rows that it had not seen, 9\d(\.\d)? % are right|100 % are right/);
  expect(readFileSync(file('several.html'), 'utf8')).toMatch(
    /Recall: share of the rows with a label that are given it/,
  );
  write('new.csv', 'x,z\n1,0\n0,1\n');
  expect(lines(run('predict', 'several.safetensors', 'new.csv').out)).toEqual(['x,z,a,b', '1,0,1,0', '0,1,0,1']);
  expect(lines(run('predict', 'several.safetensors', 'new.csv', '--probabilities').out)[0]).toBe('x,z,a,b,p(a),p(b)');
});

test('a list in a cell', () => {
  const order = ['several.csv', '--target', 'tags', '--separator', ';', '--ignore', 'a,b,sum,gap'];
  const { status, out } = run('train', ...order, ...quick);
  expect(status).toBe(0);
  expect(out).toContain('Several labels of tags, because --separator says that a cell lists several.');
  write('new.csv', 'x,z\n1,1\n0,0\n');
  const [head, first, second] = lines(run('predict', 'several.safetensors', 'new.csv').out);
  expect([head, first?.split(',')[2]?.split(';').sort(), second]).toEqual(['x,z,tags', ['big', 'red'], '0,0,none']);
  const evaluated = run('evaluate', 'several.safetensors', 'several.csv', '--report', 'e.html');
  expect(evaluated.out).toMatch(/label +precision +recall +f1 +rows/);
  expect(run('inspect', 'several.safetensors').out).toContain('predicts tags: any of big, none, red');
  const tuned = run('tune', ...order, '--trials', '2', '--folds', '2', '--epochs', '5', '-o', 'tuned.safetensors');
  expect(tuned.out).toMatch(/In 2-fold cross-validation its accuracy is/);
});

test('what does not go together', () => {
  for (const [args, message] of [
    [['--target', 'a,nothing'], '--target: there is no column "nothing" among'],
    [['--target', 'a,tags'], 'several.csv: column "tags" is texts; several targets are numbers, or 0 and 1'],
    [['--target', 'a,b', '--balanced'], '--balanced: is about classes, and this is of several labels a row'],
    [['--target', 'a,b', '--separator', ';'], 'several.csv(target): expected a single column with a separator'],
  ] as const)
    expect(run('train', 'several.csv', ...args).err).toContain(`simdense: ${message}`);
});

describe('judgements', () => {
  const circumstances = { held: true, tryFirst: 'Try this.' };
  const of = (rows: readonly (readonly number[])[]) => Matrix.from(rows);

  test('several labels, compared with the more frequent answers', () => {
    // Hamming loss and scores as of sklearn.metrics: 1 − 2/8, micro recall 3/4, micro precision 3/4, subset accuracy 2/4.
    const actual = of([
      [1, 0],
      [0, 1],
      [1, 1],
      [0, 0],
    ]);
    const given = of([
      [0.9, 0.1],
      [0.2, 0.4],
      [0.6, 0.7],
      [0.8, 0.1],
    ]);
    const { words, figures } = judgeLabels(['a', 'b'], actual, given, ['c'], circumstances);
    expect(figures).toMatchObject({
      rows: 4,
      labels: 2,
      accuracy: 0.75,
      guess: 0.5,
      recall: 0.75,
      precision: 0.75,
      exact: 2,
    });
    expect(words).toContain('The model does not know the labels "c", which are not counted.');
    expect(words).toMatch(
      /not clearly better than always giving the more frequent answers\. 4 rows are too few to be sure\. Try this\.$/,
    );
  });

  test('a label that is never given is named; clearly better, and worse', () => {
    const actual = of(Array.from({ length: 200 }, (_, i) => [i % 2, Number(i % 50 === 0)]));
    const same = of(Array.from({ length: 200 }, (_, i) => [i % 2, 0]));
    const { words, figures } = judgeLabels(['a', 'rare'], actual, same, [], circumstances);
    expect([figures['verdict'], figures['never']]).toEqual(['better', ['rare']]);
    expect(words).toContain('It never gives "rare".');
    const wrong = of(Array.from({ length: 200 }, (_, i) => [1 - (i % 2), 1]));
    expect(judgeLabels(['a', 'rare'], actual, wrong, [], circumstances).words).toContain(
      'This is worse than always giving the more frequent answers. Try this.',
    );
  });

  test('several numbers: the verdict is that of the worst', () => {
    const actual = of(Array.from({ length: 100 }, (_, i) => [i, i % 7]));
    const predicted = of(Array.from({ length: 100 }, (_, i) => [i + 0.5, 3]));
    const { figures, words } = judgeOutputs(['a', 'b'], actual, predicted, circumstances);
    expect(figures['verdict']).toBe('unsure');
    expect(words.split('\n').map((line) => line.slice(0, 4))).toEqual(['"a":', '"b":']);
  });
});
