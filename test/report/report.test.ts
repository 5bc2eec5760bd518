// The report as a page and for a terminal: its facts, and that names from data cannot become markup or what a terminal obeys.
import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/diagnose/index.js';
import { calibration, classFigures, confusionMatrix, wilsonInterval } from '../../src/evaluate/index.js';
import { dense, Matrix, sequential } from '../../src/index.js';
import { type ReportContents, report, reportText } from '../../src/report/index.js';
import { any, checkMessages } from '../bad-input/check.js';
import { hasChromium, launch } from '../browser/page.js';

const evil = `<img src=x onerror=alert(1)>"'&\u001b[31m`;
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
    expect(report({ history: { epochs }, findings: [] })).toContain('Nothing to complain about.');
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

describe('judgement', () => {
  const actual = ['a', 'b', 'c', 'c', 'b', 'a'];
  const predicted = ['a', 'c', 'c', 'c', 'b', 'b'];

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
    'SimdenseError [ARGUMENT]: reportText: unknown option "titel"; known are title, summary, history, model, findings, trace, confusion, calibration, images, configuration, command; did you mean title?',
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
    'SimdenseError [ARGUMENT]: report(images): expected 4 pixels in each, got 1',
  ],
  [() => confusionMatrix(['a'], [], ['a']), 'SimdenseError [SHAPE]: confusionMatrix: 1 actual labels, 0 predicted'],
  [
    () => confusionMatrix(['a'], ['z'], ['a']),
    'SimdenseError [DATA]: confusionMatrix(predicted): "z" in row 0 is not among the classes',
  ],
  [
    () => confusionMatrix(['a', null as never], ['a', 'a'], ['a']),
    'SimdenseError [DATA]: confusionMatrix(actual): null in row 1, expected a string or a number',
  ],
  [() => wilsonInterval(3, 2), 'SimdenseError [ARGUMENT]: wilsonInterval(hits): expected at most 2, got 3'],
]);
