// Healthy runs have no findings, not even temporarily: forty-eight runs on digits, iris, MNIST, XOR, noise and eighteen tables.
import { describe, expect, test } from 'vitest';
import { run } from './case.js';
import { healthy } from './healthy.js';
import { runTable, tables, wholeTables } from './tables.js';

describe('as people write them', async () => {
  test.each(Object.entries(await healthy()))('%s', async (_, training) => {
    const { findings, told } = await run(training);
    expect([...findings, ...told]).toEqual([]);
  });
});

describe('tables at the settings of the command', () => {
  const networks = [
    { hidden: [32], seed: 0 },
    { hidden: [64, 32], seed: 1 },
  ];
  const runs = tables.flatMap((table) => networks.map((network) => ({ ...network, file: table.file, table })));
  test.each(runs)('$file, $hidden units', async ({ table, hidden, seed }) => {
    const { diagnosis, told, model } = await runTable(table, hidden, seed);
    model.dispose();
    expect([...diagnosis.findings, ...told]).toEqual([]);
  });

  test.runIf(wholeTables())(
    'all rows, of the folder that TABLES names, by three seeds',
    { timeout: 600_000 },
    async () => {
      for (const table of tables) {
        for (const seed of [0, 1, 2]) {
          const { diagnosis, told, model } = await runTable(table, [32], seed, { epochs: 200 }, wholeTables());
          model.dispose();
          expect([table.file, ...diagnosis.findings, ...told]).toEqual([table.file]);
        }
      }
    },
  );
});
