import { atLeastZero, isRecord, own, refuse, show } from '../base/checks.js';
import { didYouMean } from '../base/did-you-mean.js';
import { SimdenseError } from '../base/errors.js';
import { type LayerRates, type Network, NO_RATES, rateOf } from '../nn/network.js';

/** The factors of layers, in the layers' order. Throws SimdenseError 'ARGUMENT' for layers that have nothing to train, and if no layer would learn. */
export function checkLayerRates({ parameters, names }: Network, given: unknown): LayerRates {
  if (given === undefined) return NO_RATES;
  const where = 'compile(layerRates)';
  if (!isRecord(given)) refuse(where, 'factors by layer, such as { dense: 0 }', given);
  const layers = [...new Set(parameters.filter((parameter) => rateOf(parameter) > 0).map(({ layer }) => layer))];
  const wrong = Object.keys(given).find((name) => !layers.includes(name));
  if (wrong !== undefined) {
    const what = names.includes(wrong) ? 'has nothing to train' : 'is no layer';
    const message = `${show(wrong)} ${what}; those to train are ${layers.join(', ')}${didYouMean(wrong, layers)}`;
    throw new SimdenseError('ARGUMENT', `${where}: ${message}`);
  }
  const rates: Record<string, number> = own({});
  for (const name of layers)
    if (Object.hasOwn(given, name)) rates[name] = atLeastZero(`compile(layerRates.${name})`, given[name]);
  const factors = Object.values(rates);
  if (factors.length === 0) return NO_RATES;
  if (factors.length === layers.length && factors.every((factor) => factor === 0))
    throw new SimdenseError('ARGUMENT', `${where}: nothing would learn; leave a layer above 0`);
  return Object.freeze(rates);
}
