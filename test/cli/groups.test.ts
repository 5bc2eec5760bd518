// Rows that come in groups: intervals and verdicts are over groups, and few groups prove nothing.
import { describe, expect, test } from 'vitest';
import { judgeClasses } from '../../src/evaluate/verdict/classes.js';
import { intervalOf, shareInterval } from '../../src/evaluate/verdict/intervals.js';
import { judgeNumbers } from '../../src/evaluate/verdict/numbers.js';
import { workplace } from './run.js';

const { run, write } = workplace();

/** Random numbers from 0 to 1 that are the same in every runtime. */
function drawn(seed: number): () => number {
  let state = 48271 * (seed + 1);
  const next = (): number => {
    state = (state * 16807) % 2147483647;
    return state / 2147483647;
  };
  for (let i = 0; i < 10; i++) next();
  return next;
}

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
/** A group for each row, of groups of one size. */
const alike = (groups: number, rows: number): number[] => range(groups * rows).map((i) => Math.floor(i / rows));
const circumstances = { held: true, tryFirst: 'Try this.' };

describe('an interval over groups', () => {
  const draw = drawn(3);
  const values = range(40).map(draw);

  test('of groups of one row is that of the rows', () => {
    expect(intervalOf(values, range(40)).half).toBeCloseTo(intervalOf(values).half, 12);
  });

  test('of rows that repeat is that of one row of each group, however often', () => {
    const repeated = alike(40, 25).map((group) => values[group] as number);
    const { mean, half } = intervalOf(repeated, alike(40, 25));
    expect([mean, half]).toEqual([
      expect.closeTo(intervalOf(values).mean, 12),
      expect.closeTo(intervalOf(values).half, 12),
    ]);
  });

  test('has the t of any table, for few degrees of freedom too', () => {
    // Student's t at 97.5 %, by degrees of freedom.
    for (const [free, t] of [
      [1, 12.706],
      [2, 4.303],
      [3, 3.182],
      [4, 2.776],
      [9, 2.262],
      [29, 2.045],
    ] as const) {
      const few = values.slice(0, free + 1);
      const { mean, half } = intervalOf(few);
      const deviation = Math.sqrt(few.reduce((sum, value) => sum + (value - mean) ** 2, 0) / free / few.length);
      expect(Math.abs(half / deviation / t - 1)).toBeLessThan(0.002);
    }
  });

  test('of a share holds as often as it says, where all rows of a group are right or wrong together', () => {
    for (const [groups, share] of [
      [12, 0.5],
      [24, 0.5],
      [24, 0.8],
      [12, 0.9],
    ] as const) {
      let inside = 0;
      for (const seed of range(1000)) {
        const draw = drawn(seed);
        const right = range(groups).map(() => Number(draw() < share));
        const rows = alike(groups, 20).map((group) => right[group] as number);
        const [low, high] = shareInterval(rows, alike(groups, 20)) as [number, number];
        if (low <= share && share <= high) inside++;
      }
      expect(inside, `${groups} groups, ${share}`).toBeGreaterThan(930);
    }
  });

  test('of few values or groups that are alike has no interval, rather than one without width', () => {
    for (const few of [2, 9]) {
      expect(intervalOf(range(few).map(() => 0.3)).half).toBe(Number.POSITIVE_INFINITY);
      const [low, high] = shareInterval(
        range(2 * few).map((row) => row % 2),
        range(2 * few).map((row) => row >> 1),
      ) as [number, number];
      expect(low).toBeLessThan(0.5);
      expect(high).toBeGreaterThan(0.5);
    }
    expect(intervalOf(range(10).map(() => 0.3)).half).toBeLessThan(1e-12);
  });

  test('of one group tells nothing', () => {
    expect(intervalOf([1, 2, 3], [7, 7, 7]).half).toBe(Number.POSITIVE_INFINITY);
    expect(shareInterval([1, 0, 1], [7, 7, 7])).toBeUndefined();
  });
});

describe('patients of 100 equal rows, whose labels are tosses of a coin', () => {
  const judged = (patients: number, seed: number, balanced: boolean) => {
    const draw = drawn(seed);
    const of = alike(patients, 100);
    const [truth, answers] = [range(patients), range(patients)].map((all) => all.map(() => (draw() < 0.5 ? 'a' : 'b')));
    const rows = (labels: string[] = []) => of.map((group) => labels[group] as string);
    return judgeClasses(rows(truth), rows(answers), ['a', 'b'], {
      ...{ ...circumstances, balanced },
      groups: { name: 'patient', of },
    });
  };

  test.each([false, true])('balanced %s: of few, nothing has clearly been learnt', (balanced) => {
    for (const patients of [1, 2, 6, 9])
      for (const seed of range(40)) {
        const { words, figures } = judged(patients, seed, balanced);
        expect(words).not.toContain('clearly learnt');
        expect(words).toMatch(patients === 1 ? /All rows are of 1 group of patient/ : /few groups tell little/);
        expect(figures).toMatchObject({ rows: patients * 100, groupCount: patients });
      }
  });

  test.each([false, true])('balanced %s: of many, hardly ever', (balanced) => {
    const learnt = range(400).filter((seed) => judged(24, seed, balanced).figures['verdict'] === 'better');
    expect(learnt.length).toBeLessThan(24);
  });

  test('of many, what is right is seen', () => {
    const of = alike(24, 100);
    const labels = of.map((group) => (group % 2 ? 'a' : 'b'));
    const { words } = judgeClasses(labels, labels, ['a', 'b'], { ...circumstances, groups: { name: 'patient', of } });
    expect(words).toMatch(
      /On new groups the share lies between 8\d(\.\d)? % and 100 %, with 95 % confidence over 24 groups of patient\. .* It has clearly learnt something\.$/,
    );
  });
});

test('errors of numbers are averaged over groups', () => {
  const draw = drawn(1);
  const levels = range(6).map(() => 10 * draw());
  const of = alike(6, 50);
  const actual = of.map((group) => levels[group] as number);
  const groups = { name: 'site', of };
  const { words, figures } = judgeNumbers(
    actual,
    actual.map((value) => value + 0.1),
    { ...circumstances, groups },
  );
  expect(words).toContain('with 95 % confidence over 6 groups of site) (few groups tell little)');
  expect(words).toMatch(
    /In these rows it is clearly better than always predicting the mean, but 6 groups of site are too few to say so of other groups\.$/,
  );
  expect(figures).toMatchObject({ groupCount: 6, verdict: 'unsure' });
});

test('train --group judges over groups, and --time says that the latest rows are one stretch of time', () => {
  const draw = drawn(2);
  const rows = range(24).flatMap((patient) => {
    const cells = `p${patient},${draw().toFixed(3)},${draw().toFixed(3)},${draw() < 0.5 ? 'ill' : 'well'}`;
    return range(100).map((i) => `${cells},${patient * 100 + i}`);
  });
  write('patients.csv', ['patient,a,b,state,day', ...rows].join('\n'));
  const order = ['train', 'patients.csv', '--target', 'state', '--epochs', '5', '--report', 'none', '-q'];
  const { out } = run(...order, '--group', 'patient', '--ignore', 'day');
  expect(out).toMatch(/with 95 % confidence over 6 groups of patient \(few groups tell little\)/);
  expect(out).not.toContain('clearly learnt');
  expect(JSON.parse(run(...order, '--group', 'patient', '--json').out)).toMatchObject({
    rows: 600,
    groups: 'patient',
    groupCount: 6,
  });
  expect(run(...order, '--time', 'day', '--ignore', 'patient').out).toContain(
    'The latest rows are one stretch of time:',
  );
});

test('evaluate and describe take --group as train does', () => {
  const lines = Array.from({ length: 60 }, (_, i) => `${i % 12},${(i % 12) + (i % 5) / 9},${i % 12 < 6 ? 'a' : 'b'}`);
  write('by.csv', `patient,x,y\n${lines.join('\n')}\n`);
  const { kinds } = JSON.parse(run('describe', 'by.csv', '--target', 'y', '--group', 'patient', '--json').out);
  expect(kinds).toEqual({ number: 1 });
  expect(run('describe', 'by.csv', '--group', 'patient').err).toContain('--group');
  const learn = [
    'train',
    'by.csv',
    '--target',
    'y',
    '--group',
    'patient',
    '--quick',
    '--epochs',
    '3',
    '--report',
    'none',
  ];
  expect(run(...learn).status).toBe(0);
  const words = run('evaluate', 'by.safetensors', 'by.csv', '--group', 'patient').out;
  expect(words).toContain('12 groups of patient');
  expect(run('evaluate', 'by.safetensors', 'by.csv').out).not.toContain('groups');
  expect(run('evaluate', 'by.safetensors', 'by.csv', '--group', 'patiant').err).toContain(
    'there is no column "patiant"',
  );
});

test('--group names the row of a cell that is not there, and a single group', () => {
  const rows = range(30).map((i) => `${i},${i === 7 ? '' : `p${i % 6}`},${i % 2 ? 'a' : 'b'}`);
  write('gap.csv', `x,pat,y\n\n${rows.join('\n')}\n`);
  const said = (path: string) => run('train', path, '--target', 'y', '--group', 'pat', '--report', 'none').err;
  expect(said('gap.csv')).toContain('gap.csv: --group: row 10 has no "pat"; fill its cell, or leave the row out');
  write(
    'one.csv',
    `x,pat,y\n${range(30)
      .map((i) => `${i},p,${i % 2 ? 'a' : 'b'}`)
      .join('\n')}\n`,
  );
  expect(said('one.csv')).toContain('one.csv: --group: all rows have the same "pat", expected two groups or more');
});
