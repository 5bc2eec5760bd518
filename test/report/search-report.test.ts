// A search as a page: its points as lines, its words, and what becomes of odd searches.
import { describe, expect, test } from 'vitest';
import { type AnySpace, search, type Trial } from '../../src/evaluate/index.js';
import { importanceOf } from '../../src/evaluate/search/importance.js';
import { draws } from '../../src/evaluate/search/space.js';
import { dense } from '../../src/index.js';
import { report, reportText, type Searched, searchReport } from '../../src/report/index.js';
import { any, checkMessages } from '../bad-input/check.js';
import { hasChromium, launch } from '../browser/page.js';
import { blobs } from '../helpers/models.js';

type Point = Record<string, unknown>;
const space = {
  units: [8, 16, 32],
  rate: { min: 1e-4, max: 0.1, scale: 'log' },
  drops: [false, true],
  dropout: { min: 0.1, max: 0.5, when: { drops: [true] } },
} as const;

/** A search whose figures we know; a text is the error of a trial that failed. */
function searched(
  own: AnySpace,
  count: number,
  figure: (point: never, index: number) => number | string,
  { monitor = 'accuracy', splits = 5, spread = 0.001 } = {},
): Searched & { readonly trials: readonly Trial<Point>[] } {
  const trials = [...draws<Point>(own as never, count, 3)].map((parameters, i): Trial<Point> => {
    const mean = figure(parameters as never, i);
    const common = { parameters, epochs: 20, seconds: 1.5 };
    if (typeof mean === 'string') return { ...common, error: mean };
    const values = Array.from({ length: splits }, (_, split) => mean + (split % 2 === 0 ? spread : -spread));
    return { ...common, score: { mean, stddev: splits > 1 ? spread : 0, values } };
  });
  const sound = trials.filter(({ score }) => score) as Required<Trial<Point>>[];
  const sign = monitor === 'loss' ? 1 : -1;
  const best = sound.reduce((a, b) => (sign * (b.score.mean - a.score.mean) < 0 ? b : a));
  return { space: own, monitor, trials, best, importance: () => importanceOf<Point>(own as never, trials, 1) };
}
const byRate = ({ rate }: { rate: number }): number => 0.9 - Math.abs(Math.log10(rate) + 2) / 10;
const textOf = (html: string): string => html.replace(/<style>[^<]*<\/style>/, '').replace(/<[^>]+>/g, ' ');
/** The corners of each line by the number of its trial. */
const linesOf = (html: string): Map<number, [number, number][]> =>
  new Map(
    [...html.matchAll(/<a id="l(\d+)"[^>]*><path d="M([^"]+)"/g)].map(([, number, path]) => [
      Number(number),
      (path as string).split('L').map((corner) => corner.split(',').map(Number) as [number, number]),
    ]),
  );
const rows = (html: string): number[] => [...html.matchAll(/<a id="t(\d+)"/g)].map(([, number]) => Number(number));

describe('parallel coordinates', () => {
  const all = searched(space, 30, byRate);
  const html = searchReport({ search: all });
  const lines = linesOf(html);

  test('a line for each point and a corner for each axis, where its value is', () => {
    expect(lines.size).toBe(30);
    for (const corners of lines.values()) expect(corners.map(([x]) => x)).toEqual(lines.get(1)?.map(([x]) => x));
    const corner = (trial: number, axis: number): number => lines.get(trial)?.[axis]?.[1] as number;
    for (const [i, { parameters, score }] of all.trials.entries()) {
      const from = (share: number): number => 350 - 280 * share;
      const { units, rate, drops, dropout } = parameters as {
        units: number;
        rate: number;
        drops: boolean;
        dropout?: number;
      };
      expect(corner(i + 1, 0)).toBe(from([8, 16, 32].indexOf(units) / 2));
      expect(Math.abs(corner(i + 1, 1) - from((Math.log10(rate) + 4) / 3))).toBeLessThan(1);
      expect(corner(i + 1, 2)).toBe(from(drops ? 1 : 0));
      if (dropout === undefined) expect(corner(i + 1, 3)).toBeGreaterThan(350);
      else expect(Math.abs(corner(i + 1, 3) - from((dropout - 0.1) / 0.4))).toBeLessThan(1);
      const means = all.trials.map((trial) => trial.score?.mean as number);
      const [low, high] = [Math.min(...means), Math.max(...means)];
      expect(Math.abs(corner(i + 1, 4) - from(((score?.mean as number) - low) / (high - low)))).toBeLessThan(1);
    }
    expect(html).toContain('>absent</text>');
    expect(html).toContain('A line goes below an axis where the parameter has no meaning.');
  });

  test('the best is marked, drawn last, and first in the table; each row leads to its line', () => {
    const best = all.trials.indexOf(all.best as never) + 1;
    expect(html).toContain(`<a id="l${best}" href="#t${best}" class="best">`);
    expect([...lines.keys()].at(-1)).toBe(best);
    expect(rows(html)[0]).toBe(best);
    const means = rows(html).map((number) => all.trials[number - 1]?.score?.mean as number);
    expect(means).toEqual([...means].sort((a, b) => b - a));
    for (const number of rows(html)) expect(html).toContain(`<a id="t${number}" href="#l${number}">`);
  });

  test('of many points those with the same choice lie beside one another', () => {
    const corners = [...linesOf(searchReport({ search: searched(space, 60, byRate) })).values()];
    expect(new Set(corners.map(([first]) => first?.[1])).size).toBeGreaterThan(10);
    // Within a third of the way to the next choice.
    for (const [first] of corners)
      expect(Math.min(...[70, 210, 350].map((y) => Math.abs((first?.[1] as number) - y)))).toBeLessThanOrEqual(12);
  });
});

describe('words', () => {
  test('what was searched, what is best, what mattered, what failed, what next', () => {
    const all = searched(space, 40, (point: { rate: number; units: number }, i) =>
      i % 10 === 3 ? 'memory is full' : i === 7 ? 'no rows' : byRate({ rate: point.rate }) + point.units / 300,
    );
    const text = textOf(searchReport({ title: 'T', search: all }));
    expect(text).toContain(
      'Searched: units, rate, drops, dropout. 40 points of these 4 parameters were tried, each on 5 splits of the rows; more accuracy is better.',
    );
    const number = all.trials.indexOf(all.best as never) + 1;
    expect(text).toContain(
      `The best, trial ${number}: accuracy ${Number(all.best.score.mean.toPrecision(3))} ± 0.001, with units 32, rate `,
    );
    const share = (name: string): number =>
      Math.round(100 * (all.importance().find(({ parameter }) => parameter === name)?.mean as number));
    expect(text).toContain(`What mattered for accuracy: rate ${share('rate')} %, units ${share('units')} %`);
    expect(text).toMatch(/dropout \d+ % \(of the \d+ points that have it\)/);
    expect(text).toContain('5 of 40 points failed: 4 ×: memory is full; 1 ×: no rows.');
    expect(text).toContain(
      'The best has units 32, at the upper end of what was searched: a better one may lie beyond.',
    );
    expect(text).toContain('35 points are few');
    expect(text).toContain('drops hardly matters here');
  });

  test('too few points to say what mattered', () => {
    const text = textOf(searchReport({ search: searched(space, 9, byRate) }));
    expect(text).toContain(
      'Which parameters mattered is not said: it takes 10 points that ended well, and there are 9.',
    );
    expect(text).not.toContain('at the upper end');
  });

  test('no difference, chance alone, one split, and points within a standard error', () => {
    const flat = searched(space, 20, () => 0.5);
    expect(textOf(searchReport({ search: flat }))).toContain(
      'No parameter mattered: all points came to the same accuracy.',
    );
    const chance = searched(space, 30, (_, i) => ((i * 7919) % 101) / 101, { splits: 1 });
    const text = textOf(searchReport({ search: chance }));
    expect(text).toContain('But take that lightly: from these 30 points accuracy cannot be predicted well');
    expect(text).toContain('Each point was judged on one split');
    expect(text).not.toContain('±  0.00');
    // 0.9, 0.89, …: with a standard error of 0.1 / √5 four others are near.
    const near = searched(space, 12, (_, i) => 0.9 - i / 100, { spread: 0.1 });
    expect(textOf(searchReport({ search: near }))).toContain(
      '4 other points come within a standard error (0.045) of the best',
    );
  });

  test('less is better of a loss; figures of many powers of ten have a log scale', () => {
    const all = searched(space, 20, ({ rate }: { rate: number }) => 1e-6 / rate ** 3, { monitor: 'loss' });
    const html = searchReport({ search: all });
    expect(textOf(html)).toContain('less loss is better');
    expect(html.match(/>log scale</g)).toHaveLength(2);
    const best = all.trials.indexOf(all.best as never) + 1;
    expect(rows(html)[0]).toBe(best);
  });

  test('of points that were tried again the longest counts', () => {
    const first = searched({ units: [1, 2, 3] }, 3, (_, i) => 0.5 + i / 10);
    const third = first.trials.map((trial) => ({ ...trial, share: 1 / 3 }));
    const [, second] = first.trials as [Trial<Point>, Trial<Point>];
    const longer = { ...second, epochs: 60, score: { mean: 0.55, stddev: 0, values: [0.55] } };
    const again = { ...first, trials: [...third, longer], best: longer as Searched['best'] };
    const html = searchReport({ search: again });
    expect(linesOf(html).size).toBe(3);
    expect(rows(html)[0]).toBe(4);
    expect(textOf(html)).toContain('(4 trials, since the better ones were tried again for longer)');
    expect(html).toContain('<th>epochs</th>');
  });
});

describe('odd searches', () => {
  const evil = '<script>alert(1)</script>\u202e"';

  test.each([
    ['one trial', searched(space, 1, () => 0.5)],
    ['all failed but one', searched(space, 12, (_, i) => (i === 4 ? 0.5 : evil))],
    ['one parameter with one value', searched({ a: { min: 2, max: 2 } }, 12, (_, i) => i)],
    ['a figure of a metric in JavaScript', searched(space, 12, (_, i) => -i, { monitor: evil })],
    ['values that are objects', searched({ a: [[1, 2], { b: evil }, null, undefined, 1n] }, 20, (_, i) => i)],
    ['whole numbers', searched({ a: { min: 1, max: 9, integer: true, scale: 'log' } }, 20, (_, i) => i)],
  ])('%s', (_, all) => {
    for (const html of [searchReport({ search: all }), report({ history: { epochs: [] }, search: all })]) {
      expect(linesOf(html).size).toBe(all.trials.length);
      expect(rows(html)).toHaveLength(all.trials.length);
      expect(html).not.toMatch(/<script|NaN|Infinity|undefined/);
    }
    for (const columns of [40, 80]) {
      const text = reportText({ history: { epochs: [] }, search: all }, { columns });
      expect(text).toContain('The search\n');
      for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(columns);
    }
  });

  test('names and values from outside are escaped', () => {
    const own = { [evil]: [evil, 'b'], b: { min: 0, max: 1, when: { [evil]: ['b'] } } };
    const html = searchReport({ title: evil, summary: evil, command: evil, search: searched(own, 12, () => 0.5) });
    expect(html).not.toContain('<script');
    expect(html).toContain('&#60;script&#62;');
    expect(html).not.toContain('\u202e');
  });

  test('of more than a thousand points the best thousand', () => {
    const html = searchReport({ search: searched({ rate: space.rate }, 1100, byRate) });
    expect(linesOf(html).size).toBe(1000);
    expect(rows(html)).toHaveLength(1000);
    expect(textOf(html)).toContain('The best 1000 of 1100 points');
    expect(textOf(html)).toContain('100 more points are not drawn.');
    expect(html.length).toBeLessThan(600_000);
  });
});

test('a search itself can be shown', async () => {
  const { x, y } = blobs(40);
  const result = await search({
    space: { units: [1, 2] },
    pipeline: ({ units }) => ({ layers: [dense({ units, activation: 'relu' })], fit: { epochs: 1 } }),
    x,
    y,
    trials: 2,
  });
  expect(linesOf(searchReport({ search: result })).size).toBe(2);
});

test.runIf(hasChromium)('in Chromium: no error and no request; a row leads to its line by the keyboard', async () => {
  const browser = await launch();
  try {
    const page = await browser.newPage({ viewport: { width: 390, height: 800 } });
    const told: string[] = [];
    page.on('console', (message) => told.push(message.text()));
    page.on('request', (request) => told.push(request.url()));
    const all = searched(space, 30, byRate);
    await page.setContent(searchReport({ search: all }));
    const best = all.trials.indexOf(all.best as never) + 1;
    expect(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)).toBe(false);
    await page.focus(`#t${best}`);
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.querySelector(':target')?.id)).toBe(`l${best}`);
    const shown = await page.evaluate(
      () =>
        Array.from(document.querySelectorAll('.parallel a text')).filter(
          (each) => getComputedStyle(each).opacity === '1',
        ).length,
    );
    expect(shown).toBe(1);
    expect(told.filter((text) => !text.startsWith('about:blank'))).toEqual([]);
  } finally {
    await browser.close();
  }
});

const right = searched(space, 3, byRate);
checkMessages([
  [
    () => searchReport(any({})),
    'SimdenseError [ARGUMENT]: searchReport(search): expected the result of search, got undefined',
  ],
  [
    () => searchReport(any({ search: right, trials: [] })),
    'SimdenseError [ARGUMENT]: searchReport: unknown option "trials"; known are title, summary, search, command',
  ],
  [
    () => searchReport({ search: right, title: any(1) }),
    'SimdenseError [ARGUMENT]: searchReport(title): expected a text, got 1',
  ],
  [
    () => searchReport({ search: { ...right, space: any({ a: [] }) } }),
    'SimdenseError [ARGUMENT]: searchReport(search).space(a): expected at least one choice',
  ],
  [
    () => searchReport({ search: { ...right, trials: [any({ parameters: 3 })] } }),
    'SimdenseError [ARGUMENT]: searchReport(search).trials[0].parameters: expected parameters by name, got 3',
  ],
  [
    () => searchReport({ search: { ...right, monitor: any(undefined) } }),
    'SimdenseError [ARGUMENT]: searchReport(search).monitor: expected a text, got undefined',
  ],
  [
    () => searchReport({ search: { ...right, best: any({ parameters: {} }) } }),
    'SimdenseError [ARGUMENT]: searchReport(search).best.score: expected a mean, a standard deviation and values, got undefined',
  ],
  [
    () => searchReport({ search: { ...right, importance: any([]) } }),
    'SimdenseError [ARGUMENT]: searchReport(search).importance: expected a function, got an array of 0',
  ],
  [
    () => searchReport({ search: { ...right, importance: () => [any({ parameter: 'a', mean: 'b' })] } }),
    'SimdenseError [ARGUMENT]: searchReport(search).importance[0].mean: expected a finite number, got "b"',
  ],
  [
    () => report({ history: { epochs: [] }, search: any(right.trials) }),
    'SimdenseError [ARGUMENT]: report(search): expected the result of search, got an array of 3',
  ],
]);
