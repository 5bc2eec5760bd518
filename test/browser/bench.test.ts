// The page bench.html of the site, in Chromium under its own content security policy, with and without threads. No time is asserted.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeBenchPage } from '../../docs/site/bench/write.js';
import { hasChromium, isolated, launch } from './page.js';

const types: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

describe.runIf(hasChromium)('bench.html', { timeout: 120_000 }, () => {
  let folder = '';
  let browser: Browser;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'simdense-bench-'));
    await writeBenchPage(folder);
    browser = await launch();
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function serve(headers: Record<string, string>): Promise<Server> {
    const server = createServer(({ url = '/' }, response) => {
      const path = join(folder, url.split('?')[0] as string);
      const there = existsSync(path);
      response.writeHead(there ? 200 : 404, { 'Content-Type': types[extname(path)] ?? 'text/plain', ...headers });
      response.end(there ? readFileSync(path) : '');
    });
    return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
  }

  /** A page, closed and free of errors at the end. */
  async function visit(headers: Record<string, string>, use: (page: Page) => Promise<void>): Promise<void> {
    const server = await serve(headers);
    const page = await browser.newPage({ viewport: { width: 390, height: 800 } });
    const errors: string[] = [];
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    page.on('pageerror', (error) => errors.push(String(error)));
    try {
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/bench.html?seconds=1`);
      await use(page);
      expect(errors).toEqual([]);
    } finally {
      await page.close();
      server.close();
    }
  }

  test.each([
    ['without threads', {}, /this page is not cross-origin isolated: threads/],
    ['with threads, where it is isolated', isolated, /\d+ threads/],
  ])('measures, draws and copies, %s', (_, headers, found) =>
    visit(headers, async (page) => {
      expect(await page.isDisabled('#copy')).toBe(true);
      await page.click('#run');
      // It draws as it goes.
      await page.locator('#results figure').first().waitFor();
      expect(await page.textContent('#run')).toBe('Stop');
      await page.locator('#status', { hasText: 'Measured in' }).waitFor({ timeout: 100_000 });
      expect(await page.locator('#results figure').count()).toBe(3);
      const text = await page.textContent('#results');
      expect(text).toMatch(found);
      expect(text).not.toMatch(/NaN|Infinity|undefined/);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
      await page.click('#copy');
      await page.locator('#status', { hasText: /Copied|below/ }).waitFor();
      expect(await page.inputValue('#markdown')).toMatch(/^simdense .* on Chrome \d+, [\s\S]*\| gemm 512 \|/);
    }),
  );

  test('stops', () =>
    visit({}, async (page) => {
      await page.click('#run');
      await page.locator('#status', { hasText: 'Measures' }).waitFor();
      await page.click('#run');
      await page.locator('#status', { hasText: 'Stopped.' }).waitFor();
      expect(await page.textContent('#run')).toBe('Measure, 8 seconds');
    }));
});
