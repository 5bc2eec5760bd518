import { refuse } from '../base/checks.js';
import type { FittedPipeline } from '../evaluate/fitted-pipeline.js';
import type { Sequential } from '../train/sequential.js';

/** Throws SimdenseError 'ARGUMENT' for anything but a model or a pipeline of one network. */
export function checkModel<M extends Sequential | FittedPipeline>(where: string, m: M): M {
  const model = m && 'model' in Object(m) ? (m as FittedPipeline).model : (m as Sequential);
  const hint = Array.isArray(Object(m).members)
    ? '; its file holds one network: compile writes an ensemble, train --quick makes one network, or pass one of its members'
    : '';
  if (typeof model?.getWeights !== 'function') refuse(`${where}(model)`, 'a model or a pipeline', m, hint);
  return m;
}
