// examples/teachable, bundled by esbuild and used like people do: by pointer, by keyboard, with a camera and without one; in Chromium, under its own content security policy.
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadPredictor } from '../../src/predict/index.js';
import { executablePath, hasChromium } from './page.js';

const folder = 'examples/teachable';

/** The page as its index.html names its files, with a bundle in the place of the program. */
async function serve(): Promise<Server> {
  const { outputFiles } = await build({
    entryPoints: [`${folder}/src/main.js`],
    bundle: true,
    format: 'esm',
    charset: 'utf8',
    write: false,
    alias: { 'simdense/classifier': './dist/classifier.js' },
  });
  const files: Readonly<Record<string, readonly [type: string, text: string]>> = {
    '/': ['text/html', readFileSync(`${folder}/index.html`, 'utf8')],
    '/src/style.css': ['text/css', readFileSync(`${folder}/src/style.css`, 'utf8')],
    '/src/main.js': ['text/javascript', outputFiles[0]?.text as string],
  };
  const server = createServer(({ url = '/' }, response) => {
    const [type, text] = files[url] ?? [];
    response.writeHead(type ? 200 : 404, { 'Content-Type': `${type ?? 'text/plain'}; charset=utf-8` });
    response.end(text);
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

type Point = readonly [x: number, y: number];
/** Lines within a square of side 1, at random places and of random size. */
const circle: readonly (readonly Point[])[] = [
  Array.from({ length: 25 }, (_, i) => [
    0.5 + 0.5 * Math.cos((i * Math.PI) / 12),
    0.5 + 0.5 * Math.sin((i * Math.PI) / 12),
  ]),
];
const cross: readonly (readonly Point[])[] = [
  [
    [0, 0],
    [1, 1],
  ],
  [
    [1, 0],
    [0, 1],
  ],
];
const line: readonly (readonly Point[])[] = [
  [
    [0, 0.5],
    [1, 0.5],
  ],
];

/** Draws lines in a part of the canvas: the n-th of a few places and sizes. */
async function draw(page: Page, lines: readonly (readonly Point[])[], n: number): Promise<void> {
  await page.locator('#drawing').scrollIntoViewIfNeeded();
  const box = await page.locator('#drawing').boundingBox();
  if (!box) throw new Error('the canvas is not shown');
  const size = box.width * (0.4 + 0.08 * (n % 4));
  const [left, top] = [box.x + box.width * (0.05 + 0.09 * (n % 3)), box.y + box.height * (0.06 + 0.07 * ((n * 2) % 3))];
  for (const points of lines) {
    for (const [i, [x, y]] of points.entries()) {
      await page.mouse.move(left + x * size, top + y * size);
      if (i === 0) await page.mouse.down();
    }
    await page.mouse.up();
  }
}

describe.runIf(hasChromium)('the teachable page', { timeout: 60_000 }, () => {
  let server: Server;
  let browser: Browser;
  let url = '';
  beforeAll(async () => {
    server = await serve();
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    // With a camera whose image is made up.
    browser = await chromium.launch({
      executablePath,
      args: ['--no-sandbox', '--use-fake-device-for-media-stream'],
    });
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  /** A page, closed and free of errors at the end. */
  async function visit(
    use: (page: Page) => Promise<void>,
    o: Parameters<Browser['newContext']>[0] = {},
  ): Promise<void> {
    const context = await browser.newContext({ acceptDownloads: true, ...o });
    const page = await context.newPage();
    const errors: string[] = [];
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    page.on('pageerror', (error) => errors.push(String(error)));
    try {
      await page.goto(url);
      await page.locator('#status', { hasText: 'press the button' }).waitFor();
      await use(page);
      expect(errors).toEqual([]);
    } finally {
      await context.close();
    }
  }
  const best = (page: Page) => page.locator('li.best .teach').allTextContents();
  const isLearnt = (page: Page) => page.locator('#download:enabled').waitFor();

  /** Two shapes, three drawings each. */
  async function teachTwo(page: Page): Promise<void> {
    for (let n = 0; n < 3; n++)
      for (const [shape, name] of [
        [circle, 'A'],
        [cross, 'B'],
      ] as const) {
        await draw(page, shape, n);
        await page.click(`text=This is ${name}`);
      }
    await isLearnt(page);
  }

  test('tells new drawings apart, learns a third class, and is downloaded', () =>
    visit(async (page) => {
      await page.click('text=This is A');
      await page.locator('#status', { hasText: 'Draw something first' }).waitFor();
      await teachTwo(page);
      for (let n = 3; n < 9; n++) {
        await page.click('#clear');
        await draw(page, n % 2 === 0 ? circle : cross, n);
        expect(await best(page)).toEqual([n % 2 === 0 ? 'This is A' : 'This is B']);
      }
      await page.click('#add');
      await page.keyboard.type('line');
      for (let n = 0; n < 3; n++) {
        await page.click('#clear');
        await draw(page, line, n);
        await page.click('text=This is line');
      }
      for (const [shape, name] of [
        [line, 'line'],
        [circle, 'A'],
        [cross, 'B'],
      ] as const) {
        await page.click('#clear');
        await draw(page, shape, 5);
        expect(await best(page)).toEqual([`This is ${name}`]);
      }
      const [download] = await Promise.all([page.waitForEvent('download'), page.click('#download')]);
      using predictor = loadPredictor(new Uint8Array(readFileSync(await download.path())));
      expect([predictor.classes, predictor.inputs]).toEqual([['A', 'B', 'C'], 256]);
      await page.click('#reset');
      expect(await page.locator('#classes li').count()).toBe(2);
      expect(await page.isDisabled('#download')).toBe(true);
    }));

  test('a button that is held teaches on', () =>
    visit(async (page) => {
      await draw(page, circle, 1);
      await page.hover('text=This is A');
      await page.mouse.down();
      await page.locator('li', { hasText: '4 examples' }).waitFor();
      await page.mouse.up();
      const told = await page.locator('#classes .faint').first().textContent();
      await page.waitForTimeout(400);
      expect(await page.locator('#classes .faint').first().textContent()).toBe(told);
    }));

  test('by keyboard alone: draws, teaches, and every control has a name', () =>
    visit(async (page) => {
      const focus = async (selector: string) => {
        for (let i = 0; i < 30; i++) {
          if (await page.evaluate((one) => document.activeElement?.matches(one), selector)) return;
          await page.keyboard.press('Tab');
        }
        throw new Error(`${selector} is not reached`);
      };
      const outline = () => page.evaluate(() => getComputedStyle(document.activeElement as Element).outlineStyle);
      const drawWay = async (key: string) => {
        await page.focus('h2', { strict: false }).catch(() => {});
        await page.focus('#drawing');
        await page.keyboard.press('Delete');
        await page.keyboard.press('Space');
        for (let i = 0; i < 6; i++) await page.keyboard.press(key);
        await page.keyboard.press('Space');
      };
      await focus('#drawing');
      expect(await outline()).toBe('solid');
      await drawWay('ArrowRight');
      await focus('li:nth-child(1) .teach');
      expect(await outline()).toBe('solid');
      await page.keyboard.press('Enter');
      await page.locator('li', { hasText: '1 example' }).waitFor();
      await drawWay('ArrowDown');
      await focus('li:nth-child(2) .teach');
      await page.keyboard.press('Space');
      await isLearnt(page);
      await drawWay('ArrowLeft');
      expect(await best(page)).toEqual(['This is A']);
      await drawWay('ArrowUp');
      expect(await best(page)).toEqual(['This is B']);
      const unnamed = await page.evaluate(() =>
        Array.from(document.querySelectorAll('input, button, canvas, video, progress'), (one) =>
          one.getAttribute('aria-label') || one.textContent?.trim() ? '' : one.outerHTML,
        ).filter(Boolean),
      );
      expect(unnamed).toEqual([]);
    }));

  test('the camera: its image is learnt; refused and absent it says so', async () => {
    await visit(
      async (page) => {
        await page.click('#use-camera');
        await page.waitForFunction(() => ((document.querySelector('video') as HTMLVideoElement).videoWidth ?? 0) > 0);
        for (const name of ['A', 'B']) {
          await page.click(`text=This is ${name}`);
          await page.waitForTimeout(300);
        }
        await isLearnt(page);
        await page.locator('output', { hasText: '%' }).first().waitFor();
        await page.click('#use-drawing');
        expect(await page.isVisible('#drawing')).toBe(true);
        expect(await page.isDisabled('#download')).toBe(true);
      },
      { permissions: ['camera'] },
    );
    const refused = async (name: string, message: string) =>
      visit(async (page) => {
        await page.evaluate((reason) => {
          navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', reason));
        }, name);
        await page.click('#use-camera');
        await page.locator('#no-camera', { hasText: message }).waitFor();
        expect(await page.isVisible('#retry')).toBe(true);
        await page.click('#use-drawing');
        expect(await page.isVisible('#no-camera')).toBe(false);
        await draw(page, circle, 1);
        await page.click('text=This is A');
        await page.locator('li', { hasText: '1 example' }).waitFor();
      });
    await refused('NotAllowedError', 'may not use the camera');
    await refused('NotFoundError', 'There is no camera');
  });

  test.each([
    [1250, 'light'],
    [390, 'light'],
    [320, 'dark'],
  ] as const)('nothing sticks out at %i pixels, %s', (width, colorScheme) =>
    visit(
      async (page) => {
        await teachTwo(page);
        for (let i = 0; i < 3; i++) await page.click('#add');
        expect(await best(page)).toEqual(['This is B']);
        expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
        const shots = process.env['SCREENSHOTS'];
        if (shots) await page.screenshot({ path: `${shots}/teachable-${width}-${colorScheme}.png` });
        await page.evaluate(() => {
          navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotAllowedError'));
        });
        await page.click('#use-camera');
        await page.locator('#no-camera').waitFor();
        // Its text has room.
        expect(
          await page.evaluate(() => {
            const stage = document.querySelector('.stage') as HTMLElement;
            return [
              stage.scrollHeight <= stage.clientHeight,
              document.documentElement.scrollWidth <= window.innerWidth,
            ];
          }),
        ).toEqual([true, true]);
        if (shots) await page.screenshot({ path: `${shots}/teachable-${width}-camera.png` });
      },
      { viewport: { width, height: 800 }, colorScheme },
    ),
  );
});
