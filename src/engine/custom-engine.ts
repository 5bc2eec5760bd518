// Makes engines other than the default one. createEngine loads this file on its first call.
import { boolean, options, positiveInteger, refuse } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { checkSupport } from './check-support.js';
import { Engine, type EngineOptions, type KernelInstance } from './engine.js';
import { type Choice, fastestChoice } from './fastest.js';
import { instantiate } from './instantiate.js';
import { checkModule } from './ready-module.js';
import { enableRevectorization, givesKnownBits, whyNotWide } from './wide.js';

const MOST_THREADS = 64;
/**
 * An empty custom section named "wide". A runtime may reuse compiled code for the same bytes, but the wide kernels must be compiled anew, under the current
 * flags.
 */
const WIDE = '\0\x05\x04wide';
/** An empty custom section named "trial", so that the trial's kernels share no compiled code with other engines. */
const TRIAL = '\0\x06\x05trial';
/** How often an engine is made anew that was wide in the trial and is not now, since its tiles are timed anew. */
const TRIES = 3;
/** Ends the threads of engines that have been garbage-collected. */
const abandoned = new FinalizationRegistry<() => void>((dismiss) => dismiss());

export async function createCustomEngine(o?: EngineOptions | 'fastest'): Promise<Engine> {
  if (o === 'fastest') return createFastestEngine();
  if (typeof o === 'string') refuse('createEngine', "options such as { threads: 2 }, or 'fastest'", o);
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
  return startEngine({ threads, relaxed, wide }, module, maxMemory);
}

async function createFastestEngine(): Promise<Engine> {
  const choice = await fastestChoice(trialEngine);
  for (let tries = 1; ; tries++) {
    const engine = await createCustomEngine(choice);
    if (!choice.wide || engine.wide || tries === TRIES) return engine;
    engine.dispose();
  }
}

/** An engine of the trial, which sets V8's flag itself. */
const trialEngine = ({ threads = 1, relaxed, wide }: Choice): Promise<Engine> =>
  startEngine({ threads, relaxed: relaxed ?? false, wide: wide ?? false }, undefined, undefined, TRIAL);

/** Which build of the kernels. */
type Build = Required<Pick<EngineOptions, 'threads' | 'relaxed' | 'wide'>>;

/** Instantiates the kernels and times their tiles. */
async function startEngine(
  build: Build,
  module: WebAssembly.Module | undefined,
  maxMemory: number | undefined,
  section = '',
): Promise<Engine> {
  const instance = module
    ? { calls: instantiate(() => module), ...build }
    : await instantiateBuild(build, section + (build.wide ? WIDE : ''));
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
  return `${names} ${tile}${crew}${wide && !isWide ? `; ${whyNotWide()}` : ''}`;
}

/** Loads the requested build, each of which is a module of its own, with these custom sections at its end. */
async function instantiateBuild({ threads, relaxed, wide }: Build, sections: string): Promise<KernelInstance> {
  const { load } = await (threads > 1
    ? relaxed
      ? import('#kernels/relaxed-threads')
      : import('#kernels/threads')
    : relaxed
      ? import('#kernels/relaxed')
      : import('#kernels'));
  const loadVariant = () => load(sections);
  if (threads > 1) {
    const { startCrew } = await import('./threads/crew.js');
    return startCrew(loadVariant, { threads, relaxed, wide });
  }
  return { calls: instantiate(loadVariant), threads, relaxed, wide };
}
