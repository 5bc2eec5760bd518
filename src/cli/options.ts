// Tables of the commands' options, from which both the parsing and --help follow.
import { scalerTypes } from '../data/scalers/index.js';
import { kinds } from '../index.js';
import { columnKinds } from '../table/kind.js';
import type { Check } from './checks.js';
import * as checks from './checks.js';
import { parts } from './parts.js';

export interface Option {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  /** The placeholder for the value in the help, such as 'N'. */
  readonly value?: string;
  /** The check of the value. Every option that takes a value has one. */
  readonly check?: Check;
  /** Whether the value may contain a password, before an @. */
  readonly secret?: true;
  /** Whether it may be given several times, and each value may be a list with commas. */
  readonly multiple?: true;
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
    help: 'units of each hidden layer; default 64,64. 0 for no hidden layer',
  },
  dropout: {
    type: 'string',
    value: 'RATE',
    check: checks.rate,
    help: 'dropout after each hidden layer; default 0.15, and 0 for more than 5,000 rows',
  },
  'learning-rate': {
    type: 'string',
    value: 'X',
    check: checks.positive,
    help: 'default 0.01, or 0.02 for more than 5,000 rows, which falls along half a cosine; with --optimizer its own, which stays',
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
    help: 'the column to predict, by name, or by number from 0; several as a,b; default the last one that is used',
  },
  separator: {
    type: 'string',
    value: 'TEXT',
    check: checks.someText('what stands between the labels of a cell, such as ;'),
    help: 'what stands between the labels of a cell that lists several; default: a cell is one label',
  },
  positive: {
    type: 'string',
    value: 'CLASS',
    check: checks.notEmpty('the name of a class'),
    help: 'which of two classes precision, recall and the like are about; default the second in alphabetical order',
  },
  group: {
    type: 'string',
    value: 'COLUMN',
    check: checks.notEmpty('the name of a column'),
    help: 'rows with the same value in this column, such as the patient, are all learnt from or all judged; the column itself is not learnt from',
  },
  time: {
    type: 'string',
    value: 'COLUMN',
    check: checks.notEmpty('the name of a column'),
    help: 'the latest rows by this column, a date or a number, judge what was learnt from the earlier ones',
  },
  activation: {
    type: 'string',
    value: 'NAME',
    check: checks.activation,
    help: 'activation of the hidden layers; default silu',
  },
  l2: {
    type: 'string',
    value: 'X',
    check: checks.atLeastZero,
    help: 'penalty on the squared weights; default 0: adamw has a decay of 0.7',
  },
  optimizer: {
    type: 'string',
    value: 'NAME',
    check: checks.oneOf(kinds.optimizers),
    help: `${checks.choices(kinds.optimizers)}; default adamw`,
  },
  'clip-norm': {
    type: 'string',
    value: 'N',
    check: checks.positive,
    help: 'the largest norm of all gradients together; default no limit',
  },
  epochs: {
    type: 'string',
    value: 'N',
    check: checks.wholeFrom(1),
    help: 'most epochs; default 20, at most 10 for more than 5,000 rows',
  },
  'batch-size': {
    type: 'string',
    value: 'N',
    check: checks.either('full', checks.wholeFrom(1)),
    help: 'rows for each update, or full; default 32, up to 256 for more than 1,000 rows',
  },
  patience: {
    type: 'string',
    value: 'N',
    check: checks.wholeFrom(0),
    help: 'stops after N epochs without a gain on a tenth of the rows; default 0, which never stops early',
  },
  scale: {
    type: 'string',
    value: 'NAME',
    check: checks.oneOf(scalerTypes),
    help: `how numbers are scaled: ${checks.choices(scalerTypes)}; default by median and spread, outliers bounded`,
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
    help: 'share of the rows that is held out to judge the model; default 0.25 of one network, none of several, which judge each other',
  },
  'no-refit': {
    type: 'boolean',
    help: 'saves the model that was judged; default: it is trained again on all rows, held-out ones too',
  },
  seed,
  out: { type: 'string', short: 'o', value: 'FILE', check: checks.file, help: 'the model; default NAME.safetensors' },
  report: {
    type: 'string',
    value: 'FILE',
    check: checks.file,
    help: 'the report, or none; default beside the model, NAME.html',
  },
  ...overwriting(),
} as const satisfies Options;

/** How to read a file. */
export const reading = {
  delimiter: {
    type: 'string',
    value: 'C',
    check: checks.delimiter,
    help: 'character between cells, or tab, or space; default is found out',
  },
  decimal: {
    type: 'string',
    value: 'C',
    check: checks.decimal,
    help: 'sign before the decimals, . or ,; default is found out',
  },
  header: {
    type: 'string',
    value: 'YES|NO',
    check: checks.oneOf(['yes', 'no']),
    help: 'whether the first row names the columns; default is found out',
  },
  'no-header': { type: 'boolean', help: 'the same as --header no' },
  sheet: {
    type: 'string',
    value: 'NAME',
    check: checks.notEmpty('the name or number of a sheet'),
    help: 'the sheet of an Excel file, by name or number from 1, or the table of an SQLite file; default the first sheet, the only table',
  },
  query: {
    type: 'string',
    value: 'SQL',
    check: checks.notEmpty("a query such as 'SELECT a, b FROM t'"),
    help: "the rows of an SQLite file: 'SELECT a, b FROM t'",
  },
  'missing-words': {
    type: 'string',
    value: 'A,B…',
    check: checks.list,
    multiple: true,
    help: 'more words that mean a missing cell, such as None; NA, null, ? and the like do already',
  },
} as const satisfies Options;

/** What the columns of a file are, where that is not what is found out. */
export const columns = {
  ignore: {
    type: 'string',
    value: 'A,B…',
    check: checks.list,
    multiple: true,
    help: 'columns to leave out; a name with a comma in quotes: \'"a,b",c\'',
  },
  kind: {
    type: 'string',
    value: 'A=KIND,…',
    check: checks.kinds,
    multiple: true,
    help: `what a column is: ${checks.choices(columnKinds)}; zip=category`,
  },
  'no-missing-words': {
    type: 'boolean',
    help: 'no word means a missing cell: NA, null, ? and the like stay as they are; only an empty cell is missing',
  },
  dates: {
    type: 'string',
    value: 'ORDER',
    check: checks.oneOf(['dmy', 'mdy']),
    help: 'dmy or mdy: whether 1/2/2000 is in February or in January; default is found out',
  },
} as const satisfies Options;

export const common = {
  json: { type: 'boolean', help: 'prints JSON for machines, and nothing else' },
  quiet: { type: 'boolean', short: 'q', help: 'shows no progress' },
  help: { type: 'boolean', short: 'h', help: 'this text' },
} as const satisfies Options;

export type Values = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

/** The value of an option as a number, or the default. */
export function number(values: Values, name: string, otherwise: number): number {
  const text = values[name];
  return text === undefined ? otherwise : Number(text);
}

export function text(values: Values, name: string): string | undefined {
  return values[name] as string | undefined;
}

/** The values of an option that may be a list. */
export function list(values: Values, name: string): string[] {
  return [values[name] ?? []].flat().flatMap((text) => parts(String(text)));
}
