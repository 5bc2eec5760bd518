// A page in Chromium that imports simdense as esbuild bundles it, from a server with the headers that a test asks for.
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import { type Browser, chromium } from 'playwright-core';

export const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** Where there is no Chromium these tests say that they are skipped; in CI they fail. */
export const hasChromium = existsSync(executablePath) || process.env['CI'] !== undefined;
if (!hasChromium) console.log(`skipped: no Chromium at ${executablePath}; $CHROMIUM may name another`);

export const isolated = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath, args: ['--no-sandbox'] });
}

/** The files of a bundled program, by path; packages are found from the folder. */
export async function bundle(program: string, folder = '.'): Promise<Map<string, string>> {
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: folder, sourcefile: 'main.ts' },
    bundle: true,
    splitting: true,
    format: 'esm',
    charset: 'utf8',
    outdir: '/',
    entryNames: 'main',
    write: false,
  });
  return new Map(outputFiles.map(({ path, text }) => [path, text]));
}

/** What the program, in a page with these headers, says by calling `tell`. */
export async function run(
  browser: Browser,
  files: Map<string, string>,
  headers: Record<string, string>,
): Promise<string> {
  const [told] = await runEach(browser, files, [headers]);
  return told as string;
}

/** What it says each time when the same page is loaded again and again, with these headers one after the other. */
export async function runEach(
  browser: Browser,
  files: Map<string, string>,
  each: readonly Record<string, string>[],
): Promise<string[]> {
  let headers: Record<string, string> = {};
  const server = createServer(({ url = '/' }, response) => {
    const text = url === '/' ? '<!doctype html><script type="module" src="/main.js"></script>' : files.get(url);
    const type = url.endsWith('.js') ? 'text/javascript; charset=utf-8' : 'text/html; charset=utf-8';
    response.writeHead(text === undefined ? 404 : 200, { 'Content-Type': type, ...headers });
    response.end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const page = await browser.newPage();
  try {
    let tell = (_: string): void => {};
    await page.exposeFunction('tell', (text: string) => tell(text));
    const all: string[] = [];
    for (headers of each) {
      const told = new Promise<string>((resolve, reject) => {
        tell = resolve;
        page.once('pageerror', reject);
      });
      // The page tells when it is done; how long that may take is the test's to say.
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, { waitUntil: 'commit' });
      all.push(await told);
    }
    return all;
  } finally {
    await page.close();
    server.close();
  }
}
