import { defineConfig } from 'vitest/config';
import { fromDist, suites } from './test/helpers/published.js';

const report = process.env['TEST_REPORT'];

export default defineConfig({
  test: {
    // Trainings in several files at once would slow one another on a small machine.
    maxWorkers: 2,
    reporters: report ? ['default', ['json', { outputFile: report }]] : ['default'],
    projects: [
      { test: { name: 'sources', include: ['test/**/*.test.ts'], testTimeout: 30_000 } },
      // In .ci/run, or by --project published: `npm test` alone is to stay short.
      ...(process.env['CI'] || process.argv.some((word) => /^(--project=)?published$/.test(word))
        ? [{ plugins: [fromDist], test: { name: 'published', include: suites, testTimeout: 30_000 } }]
        : []),
    ],
  },
});
