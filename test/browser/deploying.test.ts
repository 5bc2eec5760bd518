// The page of docs/deploying.md: without a bundler, by a script tag and by an import map, it predicts the labels of the file.
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { adam, dense } from 'simdense';
import { fitPipeline } from 'simdense/evaluate';
import { readTable } from 'simdense/table';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasChromium, launch } from './page.js';

const blocks = Array.from(
  readFileSync('docs/deploying.md', 'utf8').matchAll(/^```html\n([\s\S]*?)^```$/gm),
  ([, code]) => code as string,
);

describe.runIf(hasChromium)('a page without a bundler', { timeout: 60_000 }, () => {
  let server: Server;
  let browser: Browser;
  let page = '';
  beforeAll(async () => {
    const table = await readTable(
      'weight,color,sort\n150,green,apple\n170,red,apple\n120,orange,orange\n110,orange,orange',
    );
    const layers = [dense({ units: 8, activation: 'relu' })];
    const pipeline = { layers, optimizer: adam({ learningRate: 0.02 }), fit: { epochs: 200 } } as const;
    using fitted = await fitPipeline(pipeline, table, 'sort', { seed: 1 });
    const file = fitted.save();
    server = createServer(({ url }, response) => {
      if (url === '/fruit.safetensors') response.end(file);
      else if (url?.endsWith('predict.page.js')) {
        response.writeHead(200, { 'Content-Type': 'text/javascript' });
        response.end(readFileSync('dist/predict.page.js'));
      } else if (url === '/') {
        response.writeHead(200, { 'Content-Type': 'text/html' });
        response.end(`<!doctype html><body>${page}</body>`);
      } else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, resolve));
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  const shown = async (html: string): Promise<string> => {
    page = html;
    const tab = await browser.newPage();
    await tab.goto(`http://localhost:${(server.address() as AddressInfo).port}/`);
    // What the page has appended: the text of a script is no part of it.
    const last = 'document.body.lastChild?.nodeValue';
    await tab.waitForFunction(`/apple|orange/.test(${last})`);
    const text = await tab.evaluate<string>(last);
    await tab.close();
    return text;
  };

  test('by a script tag', async () => {
    expect(await shown(blocks[0] as string)).toBe('apple');
  });

  test('by an import map', async () => {
    const named = (blocks[0] as string).replace('./node_modules/simdense/dist/predict.page.js', 'simdense/predict');
    expect(await shown(`${blocks[1]}${named}`)).toBe('apple');
  });
});
