import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Trainings in several files at once would slow one another on a small machine.
    maxWorkers: 2,
    testTimeout: 30_000,
  },
});
