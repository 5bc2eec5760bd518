// Parses and checks the arguments by the tables of options.
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { refuse } from '../base/checks.js';
import { type Aliases, didYouMean } from '../base/did-you-mean.js';
import { SimdenseError } from '../base/errors.js';
import type { Option, Options, Values } from './options.js';

/** Parses and checks the arguments. Throws SimdenseError 'ARGUMENT' for an unknown option, an invalid value, or an option that would have no effect. */
export function parse(
  command: string,
  args: readonly string[],
  options: Options,
): { values: Values; positionals: string[] } {
  const parserOptions = Object.fromEntries(
    Object.entries(options).map(([name, { type, short, multiple }]) => [
      name,
      { type, ...(short !== undefined && { short }), ...(multiple && { multiple }) },
    ]),
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
  '--missing-words': 'na navalues nullvalues missingvalues nastrings',
  '--no-missing-words': 'nodefaultna keepdefaultna nonafilter nona',
  '--delimiter': 'sep',
  '--separator': 'labelseparator',
  '--ignore': 'drop exclude skip',
  '--kind': 'dtype dtypes type types kinds',
  '--from': 'resume warmstart continue initialmodel',
  '--probabilities': 'proba probs predictproba',
  '--to': 'format',
  '--out': 'output save model',
  '--report': 'html',
  '--force': 'overwrite',
  '--quiet': 'silent',
  '--redis': 'url host',
};

/** What stands for the --missing of earlier versions. */
const GONE =
  'no row is left out for missing cells any more, they are learnt from as they are; --missing-words says which words mean a missing cell';

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
    const once = ({ type, multiple }: Option): boolean => type === 'string' && !multiple;
    refuseTwice(named.map(({ name }) => name).filter((name) => once(options[name] as Option)));
    return;
  }
  const { name, rawName } = unknown;
  if (Object.hasOwn(options, 'missing-words') && rawName === '--missing')
    throw new SimdenseError('ARGUMENT', `unknown option --missing: ${GONE}`);
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
    for (const given of [value].flat())
      if (typeof given === 'string' && check && !check.passes(given))
        refuse(`--${name}`, check.expected, secret ? given.replace(/^.*@/s, '') : given, check.hint?.(given));
    if (needs?.every((other) => values[other] === undefined))
      throw new SimdenseError('ARGUMENT', `--${name}: has no effect without --${needs.join(' or --')}`);
  }
}
