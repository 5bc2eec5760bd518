import { noMore } from '../base/checks.js';
import type { Engine, EngineOptions } from './engine.js';

/**
 * Makes an engine: kernels with a memory of their own, for models that should not share the default engine.
 *
 * The engine times its tiles first and uses the fastest.
 *
 * `'fastest'` takes the options of `threads`, `relaxed` and `wide` that are the fastest here: the fewest that come within 5 % of the least time of two products. With threads
 * the slower rounds count, so that they are taken only where other programs leave them the cores. The options are measured on the first call, which takes two to four seconds
 * where the runtime has all of them, and kept as long as the process lives. The engine is like one that is made with these options, which `engine.kernels` names;
 * `npx simdense bench` measures the same at length. The same seed gives the same bits on engines of one kind: `'fastest'` may take `relaxed`, whose bits depend on the hardware,
 * so give the options themselves where bits matter.
 * V8's revectorisation is off while the other options are measured, then on for the whole process, and off again if `wide` is not taken and nobody else has turned it on.
 * @param o The options; all have defaults. Or 'fastest'.
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
 * using fastest = await createEngine('fastest');
 * console.log(fastest.kernels); // such as 'wide relaxed 6x16, 2 threads'
 */
export async function createEngine(o?: EngineOptions | 'fastest'): Promise<Engine> {
  noMore('createEngine', arguments, 1);
  const { createCustomEngine } = await import('./custom-engine.js');
  return createCustomEngine(o);
}
