// The results in words: for terminals of any width, as Markdown and as a page.
import { describe, expect, test } from 'vitest';
import { benchMarkdown, benchPage, benchText } from '../../src/bench/index.js';
import { runtimeOf } from '../../src/bench/machine.js';
import { recommend } from '../../src/bench/recommendation.js';
import { spreadWords, timeWords } from '../../src/bench/words.js';
import { results as measured, optionOf } from './results.js';

const results = { ...measured, ...recommend(measured.options) };
const NOTHING = { ...measured, lines: [], options: [], absent: [] };

test('times and spreads', () => {
  expect([0.4213, 12.34, 999.4, 1500, 65_000, 1.8e6].map(timeWords)).toEqual([
    '0.42 µs',
    '12.3 µs',
    '999 µs',
    '1.50 ms',
    '65.0 ms',
    '1.80 s',
  ]);
  expect(spreadWords({ median: 100, low: 95, high: 115, samples: 7 })).toBe('±10 %');
  expect(spreadWords({ median: 100, low: 100, high: 100, samples: 1 })).toBe('once');
});

test('a busy machine is told, a quiet one is not', () => {
  const busy = results.lines.map((line) => ({
    ...line,
    simdense: { ...line.simdense, high: line.simdense.median * 1.5 },
  }));
  for (const words of [benchText, benchMarkdown, benchPage]) {
    expect(words(results)).not.toContain('other programs');
    expect(words({ ...results, lines: busy }).replaceAll('\n', ' ')).toContain('±26 % in the median: other programs');
  }
});

describe('text', () => {
  test('has every line, the advice and its code', () => {
    const text = benchText(results, 120);
    expect(text).toMatch(/gemm 512 +512×512×512 +5\.80 ms +±3 % +46\.3 +99 % +30\.0× +20\.0×/);
    expect(text).toMatch(/tanh +10,000 +20\.0 µs +±3 % +8\.00×$/m);
    expect(text).toMatch(/^relaxed, 2 threads .* 3\.33×$/m);
    expect(text).toContain('Recommended here: relaxed, 2 threads, 3.33 times as fast as without options.');
    expect(text).toContain('\n    const engine = await createEngine({ relaxed: true, threads: 2 });\n');
    expect(text).toContain('relaxed changes the bits');
    expect(text).toContain('With the same bits as everywhere: 2 threads, 1.67 times as fast');
    expect(text).toContain('Not measured, since only V8 in Node from 22 on has it: wide.');
  });

  test.each([40, 60, 80])('fits %i columns, but for the code, which stays whole', (columns) => {
    const long = benchText(results, columns)
      .split('\n')
      .filter((line) => line.length > columns && !line.startsWith('    const engine'));
    expect(long).toEqual([]);
  });

  test('explains the columns that are there, and no others', () => {
    const words = (columns: number): string => benchText(results, columns).replaceAll('\n', ' ');
    expect(words(120)).toMatch(/with half the distance of their quartiles.*"× blocked": as fast/);
    expect(words(40)).not.toMatch(/quartiles|blocked/);
    expect(words(40)).toContain('Times are medians of interleaved rounds. "× plain": times as fast');
    // The spread is left out before the blocked loops.
    expect(words(50)).toMatch(/rounds\. .*"× blocked"/);
  });

  test('80 columns keep the spread and the share', () => {
    expect(benchText(results, 80)).toMatch(/time +spread +of peak +× plain +× blocked/);
  });

  test('says so where nothing pays', () => {
    const { options } = { options: [optionOf({}, 1), optionOf({ threads: 2 }, 0.99)] };
    const text = benchText({ ...measured, options, ...recommend(options) });
    expect(text).toContain('No option makes it 5 % faster here');
    expect(text).not.toContain('await');
  });
});

test('Markdown: tables with as many cells in each row, in which nothing is markup', () => {
  const markdown = benchMarkdown(results);
  const rows = markdown.split('\n').filter((line) => line.startsWith('|'));
  expect(rows.length).toBe(2 + 2 + 2 + 1 + 2 + 1 + 2 + 4);
  for (const row of rows) expect(row.split(/(?<!\\)\|/).length).toBe(rows.indexOf(row) < 10 ? 10 : 7);
  expect(markdown).toContain('A \\<b\\>fast\\</b\\> \\| one');
  expect(markdown).toContain('```js\nconst engine = await createEngine({ relaxed: true, threads: 2 });\n```');
});

test('page: charts with their figures in words, names as text, and a page from the first moment on', () => {
  const page = benchPage(results);
  expect(page.match(/<figure>/g)?.length).toBe(3);
  expect(page).toContain('aria-label="As fast as plain JavaScript, times: gemm 512, 512×512×512 30.0×');
  expect(page).toContain('&#60;b&#62;fast');
  expect(page).not.toContain('<b>fast');
  expect(page).not.toMatch(/NaN|undefined|Infinity/);
  expect(benchPage({ ...NOTHING, peak: 0 })).not.toMatch(/NaN|undefined|Infinity|<figure>/);
});

test('the runtime by name', () => {
  expect(runtimeOf({ node: '24.1.0', deno: '2.5.0' }, '')).toBe('Deno 2.5.0');
  expect(runtimeOf({ node: '24.1.0', bun: '1.3.0' }, '')).toBe('Bun 1.3.0');
  expect(runtimeOf({ node: '24.1.0' }, 'Node.js/24')).toBe('Node 24.1.0');
  const agents = [
    'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0',
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15',
  ];
  expect(agents.map((agent) => runtimeOf({}, agent))).toEqual([
    'Firefox 145.0',
    'Chrome 142',
    'Edge 142.0.0.0',
    'Safari 26.0',
  ]);
});
