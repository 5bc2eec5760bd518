// Writes bench.html and what it loads into the site.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pageStyle } from '../../../src/report/style.js';
import { bundleForPages } from '../bundle.js';

const HERE = 'docs/site/bench';

export async function writeBenchPage(out: string): Promise<void> {
  const assets = join(out, 'assets/bench');
  await bundleForPages(
    {
      page: join(HERE, 'page.ts'),
      measure: join(HERE, 'measure.ts'),
      // The engine's threads look for it beside their own file.
      worker: 'src/engine/threads/page-worker.ts',
    },
    assets,
  );
  mkdirSync(assets, { recursive: true });
  writeFileSync(join(assets, 'bench.css'), `${pageStyle}${readFileSync(join(HERE, 'bench.css'), 'utf8')}`);
  copyFileSync(join(HERE, 'bench.html'), join(out, 'bench.html'));
}
