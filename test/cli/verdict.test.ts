// The command's judgement of a model: the verdict, its interval, and what to try first.
import { describe, expect, test } from 'vitest';
import { taskWords } from '../../src/cli/table-words.js';
import { taskOf } from '../../src/evaluate/task.js';
import { judgeClasses } from '../../src/evaluate/verdict/classes.js';
import { judgeNumbers } from '../../src/evaluate/verdict/numbers.js';

const circumstances = { held: true, tryFirst: 'Try this.' };

/** Random numbers that are the same in every runtime. */
function* noise(): Generator<number, never> {
  for (let state = 1; ; ) {
    state = (state * 16807) % 2147483647;
    yield state / 2147483647 - 0.5;
  }
}

describe('first-contact row 51: numbers', () => {
  const draw = noise();
  const actual = Array.from({ length: 200 }, (_, i) => 1e5 + 1e3 * i);

  test('five times worse than the mean', () => {
    const { words, figures } = judgeNumbers(
      actual,
      actual.map(() => 0),
      circumstances,
    );
    expect(words).toMatch(
      /^On 200 rows that it had not seen it is off by \d+ on average \(\d+ to \d+, with 95 % confidence\), and explains none of the variance \(R² is −\d+(\.\d)?\)\. Always predicting the mean is off by 50000\. This is worse than always predicting the mean\. Try this\.$/,
    );
    expect(figures['r2']).toBeLessThan(-5);
  });

  test('clearly better, and not clearly better', () => {
    const near = actual.map((value) => value + 1e4 * draw.next().value);
    expect(judgeNumbers(actual, near, circumstances).words).toMatch(/explains 9\d.*It has clearly learnt something\.$/);
    const mean = actual.map(() => 199_500 + draw.next().value);
    expect(judgeNumbers(actual, mean, circumstances).words).toMatch(
      /This is not clearly better than always predicting the mean\. Try this\.$/,
    );
    const few = judgeNumbers(
      actual.slice(0, 5),
      [1, 2, 3, 4, 5].map((i) => 1e5 + 900 * i),
      circumstances,
    ).words;
    expect(few).toContain('(few rows tell little)');
  });

  test('two rows that are exact have no interval and no verdict', () => {
    const { words, figures } = judgeNumbers([1, 2], [1, 2], circumstances);
    expect(words).toMatch(/^On 2 rows that it had not seen it is off by 0 on average \(few rows tell little\)/);
    expect(figures).toMatchObject({ high: null, verdict: 'unsure' });
  });

  test('where the interval of the error holds that of guessing, the gain row by row says why it is better', () => {
    // Both errors vary a hundredfold from row to row, and the one is 0.85 of the other.
    const size = Array.from({ length: 40 }, (_, i) => 100 ** (i % 2) * (i % 4 < 2 ? 1 : -1));
    const { words, figures } = judgeNumbers(
      size,
      size.map((value) => 0.15 * value),
      circumstances,
    );
    expect(figures).toMatchObject({ verdict: 'better' });
    expect(figures['high'] as number).toBeGreaterThan(figures['guess'] as number);
    expect(words).toMatch(
      /Compared row by row it is better than that by 7\.5[78] \(5\.\d+ to (9|10)(\.\d+)?, with 95 % confidence\)\. It has/,
    );
  });

  test('better by absolute errors and worse by squares: outliers', () => {
    const wild = actual.map((value, i) => (i === 100 ? -9e6 : value));
    expect(judgeNumbers(actual, wild, circumstances).words).toContain(
      'is not clearly better than always predicting the mean',
    );
    const several = Array.from({ length: 4000 }, (_, i) => ({ y: i % 2, p: i % 400 === 0 ? 30 : i % 2 }));
    expect(
      judgeNumbers(
        several.map(({ y }) => y),
        several.map(({ p }) => p),
        circumstances,
      ).words,
    ).toMatch(/clearly learnt something\. A few rows are so far off that by squared errors it is worse than the mean/);
  });

  test('one row, and rows that are all the same', () => {
    const one = judgeNumbers([1], [2], circumstances);
    expect(one.words).toBe(
      'On 1 row that it had not seen it is off by 1 on average (few rows tell little). Always predicting the mean is off by 0. This is not clearly better than always predicting the mean. 1 row is too few to be sure. Try this.',
    );
    expect(JSON.parse(JSON.stringify(one.figures))).toEqual({
      rows: 1,
      meanAbsoluteError: 1,
      low: 0,
      high: null,
      guess: 0,
      verdict: 'unsure',
      advice: 'Try this.',
    });
    expect(judgeNumbers([1, 1, 1], [1, 1, 1], circumstances).words).not.toMatch(/NaN|Infinity|variance/);
  });

  test("the interval is Student's", () => {
    // Errors 1, 2, 3, 4: mean 2.5, standard error 0.6455, and 3.182 of it with 3 degrees of freedom (any table of t).
    const { figures } = judgeNumbers([1, 2, 3, 4], [0, 0, 0, 0], circumstances);
    expect(figures['high']).toBeCloseTo(2.5 + 3.182 * 0.6455, 1);
  });
});

describe('first-contact rows 51 and 76: classes', () => {
  const labels = Array.from({ length: 200 }, (_, i) => (i % 2 ? 'a' : 'b'));

  test.each([
    [labels, 'It has clearly learnt something.'],
    [
      labels.map((label) => (label === 'a' ? 'b' : 'a')),
      'This is worse than always guessing the commonest class. Try this.',
    ],
    [
      labels.map((_, i) => (i % 4 < 2 ? 'a' : 'b')),
      'This is not clearly better than always guessing the commonest class. Try this.',
    ],
  ])('%#', (predicted, verdict) => {
    expect(judgeClasses(labels, predicted, ['a', 'b'], circumstances).words).toMatch(new RegExp(`${verdict}$`));
  });

  test('one answer for all, and labels that the model does not know', () => {
    const { words, figures } = judgeClasses(['a', 'b', 'new\u202e', 'b'], ['b', 'b', 'b', 'b'], ['a', 'b'], {
      ...circumstances,
      trained: true,
    });
    expect(words).toContain('It answers "b" for every row: classWeight: \'balanced\' gives rare classes more weight.');
    expect(words).toContain(
      '1 row of classes that the model does not know ("new\\u202e") count as wrong.'.replace('count', 'counts'),
    );
    expect(figures).toMatchObject({ rows: 4, accuracy: 0.5, unknown: 1 });
  });
});

describe('unequal classes are judged by how much of each is found', () => {
  /** 1,000 rows, of which `rare` are of the rare class and `found` of those are right; so many of the others are not. */
  const rowsOf = (rare: number, found: number, wrong: number) => ({
    actual: Array.from({ length: 1000 }, (_, i) => (i < rare ? 'rare' : 'common')),
    predicted: Array.from({ length: 1000 }, (_, i) => (i < found || i >= 1000 - wrong ? 'rare' : 'common')),
  });
  const judged = (rare: number, found: number, wrong: number, balanced: boolean) => {
    const { actual, predicted } = rowsOf(rare, found, wrong);
    return judgeClasses(actual, predicted, ['common', 'rare'], { ...circumstances, trained: true, balanced });
  };

  test('balanced: fewer right answers than always guessing, and clearly learnt', () => {
    const { words, figures } = judged(17, 14, 60, true);
    expect(figures['accuracy'] as number).toBeLessThan(figures['guess'] as number);
    // sklearn.metrics.balanced_accuracy_score: the mean of 14/17 and 923/983.
    expect(figures['balancedAccuracy']).toBeCloseTo((14 / 17 + 923 / 983) / 2, 10);
    expect(words).toContain(
      'since it was trained with balanced classes: 88.1 % on average (balanced accuracy; 76.4 % to 93.9 %',
    );
    expect(words).toMatch(/where guessing finds 50 %\..*It has clearly learnt something\.$/);
  });

  test('the interval is that of the mean of two shares', () => {
    // With many rows as by the standard error: 1.96 · √(Σ p(1 − p)/n) ÷ 2.
    const { figures } = judged(400, 300, 120, true);
    const half = (1.96 * Math.sqrt((0.75 * 0.25) / 400 + (0.8 * 0.2) / 600)) / 2;
    expect(figures['balancedLow']).toBeCloseTo(0.775 - half, 2);
    expect(figures['balancedHigh']).toBeCloseTo(0.775 + half, 2);
  });

  test('what helps is said, and no learning rate', () => {
    expect(judged(17, 0, 0, false).words).toMatch(
      /since the classes are very unequal: 50 % .* not clearly better than guessing\. Try classWeight: 'balanced' first: it gives rare classes more weight\.$/,
    );
    expect(judged(8, 1, 40, true).words).toMatch(/not clearly better than guessing\. The rarest class has only 8 rows/);
    expect(judged(100, 10, 90, true).words).toMatch(/not clearly better than guessing\. Try this\.$/);
    expect(judged(100, 0, 900, true).words).toMatch(/This is worse than guessing\. Try this\.$/);
    expect(judged(17, 17, 983, true).words).toContain('It answers "rare" for every row. ');
  });

  test('of a model that is evaluated, no setting of a training is advised', () => {
    const { actual, predicted } = rowsOf(17, 0, 30);
    expect(judgeClasses(actual, predicted, ['common', 'rare'], circumstances).words).toMatch(/guessing\. Try this\.$/);
  });

  test('classes that are about equal are judged by right answers, and so is one class alone', () => {
    expect(judged(500, 400, 100, false).words).not.toContain('balanced accuracy');
    expect(judged(1000, 1000, 0, true).words).not.toContain('balanced accuracy');
  });
});

test('first-contact row 43: what was decided, and why', () => {
  const words = (y: Parameters<typeof taskOf>[0]) => taskWords({ targets: ['y'], ...taskOf(y) });
  const texts = ['a', 'b', 'a'];
  expect(words(texts)).toBe('Classification of y, because the labels are texts.');
  expect(words(Array.from({ length: 18 }, (_, i) => 1000 * i))).toBe(
    'Regression of y, because the labels are 18 different whole numbers in 18 rows, fewer than 5 rows each. --task classification asks for the other.',
  );
  expect(words(Array.from({ length: 60 }, (_, i) => i % 3))).toBe(
    'Classification of y, because the labels are 3 different whole numbers in 60 rows. --task regression asks for the other.',
  );
  expect(words([0.5, 1])).toBe('Regression of y, because the labels are not all whole: 0.5.');
});
