// The commands' options as data: what parseArgs is told and what --help says come from one table.
import { parseArgs } from 'node:util';
import { SimdenseError } from '../base/errors.js';

export interface Option {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  /** What stands for the value in the help, such as 'N'. */
  readonly value?: string;
  readonly help: string;
}
export type Options = Readonly<Record<string, Option>>;

/** What tuning finds by itself. */
export const tuned = {
  hidden: { type: 'string', value: 'N,N…', help: 'units of the hidden layers; 32. 0 for none' },
  dropout: { type: 'string', value: 'RATE', help: 'after each hidden layer; 0' },
  'learning-rate': { type: 'string', value: 'X', help: "the optimizer's own, 0.001 for adam" },
} as const satisfies Options;

/** What is trained, how, and where to: of all commands that train. */
export const training = {
  target: {
    type: 'string',
    value: 'COLUMN',
    help: 'what to predict: a column by name, or by number from 0; the last one',
  },
  activation: { type: 'string', value: 'NAME', help: 'of the hidden layers; relu' },
  l2: { type: 'string', value: 'X', help: 'penalty on the squares of the weights; 0' },
  optimizer: { type: 'string', value: 'NAME', help: 'adam, adamw, sgd, rmsprop or adagrad; adam' },
  epochs: { type: 'string', value: 'N', help: 'at most; 200' },
  'batch-size': { type: 'string', value: 'N', help: 'rows an update, or full; 32' },
  patience: {
    type: 'string',
    value: 'N',
    help: 'epochs without a gain before it stops, by a tenth of the rows; 20. 0 trains on',
  },
  scale: { type: 'string', value: 'NAME', help: 'standard, minMax, robust or none; standard' },
  balanced: { type: 'boolean', help: 'rare classes weigh as much as common ones' },
  task: { type: 'string', value: 'NAME', help: 'classification or regression; as the target looks' },
  test: { type: 'string', value: 'SHARE', help: 'of the rows, held out to judge the model; 0.25' },
  seed: { type: 'string', value: 'N', help: 'of all that is drawn; 0. The same seed gives the same model' },
  executor: {
    type: 'string',
    value: 'WHERE',
    help: 'workers (threads), inline, or a queue such as redis://localhost:6379; workers',
  },
  results: {
    type: 'string',
    value: 'FOLDER',
    help: 'keeps what has been trained there; begun again it goes on from it',
  },
  out: { type: 'string', short: 'o', value: 'FILE', help: 'the model; NAME.safetensors beside you' },
  report: { type: 'string', value: 'FILE', help: 'the report; NAME.html beside you. none for none' },
} as const satisfies Options;

/** How a table is read. */
export const reading = {
  missing: { type: 'string', value: 'WHAT', help: 'skip leaves out rows with missing cells; error' },
  delimiter: { type: 'string', value: 'C', help: 'between cells; found out' },
  'no-header': { type: 'boolean', help: 'the first row is data' },
} as const satisfies Options;

export const common = {
  json: { type: 'boolean', help: 'prints JSON for machines, and nothing else' },
  quiet: { type: 'boolean', short: 'q', help: 'no progress' },
  help: { type: 'boolean', short: 'h', help: 'this text' },
} as const satisfies Options;

export type Values = Readonly<Record<string, string | boolean | undefined>>;

/** Values and positionals. Throws SimdenseError 'ARGUMENT' for an option that the command has not. */
export function parse(
  command: string,
  args: readonly string[],
  options: Options,
): { values: Values; positionals: string[] } {
  const told = Object.fromEntries(
    Object.entries(options).map(([name, { type, short }]) => [name, { type, ...(short !== undefined && { short }) }]),
  );
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: told, allowPositionals: true });
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

/** Lines of a help text. */
export function describe(options: Options): string {
  const heads = Object.entries(options).map(
    ([name, { short, value }]) => `${short ? `-${short}, ` : ''}--${name}${value ? ` ${value}` : ''}`,
  );
  const width = Math.max(...heads.map((head) => head.length));
  return Object.values(options)
    .map(({ help }, i) => `  ${(heads[i] as string).padEnd(width)}   ${help}`)
    .join('\n');
}

/** A number among the values. Throws SimdenseError 'ARGUMENT'. */
export function number(values: Values, name: string, otherwise: number): number {
  const text = values[name];
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (typeof text !== 'string' || text.trim() === '' || !Number.isFinite(value))
    throw new SimdenseError('ARGUMENT', `--${name}: expected a number, got "${text}"`);
  return value;
}

export function text(values: Values, name: string): string | undefined {
  return values[name] as string | undefined;
}
