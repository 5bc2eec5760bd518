// One network, trained on rows that stand in several places: local steps on each shard, and averaging in between.
import { noMore } from '../../base/checks.js';
import { type ErrorCode, SimdenseError } from '../../base/errors.js';
import { untilAborted } from '../../base/until-aborted.js';
import { scalerFromJson } from '../../data/scalers/index.js';
import { checkOptimizer, type Optimizer } from '../../nn/optimizers/index.js';
import { rateAt } from '../../nn/schedules.js';
import type { WeightSet } from '../../nn/weights.js';
import { encoderOf } from '../../table/encoders/encoder.js';
import type { Logs } from '../../train/history.js';
import { sequential } from '../../train/sequential.js';
import type { Dataset } from '../dataset.js';
import { type Outcome, runAll, runsHere } from '../executor.js';
import { FittedPipeline, setUnits } from '../fitted-pipeline.js';
import type { Pipeline } from '../pipeline.js';
import { happenedIn } from '../plain-error.js';
import { seedsFrom } from '../scores.js';
import { noScaler, type TargetScaler } from '../target-scale.js';
import { fromHalves, toTwelve } from './compact.js';
import { Controls } from './controls.js';
import { fingerprintOf } from './fingerprint.js';
import { forgetShards } from './kept-shards.js';
import type { ShardPreparation } from './merge.js';
import {
  checkControls,
  checkFittedPipeline,
  checkOptions,
  checkShardPipeline,
  type FitShardsOptions,
  type ShardPlan,
} from './options.js';
import { Outer } from './outer.js';
import { further, type Settled, settle } from './settle.js';
import { nameOf, type Shard } from './shard.js';
import { type PackedSummary, readSummary, type ShardJob, type ShardResult, type SummaryJob } from './shard-job.js';
import type { ShardSummary } from './summary.js';
import { asDataset, flatten, unflatten } from './weights.js';

const WHERE = 'fitShards';

/**
 * Trains one network on rows that stand in several places, the shards. In each round every shard trains the network on its own rows, beginning with the same
 * parameters, and the coordinator takes the mean of what they have learnt, weighted by their rows (federated averaging; McMahan et al. 2017, arXiv 1602.05629),
 * with momentum over the rounds if `outer` asks for it (Nesterov's, as in DiLoCo; Douillard et al. 2023, arXiv 2311.08105).
 *
 * Where shards differ, such as in their classes, local steps drift apart: `controlVariates` corrects them, for sgd with large batches and a momentum in `outer`.
 *
 * A shard is named by the path or the address of a table, which its worker reads by itself: workers() of simdense/node read files and addresses, workers of
 * bullmq the places that they were started with. The rows do not pass the coordinator. What passes is, once, counts, sums, categories and classes, of which all
 * shards get one encoder; and in each round the parameters, there and back. The optimizer's state is new in each round, so that any worker can train any shard.
 *
 * The result does not depend on the executor, on the number of workers, or on which of them vanish and come back: sums follow the order of the shards. With
 * resumable() or bullmq a coordinator that was killed and is started again goes on with the same bits.
 *
 * Numbers are scaled by their mean and standard deviation, or to 0 to 1 ('minMax'), and missing ones are the mean. Scales by quantiles, dates and texts need all rows in one place: fit a
 * pipeline on a sample, and pass it as the first argument. Its scales and its classes are kept, and its network is trained further.
 *
 * @param p A pipeline, without epochs, validationSplit and earlyStopping; its learning rate may be a schedule, of rounds instead of updates. Or a pipeline that was fitted on a Table, which stays as it is.
 * @param shards The paths or addresses of the shards; for inline() also Tables, or functions that give one.
 * @param o Options; see FitShardsOptions.
 * @returns The fitted pipeline, whose history has a line for each round. Dispose it when it is no longer needed.
 * @throws SimdenseError 'ARGUMENT' for an option or a part of the pipeline that is unknown, out of range or asks for all rows in one place.
 * @throws SimdenseError 'DATA' for shards whose columns do not fit together, and for one that changes during the training; 'UNSUPPORTED' for a scale or a kind of column that needs all rows in one place,
 * and for a place that no worker can read. It also rejects with the error of the first shard that cannot be read or trained, and with the signal's reason.
 * @example
 * import { adam, dense } from 'simdense';
 * import { readTable } from 'simdense/table';
 *
 * // Usually paths, and executor: workers() of simdense/node.
 * const shards = [0, 1].map((odd) => () => readTable(Array.from({ length: 20 }, (_, i) => ({ size: 2 * i + odd, open: i < 10 ? 'no' : 'yes' }))));
 * const pipeline = { layers: [dense({ units: 4, activation: 'tanh' })], optimizer: adam({ learningRate: 0.05 }), fit: { batchSize: 5 } };
 * const fitted = await fitShards(pipeline, shards, { target: 'open', rounds: 10 });
 * fitted.predict([{ size: 3 }, { size: 37 }]); // ['no', 'yes']
 * fitted.history.epochs.length; // 10
 * fitted.dispose();
 */
export async function fitShards(
  p: Pipeline | FittedPipeline,
  shards: readonly Shard[],
  o?: FitShardsOptions,
): Promise<FittedPipeline> {
  noMore(WHERE, arguments, 3);
  // Not by instanceof: a program may have the class twice.
  const isFitted = typeof (p as Partial<FittedPipeline> | undefined)?.predictProbabilities === 'function';
  const fitted = isFitted ? (p as FittedPipeline) : undefined;
  if (fitted) checkFittedPipeline(WHERE, fitted);
  const pipeline = fitted ? undefined : checkShardPipeline(WHERE, p as Pipeline);
  const plan = checkOptions(WHERE, fitted !== undefined, shards, o);
  plan.signal?.throwIfAborted();
  try {
    const weights = fitted?.model.getWeights();
    const summaries = await summarize(plan, pipeline);
    const settled = fitted ? further(WHERE, fitted, plan) : settle(WHERE, pipeline as Pipeline, summaries, plan);
    return await train(plan, summaries, settled, weights);
  } finally {
    if (runsHere(plan.executor)) forgetShards(plan.shards);
  }
}

/** The error with the name of its shard. */
function naming(error: Error, name: string): Error {
  const { code } = error as { code?: ErrorCode };
  if (code === undefined || error.message.includes(name)) return error;
  const message = error.message.startsWith('a shard')
    ? error.message.replace('a shard', name)
    : `${name}: ${error.message}`;
  return new SimdenseError(code, message, { cause: error.cause });
}

/** The results of all shards. Throws the first shard's error. */
function resultsOf<R>({ shards }: ShardPlan, outcomes: readonly Outcome<R>[], place = ''): R[] {
  return outcomes.map(({ result, error }, i) => {
    if (error)
      throw happenedIn(
        naming(error, nameOf(shards[i] as Shard, i)),
        `${WHERE}: ${place}${nameOf(shards[i] as Shard, i)}`,
      );
    return result as R;
  });
}

async function summarize(plan: ShardPlan, pipeline: Pipeline | undefined): Promise<ShardSummary[]> {
  const { shards, read, target } = plan;
  const task = pipeline?.task;
  const wanted = target === undefined ? undefined : { target, ...(task && { task }) };
  const call = Date.now() + Math.random();
  const jobs = shards.map((shard): SummaryJob => ({ shard, read, ...(wanted && { wanted }), call }));
  const outcomes = await runAll<SummaryJob, PackedSummary>('summarizeShard', jobs, undefined, plan);
  return resultsOf(plan, outcomes).map((result, i) => readSummary(result, jobs[i] as SummaryJob));
}

/** The optimizer in a round: the steps of a schedule are rounds. */
function optimizerIn(round: number, optimizer: Optimizer | string): Optimizer {
  const checked = checkOptimizer('optimizer', optimizer);
  return { ...checked, learningRate: rateAt(checked.learningRate, round) };
}

/** Which parameters are trained; of the others, such as moving means, shards give figures of their rows. */
function trainedOf(weights: WeightSet): Uint8Array {
  const trained = new Uint8Array(Array.from(weights.values()).reduce((sum, { data }) => sum + data.length, 0)).fill(1);
  let at = 0;
  for (const [name, { data }] of weights) {
    if (/\/moving(Mean|Variance)$/.test(name)) trained.fill(0, at, at + data.length);
    at += data.length;
  }
  return trained;
}

async function train(
  plan: ShardPlan,
  summaries: readonly ShardSummary[],
  settled: Settled,
  weights: WeightSet | undefined,
): Promise<FittedPipeline> {
  const { rounds, seed, onRound, signal } = plan;
  const { preparation, pipeline, why } = settled;
  const encoder = encoderOf(preparation.encoder);
  const model = sequential({ inputs: encoder.features.length, layers: pipeline.layers, seed });
  try {
    if (weights) model.setWeights(weights);
    const { optimizer, loss, metrics, layerRates } = pipeline;
    model.compile({ optimizer, loss, metrics, ...(layerRates !== undefined && { layerRates }) });
    const targetScaler = scalerFromJson(preparation.targetScaler) as TargetScaler;
    setUnits(model, targetScaler);
    const own = model.getWeights();
    const trained = trainedOf(own);
    const outer = new Outer(flatten(own), plan.outer, (i) => trained[i] === 1);
    const all = summaries.reduce((sum, { rows }) => sum + rows, 0);
    const shares = summaries.map(({ rows }) => rows / all);
    if (plan.controlVariates) checkControls(WHERE, optimizerIn(0, optimizer), layerRates);
    const controls = plan.controlVariates ? new Controls(shares, outer.weights.length) : undefined;
    const epochs: Logs[] = [];
    for (let round = 0; round < rounds; round++) {
      const own = { ...settled.training, optimizer: optimizerIn(round, optimizer) };
      const rate = own.optimizer.learningRate as number;
      const jobs = jobsOf(plan, summaries, { ...settled, training: own }, round).map((job, i): ShardJob => {
        const correction = controls?.correction(i, rate);
        return {
          ...job,
          ...(controls && { controlled: true }),
          ...(correction && { correction: toTwelve(correction) }),
        };
      });
      const results = await runRound(plan, jobs, preparation, round, asDataset(outer.weights));
      if (controls) {
        const controlled = results as readonly Controlled[];
        const changes = controlled.map(({ change }) => fromHalves(change));
        outer.step(changes, shares);
        controls.learn(
          changes,
          controlled.map(({ updates }) => updates),
          rate,
          trained,
        );
      } else {
        const { weights } = outer;
        const ends = (results as readonly Free[]).map((result) => result.weights);
        outer.step(
          ends.map((end) => Float64Array.from(end, (value, i) => value - (weights[i] as number))),
          shares,
        );
      }
      const logs = meanLogs(
        results.map((result) => result.logs),
        shares,
      );
      epochs.push(logs);
      await untilAborted(Promise.resolve(onRound?.({ round, rounds, logs })), signal);
    }
    model.setWeights(unflatten(outer.weights, own));
    const { classes, targets } = preparation;
    const [part] = targets.parts;
    const fitted = new FittedPipeline({
      model,
      scaler: noScaler,
      encoder,
      targetScaler,
      classes,
      history: { epochs },
      pipeline,
      targets,
      columns: encoder.columns,
      ...(part && { target: part.name }),
    });
    if (why !== undefined) fitted.why = why;
    return fitted;
  } catch (error) {
    model.dispose();
    throw error;
  }
}

type Trained = Exclude<ShardResult, { unprepared: true }>;
type Controlled = Extract<ShardResult, { updates: number }>;
type Free = Extract<ShardResult, { weights: Float32Array }>;

/** The jobs of a round. The first have the preparation, which the workers keep. */
function jobsOf(
  { shards, seed }: ShardPlan,
  summaries: readonly ShardSummary[],
  { preparation, training }: Settled,
  round: number,
): ShardJob[] {
  const seeds = seedsFrom(seed, shards.length, round + 1);
  const prepared = fingerprintOf(JSON.stringify(preparation));
  return shards.map((shard, i): ShardJob => {
    const { fingerprint } = summaries[i] as ShardSummary;
    const job = { shard, fingerprint, prepared, training, seed: seeds[i] as number };
    return round === 0 ? { ...job, preparation } : job;
  });
}

/** What each shard makes of the parameters. A worker that does not know the preparation says so, and gets it. */
async function runRound(
  plan: ShardPlan,
  jobs: readonly ShardJob[],
  preparation: ShardPreparation,
  round: number,
  data: Dataset,
): Promise<Trained[]> {
  const { shards } = plan;
  const run = async (which: readonly number[], more: object): Promise<ShardResult[]> => {
    const asked = which.map((i) => ({ ...(jobs[i] as ShardJob), ...more }));
    const outcomes = await runAll<ShardJob, ShardResult>('trainShard', asked, data, plan);
    const own = { ...plan, shards: which.map((i) => shards[i] as Shard) };
    return resultsOf(own, outcomes, `round ${round}, `);
  };
  const results = await run([...shards.keys()], {});
  const unprepared = [...results.keys()].filter((i) => 'unprepared' in (results[i] as ShardResult));
  if (unprepared.length > 0) {
    const again = await run(unprepared, { preparation });
    for (const [i, result] of again.entries()) results[unprepared[i] as number] = result;
  }
  return results as Trained[];
}

/** The mean of the shards' figures, weighted by their rows. */
function meanLogs(logs: readonly Logs[], shares: readonly number[]): Logs {
  return Object.fromEntries(
    Object.keys(logs[0] ?? {}).map((name) => [
      name,
      logs.reduce((sum, each, i) => sum + (shares[i] as number) * (each[name] as number), 0),
    ]),
  );
}
