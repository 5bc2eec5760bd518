// Compares two threads with two simultaneous processes, each on its own core, in turns: which share of the processes' total speed the threads reach.
// Writes ../results/threads.json.   node threads.mjs [--rounds 25]
import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { describe, median, start } from './processes.mjs';

const { values: given } = parseArgs({ options: { rounds: { type: 'string', default: '25' } } });
const milliseconds = { W1: 50, W2: 80, W3: 160, W4: 300, W5: 50 };
const processes = await start(['threads', 'one', 'other']);
const [threads, one, other] = ['threads', 'one', 'other'].map((key) => processes.get(key));
const shares = {};
for (const workload of Object.keys(milliseconds)) {
  const request = { kind: 'step', workload, milliseconds: milliseconds[workload] };
  const ratios = [];
  for (let round = 0; round < Number(given.rounds); round++) {
    const shared = await threads.ask(request);
    const [a, b] = await Promise.all([one.ask(request), other.ask(request)]);
    // The first round warms up.
    if (round > 0) ratios.push(1 / shared.microseconds / (1 / a.microseconds + 1 / b.microseconds));
  }
  shares[workload] = median(ratios);
  console.log(`two threads, of what two processes reach together, ${workload}: ${shares[workload].toFixed(3)}`);
}
mkdirSync(new URL('../results/', import.meta.url), { recursive: true });
const result = { machine: describe(processes), rounds: Number(given.rounds), shares };
writeFileSync(new URL('../results/threads.json', import.meta.url), `${JSON.stringify(result, null, 1)}\n`);
process.exit();
