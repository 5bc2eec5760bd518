// Tables of the commands' options, from which both the parsing and --help follow.
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { refuse } from '../base/checks.js';
import { type Aliases, didYouMean } from '../base/did-you-mean.js';
import { SimdenseError } from '../base/errors.js';
import { scalerTypes } from '../data/scalers/index.js';
import { kinds } from '../index.js';
import type { Check } from './checks.js';
import * as checks from './checks.js';
import { wrapped } from './wrap.js';

export interface Option {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  /** The placeholder for the value in the help, such as 'N'. */
  readonly value?: string;
  /** The check of the value. Every option that takes a value has one. */
  readonly check?: Check;
  /** Whether the value may contain a password, before an @. */
  readonly secret?: true;
  /** This option has no effect unless one of these is given. */
  readonly needs?: readonly string[];
  readonly help: string;
}
export type Options = Readonly<Record<string, Option>>;

/** Options that `tune` does not have, since it searches for their values. */
export const tuned = {
  hidden: {
    type: 'string',
    value: 'N,N…',
    check: checks.units,
    help: 'units of each hidden layer; default 32. 0 for no hidden layer',
  },
  dropout: { type: 'string', value: 'RATE', check: checks.rate, help: 'dropout after each hidden layer; default 0' },
  'learning-rate': {
    type: 'string',
    value: 'X',
    check: checks.positive,
    help: "default: the optimizer's own, 0.001 for adam",
  },
} as const satisfies Options;

const seed = {
  type: 'string',
  value: 'N',
  check: checks.wholeFrom(0),
  help: 'seed of everything that is drawn at random; default 0. The same seed gives the same model',
} as const satisfies Option;

/** The option --force. Pass `needs` for a command that only writes files if one of these options is given. */
export const overwriting = (...needs: string[]) =>
  ({
    force: {
      type: 'boolean',
      help: 'replaces files that simdense did not make',
      ...(needs.length > 0 && { needs }),
    },
  }) as const satisfies Options;

/** Where independent training runs are run, and where their results are kept. */
export const running = {
  executor: {
    type: 'string',
    value: 'WHERE',
    check: checks.executor,
    secret: true,
    help: 'workers (threads), inline, or a queue such as redis://localhost:6379; default workers',
  },
  results: {
    type: 'string',
    value: 'FOLDER',
    check: checks.folder,
    help: 'keeps each finished training there; the same command goes on from them',
  },
} as const satisfies Options;

/** The options of all commands that train. */
export const training = {
  target: {
    type: 'string',
    value: 'COLUMN',
    check: checks.notEmpty('the name or number of a column'),
    help: 'the column to predict, by name, or by number from 0; default the last one',
  },
  activation: {
    type: 'string',
    value: 'NAME',
    check: checks.activation,
    help: 'activation of the hidden layers; default relu',
  },
  l2: { type: 'string', value: 'X', check: checks.atLeastZero, help: 'penalty on the squared weights; default 0' },
  optimizer: {
    type: 'string',
    value: 'NAME',
    check: checks.oneOf(kinds.optimizers),
    help: `${checks.choices(kinds.optimizers)}; default adam`,
  },
  'clip-norm': {
    type: 'string',
    value: 'N',
    check: checks.positive,
    help: 'the largest norm of all gradients together; default no limit',
  },
  epochs: { type: 'string', value: 'N', check: checks.wholeFrom(1), help: 'most epochs; default 200' },
  'batch-size': {
    type: 'string',
    value: 'N',
    check: checks.either('full', checks.wholeFrom(1)),
    help: 'rows for each update, or full; default 32',
  },
  patience: {
    type: 'string',
    value: 'N',
    check: checks.wholeFrom(0),
    help: 'stops after N epochs without a gain on a tenth of the rows; default 20. 0 never stops early',
  },
  scale: {
    type: 'string',
    value: 'NAME',
    check: checks.oneOf(scalerTypes),
    help: `how columns are scaled: ${checks.choices(scalerTypes)}; default standard`,
  },
  balanced: { type: 'boolean', help: 'rare classes weigh as much as common ones' },
  task: {
    type: 'string',
    value: 'NAME',
    check: checks.oneOf(['classification', 'regression']),
    help: 'classification or regression; default follows from the target',
  },
  test: {
    type: 'string',
    value: 'SHARE',
    check: checks.share,
    help: 'share of the rows that is held out to judge the model; default 0.25',
  },
  seed,
  out: { type: 'string', short: 'o', value: 'FILE', check: checks.file, help: 'the model; default NAME.safetensors' },
  report: { type: 'string', value: 'FILE', check: checks.file, help: 'the report, or none; default NAME.html' },
  ...overwriting(),
} as const satisfies Options;

/** How to read a table. */
export const reading = {
  missing: {
    type: 'string',
    value: 'WHAT',
    check: checks.oneOf(['error', 'skip']),
    help: 'skip leaves out rows with missing cells; default error',
  },
  delimiter: {
    type: 'string',
    value: 'C',
    check: checks.delimiter,
    help: 'character between cells, or tab; default is found out',
  },
  'no-header': { type: 'boolean', help: 'the first row is data' },
} as const satisfies Options;

export const common = {
  json: { type: 'boolean', help: 'prints JSON for machines, and nothing else' },
  quiet: { type: 'boolean', short: 'q', help: 'shows no progress' },
  help: { type: 'boolean', short: 'h', help: 'this text' },
} as const satisfies Options;

export type Values = Readonly<Record<string, string | boolean | undefined>>;

/** Parses and checks the arguments. Throws SimdenseError 'ARGUMENT' for an unknown option, an invalid value, or an option that would have no effect. */
export function parse(
  command: string,
  args: readonly string[],
  options: Options,
): { values: Values; positionals: string[] } {
  const parserOptions = Object.fromEntries(
    Object.entries(options).map(([name, { type, short }]) => [name, { type, ...(short !== undefined && { short }) }]),
  );
  const given = joined(args, options);
  refuseNames(command, given, options, parserOptions);
  const { values, positionals } = parsed(command, given, parserOptions);
  if (values['help'] !== true) checkValues(values, options);
  return { values, positionals };
}

function parsed(
  command: string,
  args: string[],
  options: NonNullable<ParseArgsConfig['options']>,
): { values: Values; positionals: string[] } {
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    return { values: values as Values, positionals };
  } catch (cause) {
    const [message] = (cause as Error).message.split('. ');
    throw new SimdenseError(
      'ARGUMENT',
      `${message}; simdense ${command} --help lists the options`.replace(/ {2}/g, ' '),
      { cause },
    );
  }
}

/** The names of these options in other tools. */
const aliases: Aliases = {
  '--learning-rate': 'lr rate eta stepsize learningrateinit',
  '--epochs': 'numepochs nepochs maxepochs iterations maxiter',
  '--batch-size': 'batch bs minibatch',
  '--hidden': 'layers units neurons hiddenlayers hiddenunits hiddenlayersizes',
  '--dropout': 'droprate',
  '--l2': 'weightdecay decay regularization',
  '--optimizer': 'optim solver',
  '--clip-norm':
    'maxnorm maxgradnorm gradclip gradientclip gradientclipval gradientclipping clipgradnorm clipbyglobalnorm globalclipnorm',
  '--patience': 'earlystopping earlystop niternochange',
  '--scale': 'scaler scaling normalize standardize',
  '--balanced': 'classweight',
  '--target': 'label labels y column labelcolumn',
  '--test': 'testsize testsplit testshare holdout',
  '--cv': 'crossvalidation crossvalidate folds kfold',
  '--folds': 'crossvalidation crossvalidate cv kfold',
  '--trials': 'ntrials niter maxtrials',
  '--seed': 'randomstate randomseed rng',
  '--executor': 'workers threads jobs njobs',
  '--results': 'cache',
  '--missing': 'na dropna skipmissing',
  '--delimiter': 'sep separator',
  '--probabilities': 'proba probs predictproba',
  '--to': 'format',
  '--out': 'output save model',
  '--report': 'html',
  '--force': 'overwrite',
  '--quiet': 'silent',
  '--redis': 'url host',
};

/** Throws SimdenseError 'ARGUMENT' for an unknown option, with a suggestion, and for one with a value that is given twice. */
function refuseNames(
  command: string,
  args: string[],
  options: Options,
  parserOptions: NonNullable<ParseArgsConfig['options']>,
): void {
  const { tokens } = parseArgs({ args, options: parserOptions, allowPositionals: true, strict: false, tokens: true });
  const named = tokens.filter((token) => token.kind === 'option');
  const unknown = named.find(({ name }) => !Object.hasOwn(options, name));
  if (!unknown) {
    refuseValues(named, options);
    refuseTwice(named.map(({ name }) => name).filter((name) => options[name]?.type === 'string'));
    return;
  }
  const { name, rawName } = unknown;
  const shown = rawName.length > 40 ? `${rawName.slice(0, 37)}…` : rawName;
  const choices = Object.keys(options).map((option) => `--${option}`);
  const hint = didYouMean(name, choices, aliases) || `; simdense ${command} --help lists the options`;
  throw new SimdenseError('ARGUMENT', `unknown option ${shown}${hint}`);
}

/** Throws SimdenseError 'ARGUMENT' for an option without its value, and for a value of an option that takes none. */
function refuseValues(
  named: readonly { name: string; value?: string | undefined; inlineValue?: boolean | undefined }[],
  options: Options,
): void {
  for (const { name, value, inlineValue } of named) {
    const { type, check } = options[name] as Option;
    if (type === 'boolean' && value !== undefined)
      throw new SimdenseError('ARGUMENT', `--${name}: takes no value; leave out what follows it`);
    // What begins like an option is one: a value that does is given as --name=-value.
    const missing = value === undefined || (inlineValue === false && value.length > 1 && value.startsWith('-'));
    if (type === 'string' && missing)
      throw new SimdenseError('ARGUMENT', `--${name}: expected ${check?.expected ?? 'a value'} behind it, got nothing`);
  }
}

/** Throws SimdenseError 'ARGUMENT' for an option that is given twice, since parseArgs would ignore the first value. */
function refuseTwice(names: readonly string[]): void {
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined)
    throw new SimdenseError('ARGUMENT', `--${twice}: given twice; leave out the one that is not meant`);
}

/** Turns `--l2 -1` into `--l2=-1`, since parseArgs would take -1 for another option. */
function joined(args: readonly string[], options: Options): string[] {
  const list: string[] = [];
  for (const arg of args) {
    const option = /^--([\w-]+)$/.exec(list.at(-1) ?? '')?.[1];
    const takes = option !== undefined && Object.hasOwn(options, option) && options[option]?.type === 'string';
    if (takes && /^-(\d|\.\d|inf)/i.test(arg)) list.push(`${list.pop()}=${arg}`);
    else list.push(arg);
  }
  return list;
}

function checkValues(values: Values, options: Options): void {
  for (const [name, { check, needs, secret }] of Object.entries(options)) {
    const value = values[name];
    if (value === undefined) continue;
    if (typeof value === 'string' && check && !check.passes(value))
      refuse(`--${name}`, check.expected, secret ? value.replace(/^.*@/s, '') : value, check.hint?.(value));
    if (needs?.every((other) => values[other] === undefined))
      throw new SimdenseError('ARGUMENT', `--${name}: has no effect without --${needs.join(' or --')}`);
  }
}

/** The options for a help text, wrapped to `columns`. */
export function describe(options: Options, columns = Number.POSITIVE_INFINITY): string {
  const heads = Object.entries(options).map(
    ([name, { short, value }]) => `${short ? `-${short}, ` : ''}--${name}${value ? ` ${value}` : ''}`,
  );
  return inTwoColumns(
    heads,
    Object.values(options).map(({ help }) => help),
    columns,
  );
}

/** Lists heads and texts in two columns, or on a narrow terminal each text below its head. */
export function inTwoColumns(heads: readonly string[], texts: readonly string[], columns: number): string {
  const width = heads.reduce((most, head) => Math.max(most, head.length), 0);
  const beside = columns - width - 5 >= 24;
  return heads
    .map((head, i) => {
      const text = texts[i] as string;
      if (!beside) return `  ${head}\n${wrapped(`      ${text}`, columns)}`;
      return wrapped(`  ${head.padEnd(width)}   ${text}`, columns, width + 5);
    })
    .join('\n');
}

/** The value of an option as a number, or the default. */
export function number(values: Values, name: string, otherwise: number): number {
  const text = values[name];
  return text === undefined ? otherwise : Number(text);
}

export function text(values: Values, name: string): string | undefined {
  return values[name] as string | undefined;
}
