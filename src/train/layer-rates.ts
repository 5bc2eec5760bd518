import { atLeastZero, isRecord, own, refuse, show } from '../base/checks.js';
import { didYouMean } from '../base/did-you-mean.js';
import { SimdenseError } from '../base/errors.js';
import { type LayerRates, type Network, rateOf } from '../nn/network.js';
import { NO_RATES } from './trainer.js';

/** The factors of layers, in the layers' order. Throws SimdenseError 'ARGUMENT' for layers that have nothing to train, and if no layer would learn. */
export function checkLayerRates({ parameters, names }: Network, given: unknown = {}): LayerRates {
  const where = 'compile(layerRates)';
  if (!isRecord(given)) refuse(where, 'factors by layer, such as { dense: 0 }', given);
  const asked = Object.keys(given);
  if (asked.length === 0) return NO_RATES;
  const layers = [...new Set(parameters.filter((parameter) => rateOf(parameter) > 0).map(({ layer }) => layer))];
  const wrong = asked.find((name) => !layers.includes(name));
  if (wrong !== undefined) {
    const what = names.includes(wrong) ? 'has nothing to train' : 'is no layer';
    const message = `${show(wrong)} ${what}; those to train are ${layers.join(', ')}${didYouMean(wrong, layers)}`;
    throw new SimdenseError('ARGUMENT', `${where}: ${message}`);
  }
  const rates: Record<string, number> = own({});
  for (const name of layers)
    if (asked.includes(name)) rates[name] = atLeastZero(`compile(layerRates.${name})`, given[name]);
  if (layers.every((name) => rates[name] === 0))
    throw new SimdenseError('ARGUMENT', `${where}: nothing would learn; leave a layer above 0`);
  return Object.freeze(rates);
}
