import { activationNames } from './activations.js';
import { layerTypes } from './layers/index.js';
import { lossNames } from './losses.js';
import { metricNames } from './metrics/index.js';
import { optimizerTypes } from './optimizers/index.js';

/**
 * The names of all layers, activations, losses, metrics and optimizers, for example as the choices of a form.
 *
 * @example
 * import { kinds } from 'simdense';
 *
 * kinds.optimizers; // ['sgd', 'adam', 'adamw', 'rmsprop', 'adagrad', 'lion']
 */
export const kinds = /* @__PURE__ */ Object.freeze({
  layers: /* @__PURE__ */ Object.freeze(layerTypes),
  activations: /* @__PURE__ */ Object.freeze(activationNames),
  losses: /* @__PURE__ */ Object.freeze(lossNames),
  metrics: /* @__PURE__ */ Object.freeze(metricNames),
  optimizers: /* @__PURE__ */ Object.freeze(optimizerTypes),
});
