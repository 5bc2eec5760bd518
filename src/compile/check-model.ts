import { refuse } from '../base/checks.js';
import type { FittedPipeline } from '../evaluate/fitted-pipeline.js';
import type { Sequential } from '../train/sequential.js';

/** Throws SimdenseError 'ARGUMENT' for anything but a model or a pipeline of one network. */
export function checkModel<M extends Sequential | FittedPipeline>(where: string, m: M): M {
  const model = m && 'model' in Object(m) ? (m as FittedPipeline).model : (m as Sequential);
  if (typeof model?.getWeights !== 'function') refuse(`${where}(model)`, 'a model or a pipeline', m);
  return m;
}
