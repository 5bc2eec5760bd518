import { refuse } from '../base/checks.js';
import type { Sequential } from '../train/sequential.js';

/** Not by instanceof: the core may be another copy. */
export function checkModel(where: string, m: Sequential): void {
  if (typeof m?.checkAlive !== 'function') refuse(`${where}(model)`, 'a model', m);
  m.checkAlive(where);
}
