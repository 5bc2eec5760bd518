// The tasks of a training on shards, as a worker runs them.
import { SimdenseError } from '../../base/errors.js';
import { inTurnsUntil } from '../../base/pause.js';
import { scalerFromJson } from '../../data/scalers/index.js';
import type { WeightSet } from '../../nn/weights.js';
import { encoderOf } from '../../table/encoders/encoder.js';
import { type Callback, type Sequential, sequential, type Training } from '../../train/sequential.js';
import type { Dataset } from '../dataset.js';
import { setUnits } from '../fitted-pipeline.js';
import type { Grid } from '../inputs.js';
import type { TargetScaler } from '../target-scale.js';
import { fromTwelve, toHalves } from './compact.js';
import { fingerprintOf } from './fingerprint.js';
import { keepPreparation, keptPreparation, preparedShard } from './kept-shards.js';
import type { ShardPreparation } from './merge.js';
import { type ShardReader, tableOfShard } from './shard.js';
import {
  checkPreparation,
  type PackedSummary,
  packSummary,
  type ShardJob,
  type ShardResult,
  type SummaryJob,
} from './shard-job.js';
import { summarising } from './summary.js';
import { flatten, unflatten } from './weights.js';

export interface ShardContext {
  readonly signal?: AbortSignal | undefined;
  readonly readShard?: ShardReader | undefined;
  readonly onProgress?: ((share: number) => void) | undefined;
}

export async function summarizeShard(
  { shard, read, wanted }: SummaryJob,
  { readShard, signal }: ShardContext,
): Promise<PackedSummary> {
  const table = await tableOfShard(shard, read, readShard);
  return packSummary(await inTurnsUntil(summarising('a shard', table, wanted), signal));
}

/** Trains from the given parameters on a shard. The optimizer's state is new in each round: another worker may have the next. */
export async function trainShard(job: ShardJob, data: Dataset, context: ShardContext): Promise<ShardResult> {
  const { training, seed, controlled, correction } = job;
  const preparation = preparationOf(job);
  if (!preparation) return { unprepared: true };
  const { layers, optimizer, loss, metrics, layerRates, fit } = training;
  const model = sequential({ inputs: encoderOf(preparation.encoder).features.length, layers, seed });
  try {
    const { x, targets } = await preparedShard(job, preparation, model.outputs, context);
    const own = model.getWeights();
    const start = (data.x as Grid).data as Float32Array;
    model.setWeights(unflatten(start, own));
    model.compile({ optimizer, loss, metrics, ...(layerRates !== undefined && { layerRates }) });
    setUnits(model, scalerFromJson(preparation.targetScaler) as TargetScaler);
    const { onProgress, signal } = context;
    const callbacks: Callback[] = onProgress
      ? [{ onEpochEnd: (t: Training) => onProgress((t.epoch + 1) / t.epochs) }]
      : [];
    if (correction) callbacks.push(correcting(model, unflatten(fromTwelve(correction, start.length), own)));
    const { epochs } = await model.fit(x, targets, { ...fit, callbacks, ...(signal && { signal }) });
    const { loss: reached = Number.NaN, ...figures } = epochs.at(-1) ?? {};
    const weights = flatten(model.getWeights());
    const logs = { loss: reached, ...figures };
    if (!controlled) return { weights, logs };
    const change = toHalves(weights.map((value, i) => value - (start[i] as number)));
    return { change, updates: model.bound.trainer?.iteration ?? 0, logs };
  } finally {
    model.dispose();
  }
}

/** Adds the same to the trained parameters after each update, which it sets for a moment to find out where each lies in memory. */
function correcting(model: Sequential, weights: WeightSet): Callback {
  const { network } = model.bound;
  const { engine, values, trainedFloats } = network;
  const start = model.getWeights();
  model.setWeights(weights);
  const correction = engine.floats.slice(values / 4, values / 4 + trainedFloats);
  model.setWeights(start);
  return {
    onBatchEnd() {
      const { floats } = engine;
      const to = values / 4;
      for (let i = 0; i < trainedFloats; i++) (floats[to + i] as number) += correction[i] as number;
    },
  };
}

function preparationOf({ prepared, preparation }: ShardJob): ShardPreparation | undefined {
  if (!preparation) return keptPreparation(prepared);
  if (fingerprintOf(JSON.stringify(preparation)) !== prepared)
    throw new SimdenseError('ARGUMENT', 'job(preparation): its fingerprint is another');
  return keepPreparation(prepared, checkPreparation(preparation));
}
