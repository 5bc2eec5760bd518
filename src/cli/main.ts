#!/usr/bin/env node
// npx simdense COMMAND: parses the arguments, runs the command, and prints errors.

import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { show } from '../base/checks.js';
import { type Aliases, didYouMean } from '../base/did-you-mean.js';
import { SimdenseError } from '../base/errors.js';
import { version } from '../base/version.js';
import { visible } from '../base/visible.js';
import { type Command, exits } from './command.js';
import { bench } from './commands/bench.js';
import { compileModel } from './commands/compile.js';
import { demo } from './commands/demo.js';
import { describe as describeTable } from './commands/describe.js';
import { evaluate } from './commands/evaluate.js';
import { explain } from './commands/explain.js';
import { exportModel } from './commands/export.js';
import { importModel } from './commands/import.js';
import { inspect } from './commands/inspect.js';
import { predict } from './commands/predict.js';
import { train } from './commands/train.js';
import { tune } from './commands/tune.js';
import { worker } from './commands/worker.js';
import { describe, inTwoColumns } from './describe-options.js';
import { Interruption, interruptedExit } from './interrupt.js';
import { columnsOf } from './output.js';
import { parse } from './parse-options.js';
import { withoutSecrets } from './secrets.js';
import { wrapped } from './wrap.js';

const commands: readonly Command[] = [
  train,
  predict,
  evaluate,
  explain,
  tune,
  describeTable,
  inspect,
  exportModel,
  compileModel,
  importModel,
  worker,
  bench,
  demo,
];

/** The names of these commands in other tools. */
const aliases: Aliases = {
  train: 'fit learn',
  predict: 'infer apply score',
  evaluate: 'eval test validate',
  explain: 'why importance interpret',
  tune: 'search optimize',
  describe: 'head columns schema profile table',
  inspect: 'show info summary',
  compile: 'generate emit build',
  export: 'save',
  import: 'convert from load',
  bench: 'benchmark speed perf performance',
  demo: 'example',
};

function help(columns: number): string {
  const lines = inTwoColumns(
    commands.map(({ name, usage }) => `${name} ${usage}`),
    commands.map(({ summary }) => summary),
    columns,
  );
  return `${wrapped(`simdense ${version}: trains fully-connected neural networks`, columns)}

usage: simdense COMMAND [OPTIONS]

${lines}

${describe({ help: { type: 'boolean', help: 'this text; simdense COMMAND --help lists the options of a command' }, version: { type: 'boolean', help: 'the version' } }, columns)}

${wrapped('Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted, 143 terminated.', columns)}`;
}

function helpOf({ name, usage, summary, options, notes }: Command, columns: number): string {
  const [head, after] = [`simdense ${name} ${usage}`.trim(), notes ? `\n\n${notes}` : ''].map((text) =>
    wrapped(text, columns),
  );
  return `${head}\n\n${wrapped(summary, columns)}\n\n${describe(options, columns)}${after}`;
}

async function main([name, ...args]: readonly string[]): Promise<number> {
  if (name === 'help' && args.length === 1) return main([args[0] as string, '--help']);
  if (name === undefined || ['--version', '--help', '-h', 'help'].includes(name)) {
    if (args.length > 0)
      throw new SimdenseError('ARGUMENT', `${name}: takes nothing behind it, got ${show(args[0])}; simdense --help`);
    return say(name === '--version' ? version : help(columnsOf(process.stdout)));
  }
  const command = commands.find((known) => known.name === name);
  if (!command) {
    const hint = didYouMean(
      name,
      commands.map((known) => known.name),
      aliases,
    );
    throw new SimdenseError('ARGUMENT', `no command ${show(name)}${hint || '; simdense --help lists them'}`);
  }
  const { values, positionals } = parse(name, args, command.options);
  if (values['help']) return say(helpOf(command, columnsOf(process.stdout)));
  return command.run({ values, positionals });
}

function say(text: string): number {
  console.log(text);
  return exits.done;
}

/** Explanations of the system's error codes, for a path. */
const meanings: Readonly<Record<string, (path: string) => string>> = {
  ENOENT: (path) => `there is no ${existsSync(dirname(path)) ? path : `folder ${dirname(path)}`}`,
  ENOTDIR: (path) => `there is no ${path}: a file stands where a folder should`,
  EACCES: (path) => `${path} may not be read or written here`,
  EPERM: (path) => `${path} may not be read or written here`,
  EROFS: (path) => `${path} may not be read or written here`,
  ENOSPC: (path) => `the disk is full: ${path} could not be written, what was there is there still`,
  EISDIR: (path) => `${path} is a folder, expected a file`,
  ENAMETOOLONG: (path) =>
    `the name of ${path.slice(0, 40)}… is too long for this system, which allows about 250 characters`,
  ELOOP: (path) => `${path} is a link that leads back to itself`,
  ENXIO: (path) => `nobody reads what would be written to ${path}`,
  EMFILE: () => 'too many files are open',
};

/** The functions of the library that a message may begin with: who calls the command does not know them. */
const INTERNAL =
  /^(pipeline|fittingEncoder|fitPipeline|fitFurther|crossValidate|search|readTable|toDataset|partialDependence|permutationImportance|integratedGradients|worstRows): /;

/** An error as one line, without passwords and control characters. */
function messageOf(error: unknown): string {
  const { code, path, note } = error as { code?: string; path?: string; note?: string };
  const meaning = Object.hasOwn(meanings, String(code)) ? meanings[String(code)] : undefined;
  const message = error instanceof Error ? error.message : String(error);
  const expected = error instanceof SimdenseError || code !== undefined || isInterruption(error);
  const own = message.replace(INTERNAL, '');
  const words = meaning && path !== undefined ? meaning(path) : expected ? own : `unexpected error: ${message}`;
  return visible(withoutSecrets((note ? `${words}. ${note}` : words).replace(/\s*\n\s*/g, ' ')));
}

const isInterruption = (error: unknown): boolean => error instanceof Interruption;

function exitOf(error: unknown): number {
  if (isInterruption(error)) return interruptedExit();
  return error instanceof SimdenseError && error.code === 'ARGUMENT' ? exits.usage : exits.failed;
}

function complain(error: unknown): void {
  process.stderr.write(`${wrapped(`simdense: ${messageOf(error)}`, columnsOf(process.stderr))}\n`);
}

// EPIPE is no failure: a reader that has seen enough, such as head, closes the pipe.
process.stdout.on('error', (error: { code?: string }) =>
  process.exit(error.code === 'EPIPE' ? exits.done : exits.failed),
);
// Print uncaught errors and rejections, such as that of a lost connection, as one line too, without a stack.
process.on('uncaughtException', (error) => {
  complain(error);
  process.exit(exitOf(error));
});

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  complain(error);
  process.exitCode = exitOf(error);
}
