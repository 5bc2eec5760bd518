// The parts of a report about a table.
import { describe, expect, test } from 'vitest';
import { Matrix } from '../../src/data/index.js';
import { operatingPoints } from '../../src/explain/index.js';
import { report } from '../../src/report/index.js';
import { apart, shown } from '../../src/report/numbers.js';

const history = { epochs: [{ loss: 1 }, { loss: 0.5 }] };
const actual = ['no', 'no', 'yes', 'yes'];
const probabilities = Matrix.from([0.1, 0.4, 0.35, 0.8].map((p) => [1 - p, p]));
const points = operatingPoints(actual, probabilities, { classes: ['no', 'yes'] });
/** The text of a page, without its tags. */
const textOf = (html: string): string => html.replace(/<[^>]+>/g, ' ');

test('ROC and precision by recall say the area and the threshold in use', () => {
  const html = report({ history, ranking: { points, positive: 'ripe = yes', threshold: 0.5 } });
  // The example of scikit-learn's roc_auc_score: 0.75.
  expect(textOf(html)).toContain('The area under the curve is 0.75');
  expect(textOf(html)).toContain(
    'from a probability of 0.5 on a row is called ripe = yes: it finds 50.0 % of them, and 100.0 % of those that it calls so are right',
  );
  expect(textOf(html)).toContain('share of ripe = yes that is found (recall)');
});

test('one class alone has no curve', () => {
  const alone = operatingPoints(['yes'], Matrix.from([[0.2, 0.8]]), { classes: ['no', 'yes'] });
  expect(report({ history, ranking: { points: alone, positive: 'yes', threshold: 0.5 } })).not.toContain('ROC');
});

test('numbers: a dot for each row on the line where predictions are exact', () => {
  const values = Array.from({ length: 50 }, (_, i) => i);
  const html = report({ history, numbers: [{ target: 'price', actual: values, predicted: values }] });
  const [, figure = ''] = html.split('price: predicted and true');
  const dots = [...(figure.split('</svg>')[0] as string).matchAll(/<circle [^>]*cx="([\d.]+)" cy="([\d.]+)"/g)];
  expect(dots).toHaveLength(50);
  const [x1, y1, x2, y2] = [dots[0]![1], dots[0]![2], dots[49]![1], dots[49]![2]].map(Number) as [
    number,
    number,
    number,
    number,
  ];
  for (const [, x, y] of dots) expect(Number(y)).toBeCloseTo(y1 + ((Number(x) - x1) / (x2 - x1)) * (y2 - y1), 0);
  expect(textOf(html)).toContain('true minus predicted');
});

test('importance, dependence, worst rows and the table, with hostile names escaped', () => {
  const evil = '<script>alert(1)</script>\u202e"';
  const html = report({
    history,
    table: [`3 rows of ${evil}`],
    course: 'The first of five networks.',
    importance: { columns: [{ column: evil, mean: 0.5, std: 0.1, values: [0.4, 0.6] }], figure: 'the log loss rises' },
    dependence: {
      columns: [
        {
          column: evil,
          values: ['a', evil, null],
          outputs: ['no', 'yes'],
          means: [
            [0.2, 0.5, 0.4],
            [0.8, 0.5, 0.6],
          ],
        },
        { column: 'day', values: [new Date(0), new Date(864e5)], outputs: [0], means: [[1, 2]] },
        {
          column: 'n',
          values: [1, 2],
          outputs: ['a', 'b', 'c'],
          means: [
            [0.1, 0.2],
            [0.3, 0.3],
            [0.6, 0.5],
          ],
        },
      ],
      target: evil,
      task: 'classification',
    },
    worst: [{ row: '17', actual: evil, predicted: 'b (51 %)', loss: 0.7, cells: { [evil]: evil, size: '12' } }],
  });
  expect(html).not.toContain('<script>');
  expect(html).not.toContain('\u202e');
  const text = textOf(html);
  expect(text).toContain('By so much the log loss rises when the cells of a column are exchanged');
  expect(text).toContain('The first of five networks.');
  expect(text).toMatch(/17\s.*b \(51 %\)\s+0\.7\s.*12/);
  expect(text).toContain('Beside them stand the columns that matter most.');
  expect(text).toContain('1970-01-02');
  expect(text).toContain('(missing)');
});

describe('parts that cannot be shown are refused', () => {
  test.each<[object, string]>([
    [
      { ranking: { points: [{}], positive: 'a', threshold: 0 } },
      'report(ranking).points[0].threshold: expected a finite number',
    ],
    [
      { numbers: [{ target: 'a', actual: [1], predicted: ['1'] }] },
      'report(numbers)[0].predicted[0]: expected a finite number',
    ],
    [{ importance: [] }, 'report(importance): expected columns, and what is measured'],
    [{ worst: [{ row: 1 }] }, 'report(worst)[0].row: expected a text'],
    [
      { worst: [{ row: '1', actual: 'a', predicted: 'b', loss: 1, cells: { x: 1 } }] },
      'report(worst)[0].cells.x: expected a text',
    ],
    [
      { dependence: { columns: [{ column: 'a' }], target: 'y', task: 'regression' } },
      'report(dependence).columns[0].values: expected',
    ],
    [
      {
        dependence: {
          columns: [{ column: 'a', values: [1], outputs: ['y'], means: [] }],
          target: 'y',
          task: 'regression',
        },
      },
      'report(dependence).columns[0].means: expected a list of 1 for each of outputs',
    ],
  ])('%j', (part, message) => {
    expect(() => report({ history, ...part } as never)).toThrow(message);
  });
});

test.each([
  ['regression', 'mean predicted width, height', 2],
  ['multilabel', 'mean probability', 2],
  ['classification', 'mean probability of width, height b', 1],
] as const)('dependence of a %s says what is predicted', (task, title, lines) => {
  const columns = [
    {
      column: 'n',
      values: [1, 2, 3],
      outputs: ['a', 'b'],
      means: [
        [1, 2, 3],
        [4, 5, 6],
      ],
    },
  ];
  const html = report({ history, dependence: { columns, target: 'width, height', task } });
  expect(textOf(html)).toMatch(new RegExp(` ${title} `));
  const [, figure = ''] = html.split('<figcaption>n</figcaption>');
  expect(figure.split('</figure>')[0]?.match(/<path class="curve/g)).toHaveLength(lines);
});

describe('numbers', () => {
  test.each<[number, string]>([
    [540_000, '540,000'],
    [543_210.98, '543,000'],
    [-12_345, '-12,345'],
    [9_999, '9999'],
    [1_234_567, '1,234,567'],
    [12_345_678, '1.2e+7'],
    [0.000123, '1.2e-4'],
    [1.23456, '1.23'],
    [-0, '0'],
  ])('%d is %s', (value, text) => {
    expect(shown(value)).toBe(text);
  });

  test('have as many digits as tell them apart', () => {
    expect(apart([-122, -121.5, -121])).toEqual(['-122', '-121.5', '-121']);
    expect(apart([-121.75, -121.7, -121.65])).toEqual(['-121.75', '-121.7', '-121.65']);
    expect(apart([1e8, 1.05e8, 1.1e8])).toEqual(['1.00e+8', '1.05e+8', '1.10e+8']);
    expect(apart([5])).toEqual(['5']);
  });

  const curve = (values: number[], means: number[]) => ({
    columns: [{ column: 'longitude', values, outputs: ['price'], means: [means] }],
    target: 'price',
    task: 'regression' as const,
  });

  test.each([
    [-121.61, -121.42],
    [-124.3, -114.1],
    [1e6, 1.0001e6],
    [0, 1],
    [1e-5, 1.00001e-5],
  ])('ticks of a chart from %d to %d are told apart, and there is room for them', (low, high) => {
    const values = Array.from({ length: 10 }, (_, i) => low + ((high - low) * i) / 9);
    const html = report({
      history,
      dependence: curve(
        values,
        values.map((_, i) => 500_000 + 4_000 * i),
      ),
    });
    const [, figure = ''] = html.split('<figcaption>longitude</figcaption>');
    const ticks = [...figure.split('</figure>')[0]!.matchAll(/text-anchor="(middle|end)">([^<]*)</g)];
    const across = ticks.filter(([, anchor]) => anchor === 'middle').map(([, , text]) => text as string);
    const up = ticks.filter(([, anchor]) => anchor === 'end').map(([, , text]) => text as string);
    expect(across.length).toBeGreaterThan(1);
    expect(new Set(across).size).toBe(across.length);
    // On a narrow screen a digit takes 9 of the 384 across.
    expect(across.reduce((sum, { length }) => sum + 9 * length, 0)).toBeLessThan(384);
    expect(new Set(up).size).toBe(up.length);
    expect(up).toContain('520,000');
  });
});

test('each category has its name beside its dot, in a row of its own', () => {
  const values = Array.from({ length: 20 }, (_, i) => `a long name of a city ${i}`);
  const means = [values.map((_, i) => 400_000 + 10_000 * i)];
  const columns = [{ column: 'city', values, outputs: ['price'], means }];
  const html = report({ history, dependence: { columns, target: 'price', task: 'regression' } });
  const [, figure = ''] = html.split('<figcaption>city</figcaption>');
  const own = figure.split('</figure>')[0] as string;
  const names = [...own.matchAll(/<text x="0" y="(\d+)">([^<]*)</g)];
  expect(names.map(([, , text]) => text)).toEqual(
    values.map((value, i) => `${value}: ${(400 + 10 * i).toString()},000`),
  );
  const heights = names.map(([, y]) => Number(y));
  for (const [i, y] of heights.slice(1).entries()) expect(y - heights[i]!).toBeGreaterThanOrEqual(20);
  const dots = [...own.matchAll(/<circle [^>]*cx="([\d.]+)"/g)].map(([, x]) => Number(x));
  expect(dots).toHaveLength(20);
  expect([...dots].sort((a, b) => a - b)).toEqual(dots);
});

test('losses are named, and the seed that was asked for is shown alone', () => {
  const model = { summary: () => '', seed: 3_564_477_912 };
  const html = report({
    history,
    worst: [{ row: '17', actual: '1', predicted: '2', loss: 540_000 }],
    worstBy: 'absolute error',
    lossName: 'mean squared error',
    model,
    configuration: { seed: 0 },
  });
  expect(textOf(html)).toMatch(/absolute error\s+17\s+1\s+2\s+540,000/);
  expect(html).toContain('<figcaption>loss: mean squared error</figcaption>');
  expect(html).not.toContain('3564477912');
  expect(report({ history, model })).toContain('3564477912');
});

test('worst rows that are all right are those that it was least sure of', () => {
  const row = { row: '3', actual: 'yes', predicted: 'yes (51 %)', loss: 0.67, right: true };
  const sure = 'whose answers it was least sure of, counted as in a spreadsheet';
  expect(report({ history, worst: [row, row] })).toContain(sure);
  expect(report({ history, worst: [row, { ...row, right: false }] })).not.toContain(sure);
});
