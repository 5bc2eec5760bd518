// From which probability on the positive class is predicted: for a wanted precision or recall, or the least cost.
import { SimdenseError } from '../base/errors.js';
import type { Label } from '../data/index.js';
import type { Dataset, Ensemble } from '../evaluate/index.js';
import { chooseThreshold, type ThresholdOptions } from '../explain/index.js';
import * as checks from './checks.js';
import { count, percent, short } from './numbers.js';
import type { Options, Values } from './options.js';
import { quoted as shellWord } from './repeat.js';

export const deciding = {
  precision: {
    type: 'string',
    value: 'SHARE',
    check: checks.share,
    help: 'of two classes: predicts the one of --positive only where it is sure enough that such a share of these is right',
  },
  recall: {
    type: 'string',
    value: 'SHARE',
    check: checks.share,
    help: 'of two classes: predicts the one of --positive so often that such a share of it is found',
  },
  cost: {
    type: 'string',
    value: 'A:B',
    check: checks.costs,
    help: 'of two classes: what it costs to call a row --positive that is not, and to miss one that is, such as 1:5',
  },
} as const satisfies Options;

/** Of fewer answers a share is known too badly to be said without a warning. */
const FEW = 20;

/** What is asked for, by name. */
const wishesOf = (values: Values): string[] =>
  Object.entries({ precision: values['precision'], recall: values['recall'], cost: values['cost'] }).flatMap(
    ([name, value]) => (value === undefined ? [] : [name]),
  );

/** Whether a threshold is asked for. */
export const asksToDecide = (values: Values): boolean => wishesOf(values).length > 0;

/** What the answers are like by the words of the wish, where the judgement finds them worse than guessing: no fault to look for. '' without a wish. */
export function priceWords(values: Values): string {
  const [wish] = wishesOf(values);
  return wish === undefined
    ? ''
    : `That is the price of what --${wish} asks for; leave it out to be right as often as can be.`;
}

/** Throws SimdenseError 'ARGUMENT' for two wishes, and for one where the option `one` asks for one network, which has not judged itself. */
export function checkDeciding(values: Values, one: string | undefined): void {
  const [first, second] = wishesOf(values);
  if (first === undefined) return;
  if (second !== undefined)
    throw new SimdenseError(
      'ARGUMENT',
      `--${second}: --${first} chooses already from which probability on; give one of them`,
    );
  if (one !== undefined)
    throw new SimdenseError(
      'ARGUMENT',
      `--${first}: is chosen by what each of several networks has not learnt from, and --${one} asks for one network; leave it out`,
    );
}

/** Whether the words of two classes say that the second is the positive one. */
export const areOrdered = ([first]: readonly Label[]): boolean =>
  /^(-?\d.*|no|n|false|f|none|neg|negative)$/i.test(String(first));

/** Throws SimdenseError 'ARGUMENT' where there are not two classes to decide between, or nothing says which is to be found. */
export function checkTwo(values: Values, { classes }: Dataset): void {
  const [wish] = wishesOf(values);
  if (wish === undefined) return;
  if (classes?.length === 2) {
    const words = classes.map((label) => shellWord(String(label)));
    if (values['positive'] === undefined && !areOrdered(classes))
      throw new SimdenseError(
        'ARGUMENT',
        `--${wish}: is about one of the classes; say which: --positive ${words[0]} or --positive ${words[1]}`,
      );
    return;
  }
  const found = classes ? `${classes.length} classes` : 'no classes';
  throw new SimdenseError('ARGUMENT', `--${wish}: is about two classes, and the target has ${found}`);
}

/**
 * Chooses by the rows that the networks have not learnt from, and tells the model. What came of it in words; '' where nothing is asked for. Where no threshold gives what is asked for,
 * the words say what can be reached, and the model answers the most probable class: hours of training are not thrown away.
 */
export function decideBy(values: Values, model: Ensemble): string {
  const [wish] = wishesOf(values);
  if (wish === undefined) return '';
  const { classes = [], outOfFold } = model;
  // The positive class is the last of two.
  const positive = classes[1] as Label;
  const { actual, predictions } = outOfFold as NonNullable<Ensemble['outOfFold']>;
  try {
    const { threshold, precision, recall, predictedPositive } = chooseThreshold(actual, predictions, {
      classes,
      positive,
      ...wanted(values),
    });
    model.decide({ positive, threshold });
    return `From a probability of ${short(threshold)} on it answers ${positive}, as --${wish} asks: of ${count(actual.length)} that it was chosen by, ${predictedPositive === 0 ? 'none is called so' : `${predictedPositive} are called so, ${percent(precision)} of these are, and it finds ${percent(recall)} of all ${positive}`}.${predictedPositive < FEW ? ' So few say little of other rows.' : ''}${insteadWords(model)}`;
  } catch (cause) {
    if (!(cause instanceof SimdenseError) || cause.code !== 'DATA') throw cause;
    const reason = cause.message.replace(/^chooseThreshold: /, '');
    return `--${wish} cannot be met: ${reason}. So the model answers the most probable class, as without --${wish}.`;
  }
}

/** How often the most probable class is right, on the same rows. */
function insteadWords({ classes = [], outOfFold }: Ensemble): string {
  const { actual, predictions } = outOfFold as NonNullable<Ensemble['outOfFold']>;
  const right = Array.from(predictions.argmax()).filter((top, row) => classes[top] === actual[row]).length;
  return ` The most probable class would be right in ${percent(right / actual.length)} of all.`;
}

function wanted(values: Values): Pick<ThresholdOptions, 'precision' | 'recall' | 'cost'> {
  if (values['precision'] !== undefined) return { precision: Number(values['precision']) };
  if (values['recall'] !== undefined) return { recall: Number(values['recall']) };
  const [falsePositive = 1, falseNegative = 1] = String(values['cost']).split(':').map(Number);
  return { cost: { falsePositive, falseNegative } };
}
