#!/usr/bin/env node
// npx simdense COMMAND: arguments in, words out; what is done lives in the other rooms.
import { parseArgs } from 'node:util';
import { SimdenseError } from '../base/errors.js';
import { version } from '../base/version.js';

const HELP = `simdense ${version}

  simdense worker --redis URL [--queue NAME]   takes trainings from a queue of BullMQ until Ctrl-C, one at a time: start one for each core

  --redis URL      where Redis is, such as redis://localhost:6379
  --queue NAME     the queue's name; simdense
  --help           this text
  --version        the version`;

async function main(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      redis: { type: 'string' },
      queue: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
      version: { type: 'boolean' },
    },
  });
  if (values.version) return console.log(version);
  const [command, ...others] = positionals;
  if (values.help || command === undefined) return console.log(HELP);
  if (command !== 'worker' || others.length > 0) {
    throw new SimdenseError('ARGUMENT', `no command "${positionals.join(' ')}"; simdense --help lists them`);
  }
  if (values.redis === undefined) {
    throw new SimdenseError('ARGUMENT', 'worker needs --redis URL, such as --redis redis://localhost:6379');
  }
  await work(values.redis, values.queue);
}

/** Works until the process is told to end, and then finishes what it has begun. */
async function work(connection: string, queue = 'simdense'): Promise<void> {
  const { startBullmqWorker } = await load();
  const worker = await startBullmqWorker({ connection, queue });
  console.log(`simdense ${version} takes trainings from "${queue}"; Ctrl-C ends it`);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  console.log('finishing what has begun');
  await worker.close();
  // A connection that was lost may still be trying to come back.
  process.exit();
}

async function load(): Promise<typeof import('../bullmq/index.js')> {
  try {
    return await import('../bullmq/index.js');
  } catch (cause) {
    if ((cause as { code?: string }).code !== 'ERR_MODULE_NOT_FOUND') throw cause;
    throw new SimdenseError('UNSUPPORTED', 'worker needs two packages beside simdense: npm install bullmq ioredis', {
      cause,
    });
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(`simdense: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = error instanceof SimdenseError && error.code === 'ARGUMENT' ? 2 : 1;
});
