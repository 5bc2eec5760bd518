// A Worker as Cloudflare runs it: wrangler bundles it, and miniflare starts it on workerd.
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { installedPackage } from './project.js';

/** Lets wrangler bundle the Worker of a folder to `out`. */
export function bundleWorker(folder: string, config = 'wrangler.json'): void {
  const wrangler = join(installedPackage('wrangler'), 'bin/wrangler.js');
  execFileSync(process.execPath, [wrangler, 'deploy', '--dry-run', '--outdir', 'out', '--config', config], {
    cwd: folder,
    stdio: 'pipe',
    env: { ...process.env, WRANGLER_SEND_METRICS: 'false', HOME: folder },
  });
}

export interface RunningWorker {
  readonly ready: Promise<URL>;
  dispatchFetch(url: string): Promise<Response>;
  dispose(): Promise<void>;
}

/** Starts what wrangler has bundled. `more` are further options of Miniflare. */
export function startWorker(folder: string, more: object = {}): RunningWorker {
  const { Miniflare } = createRequire(installedPackage('miniflare/package.json'))('miniflare');
  return new Miniflare({
    modules: true,
    modulesRoot: join(folder, 'out'),
    scriptPath: join(folder, 'out/worker.js'),
    modulesRules: [
      { type: 'CompiledWasm', include: ['**/*.wasm'] },
      { type: 'Data', include: ['**/*.bin'] },
    ],
    compatibilityDate: '2026-04-01',
    ...more,
  });
}
