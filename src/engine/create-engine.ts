import { noMore } from '../base/checks.js';
import type { Engine, EngineOptions } from './engine.js';

/**
 * An engine of its own, with its memory; it has timed its tiles and uses the fastest. Throws SimdenseError 'UNSUPPORTED' for what this runtime or
 * this version cannot do, before anything is loaded.
 */
export async function createEngine(o?: EngineOptions): Promise<Engine> {
  noMore('createEngine', arguments, 1);
  const { createCustomEngine } = await import('./custom-engine.js');
  return createCustomEngine(o);
}
