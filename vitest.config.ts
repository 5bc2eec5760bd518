import { defineConfig } from 'vitest/config';
import { fromDist, suites } from './test/helpers/published.js';

const report = process.env['TEST_REPORT'];
const isCi = process.env['CI'] !== undefined;
/**
 * Rooms whose tests keep nothing and replace no module: one process runs many of their files, which saves most of what it takes to load simdense. In CI each
 * file has a process of its own. A file that calls vi.mock cannot be here.
 */
const together = [
  'bad-input',
  'base',
  'convert',
  'data',
  'diagnose',
  'explain',
  'golden',
  'kernels',
  'onnx',
  'predict',
  'report',
  'table',
].map((room) => `test/${room}/**/*.test.ts`);

/** What the run on Node 20 asks of every runtime, of Chromium and of the site: a run on another Node would ask the same again. */
const once = ['test/runtimes/**', 'test/browser/**', 'test/docs/docs.test.ts'];
const isAgain = isCi && !process.versions.node.startsWith('20.');

export default defineConfig({
  test: {
    // Trainings in several files at once would slow one another on a small machine.
    maxWorkers: 2,
    reporters: report ? ['default', ['json', { outputFile: report }]] : ['default'],
    projects: [
      {
        test: {
          name: 'sources',
          include: ['test/**/*.test.ts'],
          exclude: isCi ? (isAgain ? once : []) : together,
          testTimeout: 30_000,
        },
      },
      ...(isCi ? [] : [{ test: { name: 'sources-together', include: together, isolate: false, testTimeout: 30_000 } }]),
      // In .ci/run, or by --project published: `npm test` alone is to stay short.
      ...(isCi || process.argv.some((word) => /^(--project=)?published$/.test(word))
        ? [{ plugins: [fromDist], test: { name: 'published', include: suites, testTimeout: 30_000 } }]
        : []),
    ],
  },
});
