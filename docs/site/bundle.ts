// Bundles programs of the site for browsers, with what they share in files of its own.
import { build } from 'esbuild';

export async function bundleForPages(entryPoints: Readonly<Record<string, string>>, outdir: string): Promise<void> {
  await build({
    entryPoints: { ...entryPoints },
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    charset: 'utf8',
    external: ['node:*'],
    outdir,
  });
}
