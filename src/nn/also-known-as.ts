import { show } from '../base/checks.js';
import { plain } from '../base/did-you-mean.js';
import { SimdenseError } from '../base/errors.js';

/** What other libraries call ours, in small letters and without a closing "loss". */
const others: ReadonlyMap<string, string> = new Map(
  Object.entries({
    meanSquaredError: 'mse l2 squarederror meansquared',
    meanAbsoluteError: 'mae l1 absoluteerror meanabsolute',
    huber: 'smoothl1',
    binaryCrossentropy: 'bce bcewithlogits log',
    categoricalCrossentropy: 'cce ce crossentropy sparsecategoricalcrossentropy softmaxcrossentropy nll',
    accuracy: 'acc accuracyscore binaryaccuracy categoricalaccuracy sparsecategoricalaccuracy',
    topKAccuracy: 'topk top5 topkcategoricalaccuracy sparsetopkcategoricalaccuracy',
    f1: 'f1score fscore',
    auc: 'rocauc aucroc rocaucscore',
    rootMeanSquaredError: 'rmse rootmeansquared',
    r2: 'r2score rsquared',
    silu: 'swish',
    sigmoid: 'logistic',
    linear: 'identity none',
    leakyRelu: 'lrelu',
    sgd: 'momentum gd gradientdescent',
  }).flatMap(([ours, names]) => names.split(' ').map((name) => [name, ours])),
);

/** Throws SimdenseError 'ARGUMENT' that says which of `choices` is meant, where `value` is one of them in another spelling. */
export function suggest(where: string, value: unknown, choices: readonly string[]): void {
  // A longer one is no name.
  if (typeof value !== 'string' || value.length > 40) return;
  const name = plain(value).replace(/loss$/, '');
  const meant = choices.find((choice) => plain(choice) === name) ?? others.get(name) ?? '';
  if (!choices.includes(meant) || meant === value) return;
  const too = name.startsWith('sparse') ? ', which takes class indices' : '';
  throw new SimdenseError('ARGUMENT', `${where}: unknown ${show(value)}; did you mean ${meant}${too}?`);
}
