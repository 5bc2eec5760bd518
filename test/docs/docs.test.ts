// Every code block of the documentation and the README runs, and every formula parses; the site is built, and its pages run their programs in Chromium.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withTables } from '../../docs/site/pairs.js';
import { readmePrograms, typeErrors } from '../../docs/site/readme.js';
import { hasChromium, launch } from '../browser/page.js';
import { REDIS, runModules, withStated } from './examples.js';

const run = (file: string, env: Record<string, string> = {}): string =>
  execFileSync(process.execPath, ['--import', 'tsx', file], { encoding: 'utf8', env: { ...process.env, ...env } });

test('the tables of what goes together are those that compile checks by', () => {
  const page = readFileSync('docs/what-goes-together.md', 'utf8');
  expect(page, 'npx tsx docs/site/pairs.ts writes them').toBe(withTables(page));
  expect(page).toContain('| `softmax` | 0 to 1, each row adding up to 1 |');
});

test('every block of code runs', { timeout: 120_000 }, () => {
  const pages = run('docs/site/check.ts')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { page: string; blocks: number; shown: number });
  const lessons = pages.filter(({ page }) => page.startsWith('docs/lessons/'));
  expect(lessons.length).toBe(10);
  // Each lesson has plots or figures of its own.
  for (const { page, shown } of lessons) expect([page, shown > 1]).toEqual([page, true]);
  expect(pages.filter(({ page }) => page.startsWith('README.md')).length).toBeGreaterThan(5);
});

test('the values that the README states are those of its programs', { timeout: 60_000 }, async () => {
  const programs = readmePrograms();
  const ran = await runModules(programs, REDIS);
  expect(ran.flatMap(({ error }, i) => (error === null ? [] : [`program ${i + 1}: ${error}`]))).toEqual([]);
  expect(programs.filter((program) => withStated(program) !== program).length).toBeGreaterThan(0);
});

test("the README's blocks compile as strict TypeScript, against the types of the built package", {
  timeout: 60_000,
}, () => {
  const programs = readmePrograms();
  expect(programs.length).toBeGreaterThan(5);
  expect(typeErrors(programs)).toEqual([]);
  // It would say so otherwise.
  expect(typeErrors(["import { dense } from 'simdense';\ndense({ units: 'many' });"])).toEqual([
    expect.stringMatching(/^program 1, line 2: Type 'string' is not assignable to type 'number'/),
  ]);
});

test('rows may be typed by an interface', { timeout: 60_000 }, () => {
  const program = `import { fitPipeline } from 'simdense/evaluate';
import { readTable } from 'simdense/table';
interface Card { readonly name: string; price?: number; tags: readonly string[] }
const cards: Card[] = [];
const fitted = await fitPipeline({ layers: [] }, await readTable(cards), 'price');
const predicted: readonly (string | number)[] = fitted.predict(cards);
console.log(predicted, fitted.outputNames?.[0]);`;
  expect(typeErrors([program])).toEqual([]);
});

describe.runIf(hasChromium)('the site', { timeout: 120_000 }, () => {
  let folder = '';
  let server: Server;
  let url = '';
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'simdense-site-'));
    run('docs/site/build.ts', { SITE: folder });
    const types: Record<string, string> = {
      '.html': 'text/html',
      '.js': 'text/javascript',
      '.css': 'text/css',
      '.svg': 'image/svg+xml',
    };
    server = createServer(({ url: path = '/' }, response) => {
      const file = join(folder, decodeURIComponent(path));
      const there = existsSync(file);
      response.writeHead(there || path === '/favicon.ico' ? 200 : 404, {
        'Content-Type': types[extname(file)] ?? 'application/octet-stream',
      });
      response.end(there ? readFileSync(file) : '');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }, 120_000);
  afterAll(() => {
    server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('lists what a function throws under one heading, and shows its example', () => {
    const page = readFileSync(join(folder, 'functions/simdense_data.kFold.html'), 'utf8');
    expect(page.match(/>Throws</g)).toHaveLength(1);
    const thrown = Array.from(page.matchAll(/<li><code>SimdenseError '(\w+)'<\/code> \w/g), ([, code]) => code);
    expect(thrown).toEqual(['ARGUMENT', 'SHAPE', 'DATA']);
    expect(page).toMatch(/>Example<[\s\S]*<pre>/);
  });

  test('has a reference of every entry, and each lesson runs its own program in the page', async () => {
    for (const entry of [
      'simdense',
      'simdense_data',
      'simdense_evaluate',
      'simdense_diagnose',
      'simdense_kernels',
      'simdense_onnx',
      'simdense_compile',
      'simdense_convert',
      'simdense_report',
    ])
      expect(readdirSync(join(folder, 'modules'))).toContain(`${entry}.html`);
    const browser = await launch();
    try {
      const page = await browser.newPage();
      const errors: string[] = [];
      page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
      page.on('pageerror', (error) => errors.push(String(error)));
      const pages = readdirSync(join(folder, 'documents')).filter(
        (name) => !/^(The_limits|Predicting_where)/.test(name),
      );
      expect(pages.length).toBe(17);
      for (const name of pages) {
        await page.goto(`${url}/documents/${encodeURIComponent(name)}`);
        await page.click('.live button');
        await page.locator('.live button:not([disabled])').waitFor();
        const shown = (await page.textContent('.live .results')) ?? '';
        const failed = await page.getAttribute('.live .results', 'data-failed');
        expect([name, failed && shown.slice(-400), shown.length > 5]).toEqual([name, null, true]);
      }
      expect(errors).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});
