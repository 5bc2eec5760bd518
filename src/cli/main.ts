#!/usr/bin/env node
// npx simdense COMMAND: arguments in, words out; what is done lives in the other rooms.
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { SimdenseError } from '../base/errors.js';
import { version } from '../base/version.js';
import { type Command, exits } from './command.js';
import { demo } from './commands/demo.js';
import { evaluate } from './commands/evaluate.js';
import { exportModel } from './commands/export.js';
import { inspect } from './commands/inspect.js';
import { predict } from './commands/predict.js';
import { train } from './commands/train.js';
import { tune } from './commands/tune.js';
import { worker } from './commands/worker.js';
import { describe, parse } from './options.js';

const commands: readonly Command[] = [train, predict, evaluate, tune, inspect, exportModel, worker, demo];

function help(): string {
  const width = Math.max(...commands.map(({ name, usage }) => `${name} ${usage}`.length));
  const lines = commands.map(({ name, usage, summary }) => `  ${`${name} ${usage}`.padEnd(width)}   ${summary}`);
  return `simdense ${version}: trains fully-connected neural networks

usage: simdense COMMAND [OPTIONS]

${lines.join('\n')}

  --help      this text; simdense COMMAND --help has a command's options
  --version   the version

Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted.`;
}

function helpOf({ name, usage, summary, options, notes }: Command): string {
  return `simdense ${name} ${usage}\n\n${summary}\n\n${describe(options)}${notes ? `\n\n${notes}` : ''}`;
}

async function main([name, ...args]: readonly string[]): Promise<number> {
  if (name === '--version') return say(version);
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') return say(help());
  const command = commands.find((known) => known.name === name);
  if (!command) throw new SimdenseError('ARGUMENT', `no command "${name}"; simdense --help lists them`);
  const { values, positionals } = parse(name, args, command.options);
  if (values['help']) return say(helpOf(command));
  return command.run({ values, positionals });
}

function say(text: string): number {
  console.log(text);
  return exits.done;
}

/** One line with what to do. */
function messageOf(error: unknown, args: readonly string[]): string {
  const { code, path } = error as { code?: string; path?: string };
  if (code === 'ENOENT' && path) return `there is no ${existsSync(dirname(path)) ? path : `folder ${dirname(path)}`}`;
  if (code === 'ENOTDIR') return `there is no ${path}: a file stands where a folder should`;
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return `${path} may not be read or written here`;
  if (code === 'ENOSPC') return `the disk is full: ${path} could not be written, what was there is there still`;
  if (code === 'EISDIR') return `${path ?? args[1] ?? 'that'} is a folder, expected a file`;
  return (error instanceof Error ? error.message : String(error)).replaceAll('\n', ' ');
}

// A reader that has seen enough, such as head, closes the pipe.
process.stdout.on('error', (error: { code?: string }) =>
  process.exit(error.code === 'EPIPE' ? exits.done : exits.failed),
);

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(`simdense: ${messageOf(error, process.argv.slice(2))}`);
  const interrupted = /^interrupted/.test((error as Error).message);
  const usage = error instanceof SimdenseError && error.code === 'ARGUMENT';
  process.exitCode = interrupted ? exits.interrupted : usage ? exits.usage : exits.failed;
}
