// What diagnose finds, in the words of the command: the names of features and classes, and its options as advice.
import type { Finding, FindingCode } from '../diagnose/index.js';
import { type Names, named } from '../diagnose/names.js';
import type { FittedPipeline } from '../evaluate/index.js';
import { rateOf } from './model.js';
import { number, type Options, type Values } from './options.js';

/** What a tip is made from. */
interface Run {
  readonly values: Values;
  /** How long it was to be trained. */
  readonly epochs: number;
  /** The learning rate times a factor, as an option. */
  rate(factor: number): string;
}

/** What may help: the option that it is about, if any, and the words. */
type Tip = readonly [option: string | undefined, words: string];

const CHECK_LABELS: Tip = [undefined, 'check that labels belong to their rows'];
const OTHER_SEED: Tip = ['seed', 'try another --seed'];

const tips: { readonly [Code in FindingCode]: (run: Run) => readonly Tip[] } = {
  'unscaled-inputs': ({ values }) =>
    values['scale'] === 'none'
      ? [['scale', 'leave out --scale none']]
      : [
          ['scale', 'try another --scale'],
          [undefined, 'look for outliers'],
        ],
  'unscaled-targets': () => [[undefined, 'look for outliers among the targets']],
  'symmetric-weights': () => [OTHER_SEED],
  'exploding-gradients': () => [
    ['clip-norm', 'try --clip-norm 1'],
    ['hidden', 'take fewer hidden layers: --hidden 32'],
  ],
  diverging: ({ rate }) => [
    ['learning-rate', `divide the learning rate by ten: ${rate(0.1)}`],
    ['clip-norm', 'try --clip-norm 1'],
  ],
  saturated: ({ rate }) => [
    ['learning-rate', `divide the learning rate by ten: ${rate(0.1)}`],
    ['activation', 'take --activation relu'],
  ],
  'vanishing-gradients': () => [
    ['activation', 'take --activation relu'],
    ['hidden', 'take fewer hidden layers: --hidden 32'],
  ],
  'first-loss': () => [[undefined, 'look for outliers, and for a column that says the target already']],
  'update-too-large': ({ rate }) => [['learning-rate', `divide the learning rate by ten: ${rate(0.1)}`]],
  'dead-relu': ({ rate }) => [
    ['learning-rate', `lower the learning rate: ${rate(0.1)}`],
    ['activation', 'take --activation leakyRelu'],
  ],
  'update-too-small': ({ values, rate }) =>
    values['clip-norm'] === undefined
      ? [['learning-rate', `multiply the learning rate by ten: ${rate(10)}`]]
      : [['clip-norm', 'leave out --clip-norm']],
  'loss-oscillates': ({ values, rate }) => [
    ['learning-rate', `divide the learning rate by three: ${rate(1 / 3)}`],
    ...(values['batch-size'] === 'full'
      ? []
      : [['batch-size', `take larger batches: --batch-size ${4 * number(values, 'batch-size', 32)}`] as const]),
  ],
  'under-fitting': () => [['hidden', 'use more units: --hidden 64']],
  'class-collapse': ({ values }) => [
    ...(values['balanced'] ? [] : [['balanced', '--balanced gives rare classes more weight'] as const]),
    CHECK_LABELS,
  ],
  'loss-does-not-fall': ({ rate }) => [
    ['learning-rate', `try another learning rate, such as ${rate(10)}`],
    CHECK_LABELS,
  ],
  'over-fitting': ({ values }) => [
    ...(values['patience'] === '0' ? [['patience', 'leave out --patience 0'] as const] : []),
    ['dropout', 'try --dropout 0.2'],
    ['l2', 'try --l2 0.001'],
    [undefined, 'more rows help most'],
  ],
  'constant-columns': () => [['ignore', 'leave out columns that do not vary: --ignore']],
  'too-few-epochs': ({ epochs }) => [['epochs', `train longer: --epochs ${3 * epochs}`]],
};

/** What a command can be asked for. */
export interface CommandFacts {
  readonly options: Options;
  /** Options that cannot be given: those that a saved model has answered. */
  readonly without: readonly string[];
  /** Whether the networks are of our own choice: then nobody can do anything about what only a setting of theirs would mend. */
  readonly ours: boolean;
  readonly values: Values;
}

/** The findings as the command says them. */
export function commandFindings(
  findings: readonly Finding[],
  model: FittedPipeline,
  { options, without, ours, values }: CommandFacts,
): Finding[] {
  const own = rateOf(model);
  const rate = (factor: number): string =>
    `--learning-rate ${own === undefined ? 'X' : Number((factor * own).toPrecision(2))}`;
  const can = (option: string | undefined): boolean =>
    option === undefined || (Object.hasOwn(options, option) && !without.includes(option));
  return findings.flatMap((finding) => {
    const words = tips[finding.code]({ values, rate, epochs: Number(model.pipeline.fit.epochs) }).flatMap(
      ([option, tip]) => (can(option) ? tip : []),
    );
    if (words.length === 0 && ours) return [];
    const advice = words.length > 0 ? words.join(', or ') : 'check the columns, and that labels belong to their rows';
    const { message } = named(finding, namesIn(model));
    return {
      ...finding,
      message: message.replaceAll('clipNorm', '--clip-norm'),
      advice: `${advice[0]?.toUpperCase()}${advice.slice(1)}`,
    };
  });
}

/** What the inputs of a model's network, and its classes, are called. */
export const namesIn = ({ encoder, columns, classes }: FittedPipeline): Names => {
  const inputs = encoder?.features ?? columns;
  return { ...(inputs && { inputs }), ...(classes && { classes: classes.map(String) }) };
};
