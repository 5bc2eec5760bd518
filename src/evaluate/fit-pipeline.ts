import { noMore, optionalSignal, options, refuse, wholeNumber } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { inTurnsUntil } from '../base/pause.js';
import type { Numbers } from '../data/numbers.js';
import type { Split } from '../data/splits.js';
import { earlyStopping } from '../train/monitors.js';
import { type Callback, sequential } from '../train/sequential.js';
import { type Dataset, readingDataset, rowsOf, type TrainingRows } from './dataset.js';
import { checkNames, type Names } from './description.js';
import { FittedPipeline, setUnits } from './fitted-pipeline.js';
import { fittingRows } from './fitting-rows.js';
import { inputColumns, isTable } from './inputs.js';
import {
  besides,
  checkPipeline,
  type Pipeline,
  refuseParts,
  resolvePipeline,
  type SettledPipeline,
  wantedOf,
} from './pipeline.js';
import { partsOf, preparing, splittingOff, weightsByIndex, weightsOf } from './prepared.js';
import { rowEncoderOf } from './row-encoder.js';
import type { RowsTogether } from './rows-together.js';
import { fittingTargetScaler, noScaler, type TargetScaler } from './target-scale.js';
import type { Labels } from './task.js';

export interface FitPipelineOptions extends RowsTogether {
  /** The seed of the initial weights, the shuffles, dropout and the validation split. Default: 0. */
  seed?: number;
  /** Called during training; see Callback. */
  callbacks?: readonly Callback[];
  /** Aborts the fit, which then rejects with the signal's reason. */
  signal?: AbortSignal;
  /** The names of x's columns. They are saved with the pipeline, for programs that read tables for it. */
  columns?: readonly string[];
  /** The name of the target. It is saved with the pipeline. */
  target?: string;
  /** The weight of each row in the training loss and metrics, not in those of validation. Default: 1. */
  sampleWeight?: Numbers;
}

/**
 * Fits scalers and a network on rows and labels.
 *
 * The task, the output layer, the loss and the encoding of the labels follow from the labels if they are not in the pipeline: one sigmoid
 * output for two classes, softmax for more, linear outputs for a regression.
 *
 * @param p The pipeline: layers, scalers, optimizer and training options as plain data.
 * @param x Rows: a Matrix or an array of rows; or a Table of simdense/table, whose columns are encoded.
 * @param y For each row a label (a string or a number), a one-hot row, or for a regression a number or a row of numbers. With a Table the
 * name of the column to predict, or the names of several.
 * @param o Options; see FitPipelineOptions.
 * @returns The fitted pipeline. Dispose it when it is no longer needed.
 * @throws SimdenseError 'ARGUMENT' for an option or a part of the pipeline that is unknown, out of range or does not suit the task.
 * @throws SimdenseError 'SHAPE' if x, y and sampleWeight do not have the same number of rows.
 * @throws SimdenseError 'DATA' for numbers that are not finite or too coarse in float32, and for labels of one class only.
 * @throws SimdenseError 'DIVERGED' if the loss becomes infinite or NaN. It also rejects with the signal's reason.
 * @example
 * import { dense } from 'simdense';
 *
 * const x = Array.from({ length: 40 }, (_, i) => [i]);
 * const y = x.map(([i]) => (i < 20 ? 'low' : 'high'));
 * const pipeline = { layers: [dense({ units: 4, activation: 'tanh' })], fit: { epochs: 200 } };
 * const fitted = await fitPipeline(pipeline, x, y, { seed: 1 });
 * fitted.classes; // ['high', 'low']
 * fitted.predict([[3], [37]]); // ['low', 'high']
 * fitted.dispose();
 */
export async function fitPipeline(
  p: Pipeline,
  x: TrainingRows,
  y: Labels | string,
  o?: FitPipelineOptions,
): Promise<FittedPipeline> {
  noMore('fitPipeline', arguments, 4);
  refuseParts('fitPipeline', o);
  const given = options('fitPipeline', o, besides);
  optionalSignal('fitPipeline(signal)', given.signal);
  const pipeline = checkPipeline('fitPipeline', p);
  const reading = readingDataset('fitPipeline', x, y, wantedOf(pipeline), given);
  return fitDataset('fitPipeline', pipeline, await inTurnsUntil(reading, given.signal), given);
}

/** Options of fitDataset. */
export interface FitDatasetOptions extends FitPipelineOptions {
  /** The rows to train on, and as `test` those that are measured after each epoch, instead of a validationSplit. */
  split?: Split;
}

/** fitPipeline for a checked data set. */
export async function fitDataset(
  where: string,
  p: Pipeline,
  set: Dataset,
  o?: FitDatasetOptions,
): Promise<FittedPipeline> {
  const { seed = 0, callbacks = [], signal, columns, target, sampleWeight, split } = o ?? {};
  wholeNumber(`${where}(seed)`, seed);
  if (!Array.isArray(callbacks)) refuse(`${where}(callbacks)`, 'an array of callbacks', callbacks);
  optionalSignal(`${where}(signal)`, signal);
  const given = namesOf(where, set, { columns, target });
  const resolved = resolvePipeline(where, p, set);
  const { validationSplit, classWeight, ...fit } = resolved.fit;
  const { train, validation, rows } = split
    ? await inTurnsUntil(partsOf(set, split), signal)
    : validationSplit === undefined
      ? { train: set }
      : await inTurnsUntil(splittingOff(set, validationSplit, seed), signal);
  const weights = weightsOf(where, sampleWeight, rowsOf(set), rows);
  const encoding = await inTurnsUntil(fittingRows(train.x, resolved), signal);
  const targetScaler =
    train.y && train.task === 'regression'
      ? await inTurnsUntil(fittingTargetScaler(train.y, resolved.targetScale), signal)
      : noScaler;
  const preparation = { ...encoding, rowEncoder: rowEncoderOf(encoding), targetScaler };
  const inputs = preparation.rowEncoder.width ?? inputColumns(set.x);
  const model = sequential({ inputs, layers: resolved.layers, seed });
  try {
    const { optimizer, loss, metrics, earlyStopping: stopping } = resolved;
    model.compile({ optimizer, loss, metrics });
    setUnits(model, targetScaler);
    const prepared = (part: Dataset) => inTurnsUntil(preparing(part, preparation, model.outputs), signal);
    const [x, targets] = await prepared(train);
    const history = await model.fit(x, targets, {
      ...fit,
      ...(weights && { sampleWeight: weights }),
      ...(validation && { validationData: await prepared(validation) }),
      ...(classWeight !== undefined && { classWeight: weightsByIndex(where, classWeight, set) }),
      callbacks: [...(stopping ? [earlyStopping(stopping)] : []), ...callbacks],
      ...(signal && { signal }),
    });
    const fitted = new FittedPipeline({
      model,
      ...preparation,
      classes: set.classes,
      history,
      pipeline: withTargetScale(resolved, targetScaler),
      targets: set.targets,
      ...given,
      ...(encoding.encoder && { columns: encoding.encoder.columns }),
    });
    if (set.why !== undefined) fitted.why = set.why;
    return fitted;
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/** The names of the columns and of the target: a table has its own. Throws SimdenseError 'ARGUMENT'. */
function namesOf(where: string, { x, targets }: Dataset, { columns, target }: Names): Names {
  if (!isTable(x)) {
    checkNames(where, { columns, target }, x.columns);
    return { ...(columns && { columns: [...columns] }), ...(target !== undefined && { target }) };
  }
  for (const [name, value] of Object.entries({ columns, target }))
    if (value !== undefined)
      throw new SimdenseError('ARGUMENT', `${where}(${name}): the table has names already; leave it out`);
  const [part, ...others] = targets?.parts ?? [];
  return part && others.length === 0 ? { target: part.name } : {};
}

function withTargetScale(resolved: SettledPipeline, { type }: TargetScaler): SettledPipeline {
  return resolved.task === 'regression' ? { ...resolved, targetScale: type } : resolved;
}
