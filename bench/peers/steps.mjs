// Steps, predictions and an epoch of every library, in turns; writes ../results/peers.json.   node steps.mjs [--rounds 9] [--only key,key] [--mnist FOLDER]
import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { best, describe, start, takeTurns } from './processes.mjs';
import { title, workloads } from './workloads.mjs';

const { values: given } = parseArgs({
  options: { rounds: { type: 'string', default: '9' }, only: { type: 'string' }, mnist: { type: 'string' } },
});
// The child processes read this variable.
if (given.mnist) process.env.MNIST = given.mnist;
const rounds = Number(given.rounds);
const all = [
  'default',
  'relaxed',
  'wide',
  'wideRelaxed',
  'threads',
  'wideRelaxedThreads',
  'blocked',
  'plain',
  'jax',
  'tfjsWasm',
  'tfjsCpu',
  'brain',
  'mlFnn',
  'convnet',
  'torch',
  'torch2',
  'torchAvx2',
  'torchAvx2Threads',
];
const keys = given.only?.split(',') ?? all;
const processes = await start(keys);
const milliseconds = { W1: 25, W2: 40, W3: 80, W4: 150, W5: 25 };
const tasks = [
  ...Object.keys(workloads).map((workload) => ({ kind: 'step', workload, milliseconds: milliseconds[workload] })),
  { kind: 'predict1', workload: 'W2', milliseconds: 25 },
  { kind: 'predict256', workload: 'W2', milliseconds: 40 },
  { kind: 'epoch', workload: 'W2', milliseconds: 1 },
];
const measured = [];
for (const request of tasks) {
  const { times, errors } = await takeTurns(processes, request, request.kind === 'epoch' ? 3 : rounds);
  measured.push({ ...request, network: title(workloads[request.workload]), times, errors });
  const row = Object.entries(times).map(
    ([key, values]) => `${key} ${values.length ? best(values).toFixed(1) : errors[key]}`,
  );
  console.log(`${request.kind} ${request.workload}: ${row.join(', ')}`);
}

const machine = describe(processes);
for (const { end } of processes.values()) end();
mkdirSync(new URL('../results/', import.meta.url), { recursive: true });
writeFileSync(
  new URL('../results/peers.json', import.meta.url),
  `${JSON.stringify({ machine, rounds, measured }, null, 1)}\n`,
);
process.exit();
