// examples/playground, built by Vite and used like people do: with its controls, by keyboard, by a link; in Chromium, under its own content security policy.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadModel } from '../../src/index.js';
import { hasRuntimes, installedPackage, makeProject, type Project } from '../runtimes/project.js';
import { hasChromium, launch } from './page.js';

const types: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

function serve(root: string): Promise<Server> {
  const server = createServer(({ url = '/' }, response) => {
    const path = join(root, url === '/' ? 'index.html' : (url.split('?')[0] as string));
    const there = existsSync(path);
    response.writeHead(there ? 200 : 404, { 'Content-Type': types[extname(path)] ?? 'application/octet-stream' });
    response.end(there ? readFileSync(path) : '');
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

describe.runIf(hasRuntimes && hasChromium)('the playground', { timeout: 60_000 }, () => {
  let project: Project;
  let server: Server;
  let browser: Browser;
  let url = '';
  beforeAll(async () => {
    project = makeProject('runtimes');
    const folder = join(project.folder, 'examples/playground');
    cpSync('examples/playground', folder, { recursive: true });
    cpSync('examples/data', join(project.folder, 'examples/data'), { recursive: true });
    execFileSync(process.execPath, [installedPackage('vite/bin/vite.js'), 'build'], { cwd: folder, stdio: 'pipe' });
    server = await serve(join(folder, 'dist'));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    browser = await launch();
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    server?.close();
    project?.remove();
  });

  /** A page, closed and free of errors at the end. */
  async function visit(hash: string, use: (page: Page) => Promise<void>): Promise<void> {
    const page = await browser.newPage({ acceptDownloads: true });
    const errors: string[] = [];
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    page.on('pageerror', (error) => errors.push(String(error)));
    try {
      await page.goto(url + hash);
      await page.locator('#status', { hasText: 'Ready' }).waitFor();
      await use(page);
      expect(errors).toEqual([]);
    } finally {
      await page.close();
    }
  }
  const number = async (page: Page, id: string) => Number((await page.textContent(`#${id}`))?.replace(/[, %]/g, ''));
  async function until(page: Page, id: string, reached: (value: number) => boolean): Promise<void> {
    for (let i = 0; i < 300; i++) {
      if (reached(await number(page, id))) return;
      await page.waitForTimeout(100);
    }
    throw new Error(`${id} is ${await page.textContent(`#${id}`)}`);
  }

  test('learns spirals; pauses, resumes, resets', () =>
    visit('#data=spirals&hidden=32,32&speed=10', async (page) => {
      await page.click('#run');
      await until(page, 'valAccuracy', (percent) => percent > 90);
      await until(page, 'fps', (frames) => frames > 0);
      await page.click('#run');
      await page.locator('#run', { hasText: 'Resume' }).waitFor();
      await page.waitForTimeout(200);
      const epoch = await number(page, 'epoch');
      await page.waitForTimeout(300);
      expect(await number(page, 'epoch')).toBe(epoch);
      await page.click('#run');
      await until(page, 'epoch', (now) => now > epoch + 20);
      // Both colours are on the surface, and bars in the histograms.
      const colors = await page.evaluate(() => {
        const count = (id: string) => {
          const canvas = document.getElementById(id) as HTMLCanvasElement;
          const { data } = (canvas.getContext('2d') as CanvasRenderingContext2D).getImageData(
            0,
            0,
            canvas.width,
            canvas.height,
          );
          let [red, blue] = [0, 0];
          for (let i = 0; i < data.length; i += 4) {
            if ((data[i] as number) > (data[i + 2] as number) + 30) red++;
            if ((data[i + 2] as number) > (data[i] as number) + 30) blue++;
          }
          return [red, blue];
        };
        return { surface: count('surface'), weights: count('weights'), gradients: count('gradients') };
      });
      expect(Math.min(...(colors.surface as number[]))).toBeGreaterThan(5000);
      expect(colors.weights[1]).toBeGreaterThan(500);
      expect(colors.gradients[1]).toBeGreaterThan(500);
      await page.click('#reset');
      await page.locator('#run', { hasText: 'Train' }).waitFor();
      await until(page, 'epoch', (now) => now === 0);
    }));

  test('a link repeats it to the digit', async () => {
    const hash =
      '#data=moons&noise=0.2&hidden=8&activation=relu&norm=false&dropout=0.1&optimizer=adamw&rate=0.03&batch=8&speed=1&seed=7';
    const seen: (string | null)[] = [];
    for (let i = 0; i < 2; i++) {
      await visit(hash, async (page) => {
        expect(await page.inputValue('[name="optimizer"]')).toBe('adamw');
        await page.click('#share');
        expect(await page.evaluate(() => location.hash)).toContain('optimizer=adamw');
        // The weights that it begins with.
        const weights = page.locator('#weights[aria-label*="dense_1 within"]');
        await weights.waitFor();
        seen.push(await weights.getAttribute('aria-label'));
        await page.click('#run');
        await until(page, 'epoch', (now) => now >= 10);
        expect(await page.locator('.uplot canvas').count()).toBe(2);
      });
    }
    expect(seen[1]).toBe(seen[0]);
  });

  test('digits: misread ones are shown, and the model is downloaded', () =>
    visit('#data=digits&hidden=32&activation=relu&rate=0.003', async (page) => {
      await page.click('#run');
      await until(page, 'valAccuracy', (percent) => percent > 94);
      await page.click('#run');
      expect(await page.locator('#misread figure').count()).toBeGreaterThan(2);
      expect(await page.locator('#misread canvas').first().getAttribute('aria-label')).toMatch(/^a \d, read as \d$/);
      expect(await page.locator('#confusion tr').count()).toBe(11);
      const [download] = await Promise.all([page.waitForEvent('download'), page.click('#download')]);
      expect(download.suggestedFilename()).toBe('digits.safetensors');
      using model = loadModel(new Uint8Array(readFileSync(await download.path())));
      expect([model.inputs, model.outputs]).toEqual([64, 10]);
    }));

  test('a CSV of your own, whose names are text and not markup', () =>
    visit('', async (page) => {
      await page.selectOption('[name="data"]', 'csv');
      await page.locator('#status', { hasText: 'Choose a CSV file' }).waitFor();
      const rows = Array.from({ length: 80 }, (_, i) => `${i % 7},${i % 5},${i % 7 > 3 ? '<b>up</b>' : 'down'}`);
      await page.setInputFiles('[name="file"]', {
        name: 'own.csv',
        mimeType: 'text/csv',
        buffer: Buffer.from(['a,b,way', ...rows].join('\n')),
      });
      await page.locator('#status', { hasText: '2 classes' }).waitFor();
      await page.click('#run');
      await until(page, 'valAccuracy', (percent) => percent > 95);
      expect(await page.locator('#confusion').textContent()).toContain('<b>up</b>');
      expect(await page.locator('#confusion b').count()).toBe(0);
      await page.setInputFiles('[name="file"]', {
        name: 'bad.csv',
        mimeType: 'text/csv',
        buffer: Buffer.from('a,b\n1,x\n2,x\n'),
      });
      await page.locator('#status', { hasText: 'one value only' }).waitFor();
    }));

  test('by keyboard alone; every control has a name, every picture a text', () =>
    visit('', async (page) => {
      const unnamed = await page.evaluate(() =>
        Array.from(document.querySelectorAll('input, select, button, canvas[role="img"]'), (element) => {
          const labels = (element as HTMLInputElement).labels;
          return labels?.length || element.getAttribute('aria-label') || element.textContent?.trim()
            ? ''
            : element.outerHTML;
        }).filter(Boolean),
      );
      expect(unnamed).toEqual([]);
      for (let i = 0; i < 40; i++) {
        await page.keyboard.press('Tab');
        if ((await page.evaluate(() => document.activeElement?.id)) === 'run') break;
      }
      expect(await page.evaluate(() => document.activeElement?.id)).toBe('run');
      const outline = await page.evaluate(() => getComputedStyle(document.activeElement as Element).outlineStyle);
      expect(outline).toBe('solid');
      await page.keyboard.press('Space');
      await until(page, 'epoch', (epoch) => epoch > 5);
      await page.keyboard.press('Space');
      await page.locator('#status', { hasText: 'Paused' }).waitFor();
    }));

  test.each([1250, 390])('nothing sticks out at %i pixels', (width) =>
    visit('#data=iris', async (page) => {
      await page.setViewportSize({ width, height: 800 });
      await page.click('#run');
      await until(page, 'epoch', (epoch) => epoch > 3);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    }),
  );
});
