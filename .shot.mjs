import { chromium } from 'playwright-core';

const b = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
const url = process.argv[2],
  out = process.argv[3],
  width = Number(process.argv[4] ?? 1100),
  scheme = process.argv[5] ?? 'light';
const p = await b.newPage({ viewport: { width, height: 900 }, colorScheme: scheme });
p.on('console', (m) => console.log(m.text()));
p.on('pageerror', (e) => console.log(String(e)));
await p.goto(url);
await p.waitForTimeout(300);
await p.screenshot({ path: out, fullPage: true });
await b.close();
