import { noMore } from '../base/checks.js';
import type { Engine, EngineOptions } from './engine.js';

/**
 * Makes an engine: kernels with a memory of their own, for models that should not share the default engine.
 *
 * The engine times its tiles first and uses the fastest.
 * @param o The options; all have defaults.
 * @returns The engine, for `sequential({ engine })`, `loadModel` and `loadPredictor`. Dispose of it to get its memory back.
 * @throws SimdenseError 'UNSUPPORTED' for a feature that this runtime or build does not have, before anything loads. See `supports`.
 * @throws SimdenseError 'ARGUMENT' for an option that is unknown or out of range.
 * @throws SimdenseError 'OUT_OF_MEMORY' if the runtime cannot reserve memory for WebAssembly.
 * @example
 * import { createEngine, dense, sequential } from 'simdense';
 *
 * const engine = await createEngine({ maxMemory: 64 * 1024 * 1024 });
 * const model = sequential({ inputs: 2, layers: [dense({ units: 1 })], engine });
 * engine.bytesInUse > 0; // true
 * engine.dispose(); // gives up the model as well
 */
export async function createEngine(o?: EngineOptions): Promise<Engine> {
  noMore('createEngine', arguments, 1);
  const { createCustomEngine } = await import('./custom-engine.js');
  return createCustomEngine(o);
}
