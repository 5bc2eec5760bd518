import { refuse } from '../base/checks.js';
import type { Sequential } from '../train/sequential.js';

/** Checks that a value is a model. Does not use instanceof, since it may come from another copy of the core. */
export function checkModel(where: string, m: Sequential): void {
  if (typeof m?.checkAlive !== 'function') refuse(`${where}(model)`, 'a model', m);
  m.checkAlive(where);
}
