// What all shards are trained with: of a pipeline the parts that follow from their summaries, of a fitted one its own.
import type { ScalerData } from '../../data/scalers/index.js';
import type { Dataset } from '../dataset.js';
import type { FittedPipeline } from '../fitted-pipeline.js';
import { type Pipeline, resolvePipeline, type SettledPipeline } from '../pipeline.js';
import { weightsByIndex } from '../prepared.js';
import { mergeLabels, mergeShards, type ShardPreparation } from './merge.js';
import type { ShardPlan } from './options.js';
import type { ShardTraining } from './shard-job.js';
import type { ColumnSummary, ShardSummary } from './summary.js';

export interface Settled {
  readonly preparation: ShardPreparation;
  readonly pipeline: SettledPipeline;
  readonly training: ShardTraining;
  readonly why?: string;
}

/** The epochs of the pipeline that is saved are those of all rounds. */
const withEpochs = (pipeline: SettledPipeline, { rounds, localEpochs }: ShardPlan): SettledPipeline => ({
  ...pipeline,
  fit: { ...pipeline.fit, epochs: rounds * localEpochs },
});

function trainingOf(where: string, pipeline: SettledPipeline, set: Dataset, { localEpochs }: ShardPlan): ShardTraining {
  const { layers, optimizer, loss, metrics, layerRates, fit } = pipeline;
  const { batchSize, shuffle, augment, classWeight } = fit;
  const weights =
    classWeight === undefined || classWeight === 'balanced' ? undefined : weightsByIndex(where, classWeight, set);
  return {
    layers,
    optimizer,
    loss,
    metrics,
    ...(layerRates !== undefined && { layerRates }),
    fit: {
      epochs: localEpochs,
      ...(batchSize !== undefined && { batchSize }),
      ...(shuffle !== undefined && { shuffle }),
      ...(augment !== undefined && { augment }),
      ...(weights && { classWeight: weights as Readonly<Record<number, number>> }),
    },
  };
}

/** What pipelines ask of a data set, without its rows. */
function outline(
  { task, classes }: Pick<ShardPreparation, 'task' | 'classes'>,
  rows: number,
  columns: readonly ColumnSummary[] = [],
): Dataset {
  const x = { rows, columns: columns.map((column) => ({ ...column, cells: { values: new Float64Array() } })) };
  const y = { data: new Float32Array(), columns: 1 };
  return { task, x, ...(classes ? { classes, indices: new Int32Array() } : { y }) };
}

/** A pipeline's defaults and scales, by what the shards tell. Throws SimdenseError 'ARGUMENT', 'DATA' and 'UNSUPPORTED'. */
export function settle(where: string, p: Pipeline, summaries: readonly ShardSummary[], plan: ShardPlan): Settled {
  const labels = mergeLabels(where, summaries, p);
  const set = outline(
    labels,
    summaries.reduce((sum, { rows }) => sum + rows, 0),
    summaries[0]?.columns,
  );
  // Without hidden layers too: the steps of a linear model's own schedule are not those of rounds.
  const given = { ...p, optimizer: p.optimizer ?? 'adam', fit: { ...p.fit, epochs: plan.localEpochs } };
  const resolved = resolvePipeline(where, given, set);
  const preparation = mergeShards(where, summaries, labels, plan.read, resolved);
  const { type } = preparation.targetScaler as Extract<ScalerData, { center: unknown }>;
  const pipeline = labels.task === 'regression' ? { ...resolved, targetScale: type } : resolved;
  return {
    preparation,
    pipeline: withEpochs(pipeline, plan),
    training: trainingOf(where, pipeline, set, plan),
    why: labels.why,
  };
}

/** What a fitted pipeline is trained further with. */
export function further(where: string, fitted: FittedPipeline, plan: ShardPlan): Settled {
  const { encoder, targets, classes, targetScaler, pipeline } = fitted;
  const preparation = {
    read: plan.read,
    encoder: encoder?.toJSON(),
    targets,
    task: pipeline.task,
    ...(classes && { classes }),
    targetScaler: targetScaler.toJSON(),
  } as ShardPreparation;
  const { validationSplit: _, ...fit } = pipeline.fit;
  const { earlyStopping: __, ...others } = pipeline;
  const own = { ...others, fit };
  return {
    preparation,
    pipeline: withEpochs(own, plan),
    training: trainingOf(where, own, outline(preparation, 0), plan),
  };
}
