// The report as a page and for a terminal: its facts, and that names from data cannot become markup or terminal control sequences.
import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/diagnose/index.js';
import { calibration, classFigures, confusionMatrix, wilsonInterval } from '../../src/evaluate/index.js';
import { adam, dense, Matrix, sequential } from '../../src/index.js';
import { type ReportContents, report, reportText } from '../../src/report/index.js';
import { any, checkMessages } from '../bad-input/check.js';
import { hasChromium, launch } from '../browser/page.js';

const evil = `<img src=x onerror=alert(1)>"'&\u001b[31m`;
const escaped = (text: string) => text.replace(/[()]/g, '\\$&');
const circular: Record<string, unknown> = {};
circular['self'] = circular;
const epochs = [
  { loss: 2, accuracy: 0.3, learningRate: 0.1, valLoss: 2.1, valAccuracy: 0.25 },
  { loss: 0.5, accuracy: 0.8, learningRate: 0.1, valLoss: 0.9, valAccuracy: 0.7 },
];
const finding: Finding = {
  code: 'dead-relu',
  severity: 'problem',
  layer: evil,
  message: `units of ${evil} are off`,
  advice: 'Lower the learning rate',
};
const contents: ReportContents = {
  title: evil,
  summary: `It is right in 8 of 10 rows of ${evil}.`,
  history: { epochs, stopped: { epoch: 1, reason: evil } },
  model: sequential({ inputs: 2, layers: [dense({ units: 2, activation: 'softmax' })], seed: 12 }),
  findings: [finding],
  trace: epochs.map((logs, i) => ({ ...logs, 'gradient/dense': 10 ** -i, 'update/dense': 0.001 })),
  confusion: {
    labels: [evil, 'b'],
    counts: [
      [5, 1],
      [1, 3],
    ],
  },
  calibration: { bins: [{ count: 10, confidence: 0.7, accuracy: 0.8 }], error: 0.1 },
  images: { width: 2, height: 2, misread: [{ pixels: [0, 255, 128, 3], actual: evil, predicted: 'b' }] },
  configuration: { [evil]: evil, layers: [1, 2] },
  command: `npx simdense train ${evil}`,
};

describe('as a page', () => {
  test('is whole in itself: loads nothing, runs nothing', () => {
    const html = report(contents);
    expect(html).toMatch(/^<!doctype html>/);
    expect(html).toContain(
      `http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"`,
    );
    expect(html).not.toMatch(/<script|<link|<img src=x|onerror=alert\(1\)>|https?:|url\(/);
    expect(html.match(/&#60;img src=x/g)?.length).toBeGreaterThan(8);
  });

  test('has the facts', () => {
    const html = report(contents);
    for (const fact of [
      '2 epochs, stopped in epoch 2',
      'validation',
      '0.9',
      'dead-relu',
      'Lower the learning rate',
      '83.3 %',
      '0.1',
      'seed',
      '12',
      '6 parameters',
    ])
      expect(html).toContain(fact);
    expect(report({ history: { epochs }, findings: [] })).toContain('No problems found.');
    expect(report({ history: { epochs: [] } })).toContain('0 epochs.');
  });

  test.runIf(hasChromium)(
    'in Chromium: no error, no request, no script, as many images, marks and rows as there are',
    async () => {
      const browser = await launch();
      try {
        const page = await browser.newPage();
        const told: string[] = [];
        page.on('console', (message) => told.push(message.text()));
        page.on('pageerror', (error) => told.push(String(error)));
        page.on('request', (request) => told.push(request.url().slice(0, 20)));
        await page.setContent(report(contents));
        const seen = await page.evaluate(() => ({
          images: Array.from(document.querySelectorAll('img')).map((image) => [
            image.naturalWidth,
            image.naturalHeight,
          ]),
          charts: document.querySelectorAll('figure > svg').length,
          cells: document.querySelectorAll('table.confusion tbody td').length,
          title: document.title.slice(0, 30),
          sideways: document.documentElement.scrollWidth > window.innerWidth,
        }));
        expect(seen).toEqual({ images: [[2, 2]], charts: 5, cells: 6, title: evil.slice(0, 30), sideways: false });
        expect(told.filter((text) => !text.startsWith('data:image/bmp'))).toEqual([]);
      } finally {
        await browser.close();
      }
    },
  );
});

test('for a terminal: the same facts, and nothing that it obeys', () => {
  const text = reportText(contents);
  for (const fact of [
    'stopped in epoch 2',
    'training 0.5, validation 0.9',
    'problem: dead-relu',
    '83.3 %',
    'seed: 12',
    '6 parameters',
    'calibration error: 0.1',
    '1 misread',
  ])
    expect(text).toContain(fact);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  expect(text.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
});

describe('points stand at their epochs (first-contact row 83)', () => {
  const steps = Array.from({ length: 40 }, (_, i) => ({
    loss: 1 / (i + 1),
    ...(i % 10 === 0 && { 'gradient/dense': 1 / (i + 1) }),
  }));
  const figureOf = (html: string, caption: string) =>
    html.split('<figure>').find((part) => part.includes(caption)) as string;
  /** What the axis of epochs says, and where a line's points are on it, from 0 to 1. */
  const axisOf = (figure: string) => ({
    ticks: [...figure.matchAll(/<text x="[\d.]+" y="242"[^>]*>(\d+)</g)].map((match) => Number(match[1])),
    points: [...(/ d="([^"]+)"/.exec(figure)?.[1] ?? '').matchAll(/[ML]([\d.]+),/g)].map(
      (match) => (Number(match[1]) - 68) / 384,
    ),
  });

  test('of 40 epochs with four looks the axis of gradients ends at 40, and gaps are bridged', () => {
    const html = report({ history: { epochs: steps.map(({ loss }) => ({ loss })) }, trace: steps });
    const gradients = axisOf(figureOf(html, 'Gradient of each layer'));
    expect(gradients.ticks.at(-1)).toBe(40);
    expect(gradients.points.length).toBe(4);
    for (const [i, point] of gradients.points.entries()) expect(point).toBeCloseTo((i * 10) / 39, 3);
    expect(axisOf(figureOf(html, '<figcaption>loss')).points.length).toBe(40);
  });

  test('an epoch without a number leaves the others where they are', () => {
    const epochs = [{ loss: 3 }, { loss: Number.NaN }, { loss: 2 }, { loss: 1 }];
    const { points } = axisOf(figureOf(report({ history: { epochs } }), '<figcaption>loss'));
    expect(points.map((point) => Math.round(point * 3))).toEqual([0, 2, 3]);
    expect(reportText({ history: { epochs } })).toContain('training 1');
  });

  test('100,000 epochs are a small page', () => {
    const epochs = Array.from({ length: 100_000 }, (_, i) => ({ loss: 1 / (i + 1) }));
    expect(report({ history: { epochs }, trace: epochs }).length).toBeLessThan(50_000);
    expect(reportText({ history: { epochs } }).length).toBeLessThan(2000);
  });
});

test('what a finding explains stands under it', () => {
  const findings: Finding[] = [finding, { ...finding, code: 'loss-does-not-fall', because: 'dead-relu' }];
  const html = report({ history: { epochs }, findings });
  expect(html.match(/<li class="problem">/g)?.length).toBe(1);
  expect(html).toMatch(/This explains:<\/p><ul><li><b>loss-does-not-fall/);
  expect(reportText({ history: { epochs }, findings })).toContain('  This explains:\n  problem: loss-does-not-fall');
});

describe('what cannot be seen is shown as what it is (first-contact row 72)', () => {
  const unseen = 'a\u001b[31mb\u0007c\u202ed\ud800e\u2066f\u200bg\u2028h';
  const shownAs = 'a\\u001b[31mb\\u0007c\\u202ed\\ud800e\\u2066f\\u200bg\\u2028h';
  const hostile: ReportContents = {
    title: unseen,
    summary: unseen,
    history: {
      epochs: [
        { loss: 1, [unseen]: 1 },
        { loss: 1, [unseen]: 1 },
      ],
      stopped: { epoch: 1, reason: unseen },
    },
    findings: [{ ...finding, code: unseen as never, message: unseen, advice: unseen, layer: unseen }],
    trace: [{ [`gradient/${unseen}`]: 1, [`update/${unseen}`]: 1 }],
    confusion: { labels: [unseen], counts: [[1]] },
    images: { width: 1, height: 1, misread: [{ pixels: [1], actual: unseen, predicted: unseen }] },
    configuration: { [unseen]: unseen, list: [unseen] },
    command: unseen,
  };

  test.each([
    ['on the page', report(hostile), 14],
    ['on the terminal', reportText(hostile, { columns: 300 }), 10],
  ])('%s', (_, text, times) => {
    expect(text).not.toMatch(/[^\n\P{Cc}]|[\u200b\u2028\u2029\u202a-\u202e\u2066-\u2069]|\p{Cs}/u);
    expect(text.split(shownAs).length - 1).toBeGreaterThanOrEqual(times);
  });
});

test('no line of the text is wider than the terminal, but for what is there to be copied', () => {
  const { command, model, ...rest } = contents;
  const labels = Array.from({ length: 26 }, (_, i) => `class ${String.fromCharCode(97 + i)} with a long name`);
  const counts = labels.map((_, row) => labels.map((__, c) => (row === c ? 10 : Number(c === row + 1))));
  const long = { ...rest, summary: 'It is right in 8 of 10 rows. '.repeat(9), confusion: { labels, counts } };
  for (const columns of [40, 80, 120]) {
    const lines = reportText(long, { columns }).split('\n');
    expect(lines.filter((line) => line.length > columns)).toEqual([]);
  }
  expect(reportText(long)).toContain('predicted as class');
  expect([command, model].every(Boolean)).toBe(true);
});

describe('charts of characters, without colours', () => {
  const falling = Array.from({ length: 60 }, (_, i) => ({
    loss: 1.4 + 0.02 / (i + 1),
    valLoss: 1.41 + 0.02 / (i + 1),
  }));
  const chartOf = (epochs: readonly Record<string, number>[], columns = 80, colors = false) =>
    reportText({ history: { epochs } }, { columns, colors }).split('\n\n').at(-1)?.split('\n') as string[];
  const ticksOf = (lines: readonly string[]) =>
    lines.flatMap((line) => /^\s*(\S+) [┤┼]/.exec(line)?.[1] ?? []).map(Number);

  test('two lines are told apart, and named', () => {
    const lines = chartOf(falling);
    expect(lines[0]).toBe('loss: training 1.4, validation 1.41');
    expect(lines[1]).toBe('─ training, o validation, * both');
    const picture = lines.slice(2).join('\n');
    expect(picture).toContain('o');
    expect(picture).toContain('─');
    // Each epoch of each line is there, or both in one place.
    const marks = Array.from({ length: 60 }, (_, c) =>
      lines.slice(2, -1).map((line) => line[line.indexOf('┤') + 1 + c]),
    );
    const none = marks.slice(0, 59).filter((column) => !column.some((mark) => mark === 'o' || mark === '*'));
    expect(none).toEqual([]);
  });

  test('where both are the same, it says so; one line needs no legend', () => {
    const same = falling.map(({ loss }) => ({ loss, valLoss: loss }));
    const picture = chartOf(same).slice(2, -1).join('');
    expect(picture).toContain('*');
    expect(picture).not.toMatch(/o|─/);
    expect(chartOf(falling.map(({ loss }) => ({ loss })))[1]).not.toContain('training');
  });

  test('the first epoch and the last are under its ends', () => {
    const lines = chartOf(falling);
    const axis = lines.at(-1) as string;
    expect(axis).toMatch(/^ *epoch {2}1 +60$/);
    expect(axis.indexOf('1')).toBe((lines[3] as string).search(/[┤┼]/) + 1);
    expect(chartOf(falling.slice(0, 2)).at(-1)).toMatch(/epoch {2}1–2$/);
  });

  test.each([[1], [1e-3], [1e-9], [1e7], [-1], [1e3]])('ticks differ, and fall: losses of %d', (size) => {
    for (const range of [1, 1e-2, 1e-5]) {
      const epochs = Array.from({ length: 20 }, (_, i) => ({ loss: size * (1 + range / (i + 1)) }));
      const ticks = ticksOf(chartOf(epochs));
      expect(ticks.length).toBeGreaterThan(5);
      expect(ticks).toEqual([...new Set(ticks)].sort((a, b) => b - a));
    }
  });

  test('a flat line has its own figure', () => {
    expect(ticksOf(chartOf(Array.from({ length: 5 }, () => ({ loss: 0.25 }))))).toEqual([0.25]);
  });

  test('colours are named, and colour only what they name', () => {
    const lines = chartOf(falling, 80, true);
    expect(lines[1]).toBe('─ training (blue), o validation (yellow), * both');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    const plain = lines.map((line) => line.replace(/\u001b\[\d+m/g, ''));
    expect(plain.slice(2)).toEqual(chartOf(falling).slice(2));
  });
});

describe('in few columns', () => {
  const layers = [
    dense({ units: 32, activation: 'relu', kernelInitializer: { type: 'randomNormal', stddev: 1 } }),
    dense({ units: 2, activation: 'softmax' }),
  ];
  const model = sequential({ inputs: 4, layers });

  test.each([40, 60, 80])('%i: the summary and the settings keep to them', (columns) => {
    const text = reportText({ history: { epochs }, model, configuration: { layers } }, { columns });
    expect(text.split('\n').filter((line) => line.length > columns)).toEqual([]);
    for (const fact of ['dense_1', 'softmax', '226 parameters']) expect(text).toContain(fact);
  });

  test('layers are a line each', () => {
    const text = reportText({ history: { epochs }, configuration: { layers, rate: 3 } });
    expect(text).toMatch(
      /\n {2}layers:\n {4}dense: units 32, activation relu.*\n(?: {4}.*\n)* {4}dense: units 2, activation softmax/,
    );
    expect(text).not.toContain('{"type":"dense"');
    expect(text).toContain('  rate: 3');
  });

  test('on the page as well, and what is nested in them is in words', () => {
    const configuration = {
      layers,
      optimizer: adam({ learningRate: { type: 'step', initial: 1, every: 2, factor: 0.5 } }),
      rates: [1, 2],
    };
    const html = report({ history: { epochs }, configuration });
    const text = reportText({ history: { epochs }, configuration }, { columns: 300 });
    const [first, second, optimizer] = [
      'dense: units 32, activation relu, useBias true, kernelInitializer (randomNormal: mean 0, stddev 1)',
      'dense: units 2, activation softmax',
      'adam: learningRate (step: initial 1, every 2, factor 0.5)',
    ];
    expect(html).toMatch(new RegExp(`<td>layers</td><td>${escaped(first)}[^<{]*<br>${escaped(second)}[^<{]*</td>`));
    for (const words of [first, second, optimizer]) expect(text).toContain(words);
    for (const out of [html, text]) {
      expect(out).toContain(optimizer);
      expect(out).toContain('[1,2]');
      expect(out).not.toMatch(/"type"|&#34;type/);
    }
  });

  test('names of classes are whole where there is room', () => {
    const labels = ['Iris-setosa-of-the-Gaspé-Peninsula', 'b'];
    const confusion = {
      labels,
      counts: [
        [5, 1],
        [1, 3],
      ],
    };
    const text = reportText({ history: { epochs }, confusion });
    expect(text).not.toContain('…');
    const narrow = reportText({ history: { epochs }, confusion }, { columns: 40 });
    expect(narrow.split('\n').filter((line) => line.length > 40)).toEqual([]);
  });
});

describe('judgement', () => {
  const actual = ['a', 'b', 'c', 'c', 'b', 'a'];
  const predicted = ['a', 'c', 'c', 'c', 'b', 'b'];

  test('the figures of several labels', () => {
    const labels = [{ label: '<b>big</b>', precision: 0.5, recall: 1, f1: 2 / 3, support: 7 }];
    const html = report({ history: { epochs: [] }, labels });
    for (const fact of ['50.0 %', '66.7 %', '>7<', 'Recall: share of the rows with a label'])
      expect(html).toContain(fact);
    expect(html).not.toContain('<b>big');
    expect(reportText({ history: { epochs: [] }, labels })).toMatch(
      /label +precision[\s\S]*<b>big<\/b> +50\.0 % +100\.0 % +66\.7 % +7/,
    );
    expect(() => report({ history: { epochs: [] }, labels: [{ label: 'a' }] as never })).toThrow(
      'report(labels)[0].precision: expected a finite number, got undefined',
    );
  });

  test("confusion and class figures are scikit-learn's", () => {
    const confusion = confusionMatrix(actual, predicted, ['a', 'b', 'c']);
    // first-contact row 76: a label that is none of the classes is a miss under its own name.
    expect(confusionMatrix([...actual, 'z'], [...predicted, 'a'], ['a', 'b', 'c'])).toEqual({
      labels: ['a', 'b', 'c', 'z'],
      counts: [
        [1, 1, 0, 0],
        [0, 1, 1, 0],
        [0, 0, 2, 0],
        [1, 0, 0, 0],
      ],
    });
    // sklearn.metrics.confusion_matrix and classification_report of these labels.
    expect(confusion.counts).toEqual([
      [1, 1, 0],
      [0, 1, 1],
      [0, 0, 2],
    ]);
    expect(
      classFigures(confusion).map(({ precision, recall, f1, support }) =>
        [precision, recall, f1, support].map((v) => Number(v.toFixed(4))),
      ),
    ).toEqual([
      [1, 0.5, 0.6667, 2],
      [0.5, 0.5, 0.5, 2],
      [0.6667, 1, 0.8, 2],
    ]);
  });

  test("Wilson's interval: published figures, and the ends", () => {
    // statsmodels.stats.proportion.proportion_confint(…, method='wilson')
    const close = (given: readonly number[], low: number, high: number) =>
      expect(given.map((v) => v.toFixed(5))).toEqual([low.toFixed(5), high.toFixed(5)]);
    close(wilsonInterval(81, 263), 0.25529, 0.36621);
    close(wilsonInterval(0, 20), 0, 0.16113);
    close(wilsonInterval(29, 29), 0.88303, 1);
  });

  test('calibration: bins by hand', () => {
    const p = Matrix.from([
      [0.92, 0.08],
      [0.95, 0.05],
      [0.4, 0.6],
      [0.35, 0.65],
    ]);
    const { bins, error } = calibration(['x', 'y', 'y', 'y'], p, ['x', 'y']);
    expect(bins.map(({ count, confidence, accuracy }) => [count, Number(confidence.toFixed(3)), accuracy])).toEqual([
      [2, 0.625, 1],
      [2, 0.935, 0.5],
    ]);
    expect(error).toBeCloseTo((2 * 0.375 + 2 * 0.435) / 4, 6);
  });
});

checkMessages([
  [
    () => report(any({})),
    'SimdenseError [ARGUMENT]: report(history): expected the history that fit returns, got undefined',
  ],
  [
    () => reportText(any({ history: { epochs }, titel: '' })),
    'SimdenseError [ARGUMENT]: reportText: unknown option "titel"; known are title, summary, history, model, findings, names, trace, confusion, labels, calibration, images, course, worstBy, lossName, kept, judged, table, ranking, numbers, importance, dependence, worst, search, configuration, command; did you mean title?',
  ],
  [
    () => report({ history: { epochs }, confusion: { labels: ['a'], counts: [] } }),
    'SimdenseError [ARGUMENT]: report(confusion): expected labels, and as many rows and columns of counts, got an Object',
  ],
  [
    () =>
      report({
        history: { epochs },
        images: { width: 2, height: 2, misread: [{ pixels: [1], actual: 'a', predicted: 'b' }] },
      }),
    'SimdenseError [ARGUMENT]: report(images).misread[0].pixels: expected 4 grey values, got 1',
  ],
  // First-contact row 88.
  [
    () => report({ history: { epochs }, confusion: { labels: ['a'], counts: [[any('<img src=x>')]] } }),
    'SimdenseError [ARGUMENT]: report(confusion).counts[0][0]: expected a whole number from 0 up, got "<img src=x>"',
  ],
  [
    () => report({ history: { epochs }, confusion: { labels: ['a'], counts: [[any(1n)]] } }),
    'SimdenseError [ARGUMENT]: report(confusion).counts[0][0]: expected a whole number from 0 up, got 1n',
  ],
  [
    () => reportText({ history: { epochs }, configuration: { rate: 1, rows: 10n } }),
    'SimdenseError [ARGUMENT]: reportText(configuration).rows: expected a value that JSON can hold, got 10n',
  ],
  [
    () => report({ history: { epochs }, configuration: { circular } }),
    'SimdenseError [ARGUMENT]: report(configuration).circular: expected a value that JSON can hold, got an Object',
  ],
  [
    () => report({ history: { epochs: [{ loss: any('1') }] } }),
    'SimdenseError [ARGUMENT]: report(history).epochs[0].loss: expected a number, got "1"',
  ],
  [
    () => report({ history: { epochs }, trace: [{ 'gradient/dense': any(null) }] }),
    'SimdenseError [ARGUMENT]: report(trace)[0].gradient/dense: expected a number, got null',
  ],
  [
    () =>
      report({
        history: { epochs },
        calibration: { bins: [{ count: 1, confidence: any('1'), accuracy: 1 }], error: 0 },
      }),
    'SimdenseError [ARGUMENT]: report(calibration).bins[0].confidence: expected a finite number, got "1"',
  ],
  [
    () => report({ history: { epochs }, findings: [{ ...finding, severity: any('"><script>') }] }),
    `SimdenseError [ARGUMENT]: report(findings)[0].severity: expected one of info, warning, problem, got ""><script>"`,
  ],
  [
    () => report({ history: { epochs }, findings: [{ ...finding, message: any(undefined) }] }),
    'SimdenseError [ARGUMENT]: report(findings)[0].message: expected a text, got undefined',
  ],
  [
    () => report({ history: { epochs, stopped: { epoch: 1, reason: any(1n) } } }),
    'SimdenseError [ARGUMENT]: report(history).stopped.reason: expected a text, got 1n',
  ],
  [
    () => report({ title: any({ toString: () => '<b>' }), history: { epochs } }),
    'SimdenseError [ARGUMENT]: report(title): expected a text, got an Object',
  ],
  [
    () =>
      report({
        history: { epochs },
        images: { width: 1, height: 1, misread: [{ pixels: [any('1')], actual: 'a', predicted: 'b' }] },
      }),
    'SimdenseError [ARGUMENT]: report(images).misread[0].pixels[0]: expected a grey value from 0 to 255, got "1"',
  ],
  [
    () => reportText({ history: { epochs } }, { columns: 20 }),
    'SimdenseError [ARGUMENT]: reportText(columns): expected 40 or more, got 20',
  ],
  [() => confusionMatrix(['a'], [], ['a']), 'SimdenseError [SHAPE]: confusionMatrix: 1 actual labels, 0 predicted'],
  [
    () => confusionMatrix(['a'], ['z'], ['a']),
    'SimdenseError [DATA]: confusionMatrix(predicted): "z" in row 0 is not among the classes',
  ],
  [
    () => confusionMatrix(['a', null as never], ['a', 'a'], ['a']),
    'SimdenseError [DATA]: confusionMatrix(actual): null in row 1, expected a string or a finite number',
  ],
  [() => wilsonInterval(3, 2), 'SimdenseError [ARGUMENT]: wilsonInterval(hits): expected at most 2, got 3'],
]);

test('the kept epoch is marked, and what over-fits after it is said not to be in the model', () => {
  const epochs = [3, 1, 2, 4].map((valLoss, i) => ({ loss: 3 - i / 2, valLoss }));
  const given = { history: { epochs }, kept: 2, findings: [] };
  const words =
    'The network is kept as it was after epoch 2 of 4. The loss of the validation rows rose after it: that over-fitting is not in the model.';
  const none = 'No problems found up to epoch 2, which was kept; what over-fits after it is not in the model.';
  const page = report(given);
  expect(page).toContain(words);
  expect(page).toContain(none);
  expect(page.match(/>kept<\/text>/g)).toHaveLength(1);
  for (const each of [words, none]) expect(reportText(given).replaceAll('\n', ' ')).toContain(each);
  // The last epoch needs no mark.
  const last = report({ ...given, kept: 4 });
  expect(last).toContain('No problems found.');
  expect(last).not.toContain('>kept<');
});

test('which rows the figures are of stands above them', () => {
  const row = { row: '2', actual: 'a', predicted: 'b', loss: 1 };
  const page = report({ history: { epochs: [] }, judged: 'Of 7 rows <b>.', worst: [row] });
  expect(page).toContain('Of 7 rows &#60;b&#62;.');
  expect(report({ history: { epochs: [] }, judged: 'Of 7 rows.' })).not.toContain('Of 7 rows.');
});
