// Shards that a worker has read and encoded, so that it reads each once and not in every round.
import { SimdenseError } from '../../base/errors.js';
import { inTurnsUntil } from '../../base/pause.js';
import type { Matrix } from '../../data/matrix.js';
import { scalerFromJson } from '../../data/scalers/index.js';
import { encoderOf } from '../../table/encoders/encoder.js';
import { dataEncoderOf } from '../data-encoder.js';
import type { Dataset } from '../dataset.js';
import { preparing } from '../prepared.js';
import { readingKnown } from '../table-dataset.js';
import { noScaler, type TargetScaler } from '../target-scale.js';
import { indicesAmong, numbersOf } from '../task.js';
import { fingerprinting } from './fingerprint.js';
import type { ShardPreparation } from './merge.js';
import { type Shard, type ShardReader, tableOfShard } from './shard.js';

/** Rows and targets as the network takes them. */
export interface PreparedShard {
  readonly x: Matrix;
  readonly targets: Matrix | Int32Array;
}

interface Kept extends PreparedShard {
  readonly shard: Shard;
  readonly settings: string;
  readonly fingerprint: string;
  readonly bytes: number;
  used: number;
}

/** The most bytes of shards that a thread keeps. What does not fit beside those in use is read again in each round. */
const MOST_KEPT = 2 ** 29;
/** Milliseconds after which a shard that nobody uses makes room. */
const IDLE = 300_000;

let kept: Kept[] = [];

/** What a job says of its shard. */
export interface Wanted {
  readonly shard: Shard;
  readonly fingerprint: string;
  readonly prepared: string;
}

/** The shard of a job, which is read if it is not kept. Rejects with SimdenseError 'DATA' if it is not what was summarised. */
export async function preparedShard(
  { shard, fingerprint, prepared }: Wanted,
  preparation: ShardPreparation,
  outputs: number,
  { readShard, signal }: { readShard?: ShardReader | undefined; signal?: AbortSignal | undefined },
): Promise<PreparedShard> {
  const settings = JSON.stringify([prepared, outputs]);
  const now = performance.now();
  const known = kept.find(
    (each) => each.shard === shard && each.settings === settings && each.fingerprint === fingerprint,
  );
  if (known) {
    known.used = now;
    return known;
  }
  const table = await tableOfShard(shard, preparation.read, readShard);
  if ((await inTurnsUntil(fingerprinting(table), signal)) !== fingerprint)
    throw new SimdenseError('DATA', 'the rows are not those that were there before the first round');
  const { encoder, targets: coder, task, classes, targetScaler } = preparation;
  const labels = await inTurnsUntil(readingKnown('the target', coder, table), signal);
  const y = classes ? undefined : numbersOf('the target', labels);
  const set: Dataset = {
    task,
    x: table,
    ...(classes && { classes, indices: indicesAmong('the target', labels, classes) }),
    ...(y && { y: { data: y.data as Float32Array, columns: y.columns } }),
  };
  const rowEncoder = dataEncoderOf({ scaler: noScaler, encoder: encoderOf(encoder) });
  const made = { rowEncoder, targetScaler: scalerFromJson(targetScaler) as TargetScaler };
  const [x, targets] = await inTurnsUntil(preparing(set, made, outputs), signal);
  const bytes = x.data.byteLength + (targets instanceof Int32Array ? targets : targets.data).byteLength;
  kept = kept.filter((each) => now - each.used < IDLE && each.shard !== shard);
  if (kept.reduce((sum, each) => sum + each.bytes, bytes) <= MOST_KEPT)
    kept.push({ shard, settings, fingerprint, x, targets, bytes, used: now });
  return { x, targets };
}

/** Forgets shards that a run in this thread has read. */
export function forgetShards(shards: readonly Shard[]): void {
  kept = kept.filter(({ shard }) => !shards.includes(shard));
}

/** Preparations by their fingerprints; the last few. */
const preparations = new Map<string, ShardPreparation>();
const MOST_PREPARATIONS = 8;

export function keepPreparation(name: string, preparation: ShardPreparation): ShardPreparation {
  preparations.delete(name);
  preparations.set(name, preparation);
  const [oldest] = preparations.keys();
  if (preparations.size > MOST_PREPARATIONS && oldest !== undefined) preparations.delete(oldest);
  return preparation;
}

export const keptPreparation = (name: string): ShardPreparation | undefined => preparations.get(name);
