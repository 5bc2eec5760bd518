// The output of --json contains every figure of the text.
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { holdOut } from '../../src/data/index.js';
import { workplace } from './run.js';

const { file, run, write } = workplace();

/** All numbers and texts in a JSON value. */
function* leaves(value: unknown): Generator<number | string> {
  if (typeof value === 'number' || typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null)
    for (const [key, part] of Object.entries(value)) {
      yield key;
      yield* leaves(part);
    }
}

const numbersIn = (text: string): string[] =>
  Array.from(text.matchAll(/\d[\d,]*(?:\.\d+)?(?:e[-+]?\d+)?/g), ([found]) => found.replaceAll(',', ''));

/** A number as the texts round it. */
const shapes = (value: number): string[] => {
  const size = Math.abs(value);
  const rounded = [2, 3].map((digits) => Number(size.toPrecision(digits)));
  const percents = [0, 1].map((digits) => Number((100 * size).toFixed(digits)));
  return [size, ...rounded, ...percents].flatMap((n) => [String(n), n.toFixed(1)]).concat(size.toPrecision(2));
};

/** Figures of the text that are missing in the JSON. Constants, such as the 95 % confidence, do not count. */
function missing(text: string, json: string): string[] {
  const told = text
    .replaceAll('95 % confidence', '')
    .replace(/npx simdense .*/g, '')
    // Charts have axes.
    .replace(/^.*[┤┼].*$|^epoch .*$/gm, '');
  const known = new Set<string>();
  for (const leaf of leaves(JSON.parse(json)))
    for (const shape of typeof leaf === 'number' ? shapes(leaf) : numbersIn(leaf)) known.add(shape);
  return numbersIn(told).filter((number) => !known.has(number) && !known.has(String(Number(number))));
}

describe('the JSON holds what the text tells', () => {
  beforeAll(() => {
    const rows = Array.from({ length: 120 }, (_, i) => [i / 60, i % 9 === 0 ? '' : i % 5, (i / 60) ** 2 + (i % 5)]);
    write('curve.csv', ['x,z,y', ...rows.map((row) => row.join())].join('\n'));
    // A class in ten rows, and one that the model has not seen.
    const unequal = Array.from({ length: 200 }, (_, i) => [i % 13, i % 10 ? 'common' : 'rare'].join());
    write('unequal.csv', ['x,kind', ...unequal].join('\n'));
    write('strange.csv', ['x,kind', ...unequal.slice(0, 40), '3,strange'].join('\n'));
    run('train', 'iris.csv', '--epochs', '20', '-o', 'iris.safetensors');
    run('train', 'unequal.csv', '--epochs', '3', '-o', 'unequal.safetensors');
    run('train', 'curve.csv', '--epochs', '3', '-o', 'curve.safetensors');
    const several = Array.from({ length: 80 }, (_, i) => [i % 7, Number(i % 7 > 2), Number(i % 7 > 4), i % 7, i / 10]);
    write('labels.csv', ['x,a,b,p,q', ...several.map((row) => row.join())].join('\n'));
  });

  test.each([
    ['train', 'iris.csv', '--epochs', '20', '--cv', '3', '--executor', 'inline', '-o', 'a.safetensors'],
    ['train', 'curve.csv', '--epochs', '20', '--cv', '3', '-o', 'b.safetensors'],
    ['train', 'labels.csv', '--epochs', '20', '--target', 'a,b', '-o', 'f.safetensors'],
    ['train', 'labels.csv', '--epochs', '20', '--target', 'p,q', '--cv', '2', '-o', 'g.safetensors'],
    ['train', 'curve.csv', '--epochs', '5', '--no-refit', '-o', 'h.safetensors'],
    ['describe', 'curve.csv', '--target', 'y'],
    ['train', 'unequal.csv', '--epochs', '3', '-o', 'c.safetensors'],
    ['train', 'unequal.csv', '--epochs', '3', '--balanced', '-o', 'c.safetensors'],
    [
      'tune',
      'iris.csv',
      '--trials',
      '9',
      '--strategy',
      'halving',
      '--folds',
      '3',
      '--epochs',
      '9',
      '-o',
      'd.safetensors',
    ],
    [
      'tune',
      'iris.csv',
      '--trials',
      '9',
      '--halving',
      '--folds',
      '2',
      '--epochs',
      '9',
      '-o',
      'd.safetensors',
      '--force',
    ],
    ['tune', 'iris.csv', '--trials', '12', '--folds', '2', '--epochs', '5', '-o', 'm.safetensors'],
    ['tune', 'curve.csv', '--trials', '2', '--folds', '2', '--epochs', '5', '-o', 'e.safetensors'],
    ['evaluate', 'curve.safetensors', 'curve.csv'],
    ['evaluate', 'iris.safetensors', 'iris.csv'],
    ['evaluate', 'unequal.safetensors', 'strange.csv'],
    ['predict', 'iris.safetensors', 'iris.csv', '-o', 'p.csv', '--force'],
    ['inspect', 'iris.safetensors'],
    ['export', 'iris.safetensors'],
    ['demo'],
  ])('%s %s %s %s %s %s', (...args) => {
    const { out, status } = run(...args);
    expect(status).toBe(0);
    expect(numbersIn(out).length).toBeGreaterThan(0);
    const json = run(...args, '--json');
    expect([json.status, json.err]).toEqual([0, '']);
    expect(missing(out, json.out)).toEqual([]);
  });

  test('cross-validation and search by name', () => {
    const cv = ['--cv', '3', '--executor', 'inline'];
    const trained = JSON.parse(run('train', 'iris.csv', '--epochs', '5', ...cv, '--json').out);
    const { folds, scores } = trained.crossValidation;
    const { values, mean } = scores.accuracy;
    expect([folds, values.length]).toEqual([3, 3]);
    expect(mean).toBeCloseTo((values[0] + values[1] + values[2]) / 3, 12);
    const halving = ['--trials', '9', '--strategy', 'halving', '--folds', '3', '--epochs', '9'];
    const { search } = JSON.parse(run('tune', 'iris.csv', ...halving, '--json').out);
    // Halving tries 9, then the best 3, then the best 1.
    expect([search.tried, search.trials.length, search.folds, search.monitor]).toEqual([9, 13, 3, 'accuracy']);
    expect(search.trials.at(-1).parameters).toEqual(search.best.parameters);
    expect(search.best.score.values.length).toBe(3);
    // Nine points are too few to say which settings mattered.
    expect(search.importance.map(({ mean }: { mean?: number }) => mean)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('which settings mattered', () => {
    const order = ['--trials', '12', '--folds', '2', '--epochs', '5', '--executor', 'inline', '-o', 'm.safetensors'];
    const { search, report } = JSON.parse(run('tune', 'iris.csv', ...order, '--json').out);
    const means: number[] = search.importance.map(({ mean }: { mean: number }) => mean);
    expect(means).toEqual([...means].sort((a, b) => b - a));
    expect(search.together + means.reduce((sum, mean) => sum + mean, 0)).toBeCloseTo(1, 9);
    const { out } = run('tune', 'iris.csv', ...order);
    const words = out.match(/What mattered for accuracy: (.*?)\./)?.[1] ?? '';
    const [{ parameter, mean }] = search.importance;
    expect(words).toContain(
      `${parameter === 'learningRate' ? 'learning rate' : parameter} ${Math.round(mean * 100)} %`,
    );
    // The report has a line for each setting that was tried.
    expect(readFileSync(file(report), 'utf8').match(/<a id="l\d+"/g)).toHaveLength(12);
  });

  test('with balanced classes folds are judged by what counts each class the same', () => {
    const few = ['--balanced', '--epochs', '2', '--executor', 'inline', '--json'];
    const tuned = JSON.parse(run('tune', 'unequal.csv', '--trials', '1', '--folds', '2', ...few).out);
    expect(tuned.search.monitor).toBe('auc');
    const folds = JSON.parse(run('train', 'iris.csv', '--cv', '2', ...few).out);
    expect(folds.crossValidation.scores.recall.values.length).toBe(2);
    const { out } = run('train', 'iris.csv', '--cv', '2', ...few.slice(0, -1));
    expect(out).toMatch(/In 2-fold cross-validation its balanced accuracy is \d/);
  });

  test('settings are searched for without the rows that judge the model', () => {
    const rows = Array.from({ length: 80 }, (_, i) => [(i % 17) / 17, (i % 17) ** 2 + i / 1000]);
    const [split] = holdOut(80, { testSize: 0.25, seed: 0 });
    const spoilt = rows.map((row) => [...row]);
    for (const row of split?.test ?? []) (spoilt[row] as number[])[1] = 1000 + row * row;
    const searched = (name: string, table: readonly number[][]) => {
      write(name, ['x,y', ...table.map((row) => row.join())].join('\n'));
      const order = ['--trials', '2', '--folds', '2', '--epochs', '5', '--executor', 'inline', '--json'];
      const { search, r2 } = JSON.parse(run('tune', name, ...order).out);
      return { best: search.best, r2 };
    };
    const [clean, dirty] = [searched('clean.csv', rows), searched('dirty.csv', spoilt)];
    expect(dirty.best).toEqual(clean.best);
    expect(dirty.r2).toBeLessThan(clean.r2);
  });

  test('what was concluded, and what is advised', () => {
    const judged = JSON.parse(run('evaluate', 'iris.safetensors', 'iris.csv', '--json').out);
    expect(judged.verdict).toBe('better');
    expect(judged).not.toHaveProperty('advice');
    const { out } = run('train', 'unequal.csv', '--epochs', '3');
    const { verdict, advice } = JSON.parse(run('train', 'unequal.csv', '--epochs', '3', '--json').out);
    expect(['unsure', 'worse']).toContain(verdict);
    expect(out).toContain(advice);
  });
});
