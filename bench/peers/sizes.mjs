// The time of a step by the width w of a network w-w-w-10 and by the batch size, in turns with jax-js and PyTorch; writes ../results/sizes.json.
//   node sizes.mjs [--rounds 3]
import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { describe, median, start, takeTurns } from './processes.mjs';

const { values: given } = parseArgs({ options: { rounds: { type: 'string', default: '3' } } });
/** Includes neighbours of 1,024 and 2,048, at which rows map to the same cache sets. */
const widths = [16, 32, 64, 128, 256, 512, 1000, 1024, 1040, 2000, 2048];
const batches = [1, 16, 128, 1024];
const processes = await start(['default', 'wideRelaxed', 'jax', 'torch']);
const points = [];
for (const batch of batches) {
  for (const width of widths) {
    const network = { inputs: width, units: [width, width, 10], batch };
    const { times, errors } = await takeTurns(
      processes,
      { kind: 'step', network, milliseconds: 25 },
      Number(given.rounds),
    );
    const microseconds = Object.fromEntries(
      Object.entries(times).map(([key, values]) => [key, values.length ? median(values) : null]),
    );
    // Count the products: forward and both gradients of each layer, without the input gradient of the first.
    const work = 2 * batch * (width * width * 5 + width * 10 * 3);
    points.push({ width, batch, work, microseconds, errors });
    console.log(`width ${width}, batch ${batch}: ${JSON.stringify(microseconds)}`);
  }
}
mkdirSync(new URL('../results/', import.meta.url), { recursive: true });
const result = { machine: describe(processes), rounds: Number(given.rounds), points };
writeFileSync(new URL('../results/sizes.json', import.meta.url), `${JSON.stringify(result, null, 1)}\n`);
process.exit();
