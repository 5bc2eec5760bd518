// Makes engines other than the default one. createEngine loads this file on its first call.
import { boolean, options, positiveInteger, refuse } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { checkSupport } from './check-support.js';
import { Engine, type EngineOptions, type KernelInstance } from './engine.js';
import { instantiate } from './instantiate.js';
import { checkModule } from './ready-module.js';
import { enableRevectorization, givesKnownBits } from './wide.js';

const MOST_THREADS = 64;
/**
 * An empty custom section named "wide". A runtime may reuse compiled code for the same bytes, but the wide kernels must be compiled anew, under the current
 * flags.
 */
const WIDE = '\0\x05\x04wide';
/** Ends the threads of engines that have been garbage-collected. */
const abandoned = new FinalizationRegistry<() => void>((dismiss) => dismiss());

export async function createCustomEngine(o?: EngineOptions): Promise<Engine> {
  const given = options('createEngine', o, ['threads', 'relaxed', 'wide', 'module', 'maxMemory']);
  const threads = positiveInteger('createEngine(threads)', given.threads ?? 1);
  if (threads > MOST_THREADS) refuse('createEngine(threads)', `at most ${MOST_THREADS}`, threads);
  const relaxed = boolean('createEngine(relaxed)', given.relaxed ?? false);
  const wide = boolean('createEngine(wide)', given.wide ?? false);
  const maxMemory =
    given.maxMemory === undefined ? undefined : positiveInteger('createEngine(maxMemory)', given.maxMemory);
  const { module } = given;
  if (module !== undefined) {
    if (threads > 1 || relaxed || wide) {
      const message = 'a module has the plain kernels; do not combine it with threads, relaxed or wide';
      throw new SimdenseError('ARGUMENT', `createEngine(module): ${message}`);
    }
    checkModule('createEngine(module)', module);
  } else checkSupport('createEngine', relaxed, threads);
  if (wide) enableRevectorization();
  const instance = module
    ? { calls: instantiate(() => module), threads, relaxed, wide }
    : await instantiateBuild(threads, relaxed, wide);
  const describe = (tile: string, isWide: boolean) => describeKernels(instance, tile, isWide);
  const engine = new Engine(maxMemory, { ...instance, describe });
  if (instance.dismiss) abandoned.register(engine, instance.dismiss);
  try {
    while (!engine.tuner.done) {
      engine.tuner.slice();
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    if (engine.wide && !(await givesKnownBits(engine))) engine.tuner.giveUp();
  } catch (error) {
    engine.dispose();
    throw error;
  }
  return engine;
}

function describeKernels({ wide, relaxed, threads }: KernelInstance, tile: string, isWide: boolean): string {
  const names = [isWide && 'wide', relaxed && 'relaxed'].filter(Boolean).join(' ') || 'simd128';
  const crew = threads > 1 ? `, ${threads} threads` : '';
  return `${names} ${tile}${crew}${wide && !isWide ? '; wide is slower or incorrect here' : ''}`;
}

/** Loads the requested build, each of which is a module of its own. */
async function instantiateBuild(threads: number, relaxed: boolean, wide: boolean): Promise<KernelInstance> {
  const { load } = await (threads > 1
    ? relaxed
      ? import('#kernels/relaxed-threads')
      : import('#kernels/threads')
    : relaxed
      ? import('#kernels/relaxed')
      : import('#kernels'));
  const loadVariant = () => load(wide ? WIDE : '');
  if (threads > 1) {
    const { startCrew } = await import('./threads/crew.js');
    return startCrew(loadVariant, { threads, relaxed, wide });
  }
  return { calls: instantiate(loadVariant), threads, relaxed, wide };
}
