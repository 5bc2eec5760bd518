// A process that measures one library. It reads one request per line, {kind, workload, milliseconds} or {kind, network, milliseconds}, and answers with
// microseconds a call. Kinds: 'step', one update; 'predict1', 'predict256', from rows to probabilities as numbers in JavaScript;
// 'epoch', a fit over 60,000 rows.   node runner.mjs LIBRARY [OPTIONS AS JSON]
import { createInterface } from 'node:readline';
import { makeData, mnist, workloads } from './workloads.mjs';

const [library, options = '{}'] = process.argv.slice(2);
const { prepare } = await import(`./runners/${library}.mjs`);
const peer = await prepare(JSON.parse(options));
/** Tasks that have been prepared and warmed up, each with the milliseconds of one call. */
const tasks = new Map();

async function makeTask(kind, network) {
  if (kind === 'step') return peer.step(network, (batches) => makeData(network, batches * network.batch));
  if (kind === 'epoch') return peer.epoch(network, mnist(network));
  const rows = Number(kind.slice('predict'.length));
  return peer.predict(network, rows, makeData(network, rows).x);
}

/** Milliseconds of `calls` calls, with the final wait for results if the task has one. */
async function time({ call, settle }, calls) {
  const begin = performance.now();
  for (let i = 0; i < calls; i++) {
    const result = call();
    if (result instanceof Promise) await result;
  }
  await settle?.();
  return performance.now() - begin;
}

async function measure({ kind, workload, network = workloads[workload], milliseconds }) {
  const key = JSON.stringify([kind, network]);
  if (!tasks.has(key)) {
    // In a sweep over many networks, keep only one in memory.
    if (!workload) {
      for (const { task } of tasks.values()) task.dispose?.();
      tasks.clear();
    }
    const task = await makeTask(kind, network);
    let each = await time(task, 1);
    // Do not warm up a call that takes seconds: return its only time.
    if (each > 5000) {
      tasks.set(key, { task, each });
      return (each * 1000) / (task.steps ?? 1);
    }
    // Nor warm up longer calls: the loops within them are optimised by now.
    if (kind !== 'epoch' && each < 500) {
      // Call it until it is optimised, at least twice.
      const warmUp = Math.max(2, Math.ceil(Math.min(3000, 400 / each)));
      each = (await time(task, warmUp)) / warmUp;
      each = Math.min(each, (await time(task, Math.max(1, Math.ceil(20 / each)))) / Math.max(1, Math.ceil(20 / each)));
    }
    tasks.set(key, { task, each });
  }
  const { task, each } = tasks.get(key);
  const calls = Math.max(1, Math.round(milliseconds / each));
  return ((await time(task, calls)) * 1000) / calls / (task.steps ?? 1);
}

console.log(JSON.stringify({ ready: peer.name }));
for await (const line of createInterface({ input: process.stdin })) {
  let answer;
  try {
    answer = { microseconds: await measure(JSON.parse(line)) };
  } catch (error) {
    answer = { error: String(error?.message ?? error).slice(0, 200) };
  }
  console.log(JSON.stringify(answer));
}
