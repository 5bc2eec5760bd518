import { optionalSignal, refuse, wholeNumber } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { inTurnsUntil } from '../base/pause.js';
import type { Numbers } from '../data/numbers.js';
import type { Split } from '../data/splits.js';
import { DivergedError } from '../train/history.js';
import { earlyStopping } from '../train/monitors.js';
import { type Callback, sequential } from '../train/sequential.js';
import { dataEncoderOf } from './data-encoder.js';
import { type Dataset, rowsOf } from './dataset.js';
import { deadEnds } from './dead-ends.js';
import { checkNames, type Names } from './description.js';
import { adviseOnTargets } from './far-target.js';
import { FittedPipeline, setUnits } from './fitted-pipeline.js';
import { fittingRows } from './fitting-rows.js';
import { inputColumns, isTable } from './inputs.js';
import { type Pipeline, resolvePipeline, type SettledPipeline } from './pipeline.js';
import { partsOf, preparing, splittingOff, weightsByIndex, weightsOf } from './prepared.js';
import type { RowsTogether } from './rows-together.js';
import { fittingTargetScaler, noScaler, type TargetScaler } from './target-scale.js';

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

/** Options of fitDataset. */
export interface FitDatasetOptions extends FitPipelineOptions {
  /** The rows to train on, and as `test` those that are measured after each epoch, instead of a validationSplit. */
  split?: Split;
  /** Whether it stops and fails at a dead end; see deadEnds. */
  prunes?: boolean;
}

/** fitPipeline for a checked data set. */
export async function fitDataset(
  where: string,
  p: Pipeline,
  set: Dataset,
  o?: FitDatasetOptions,
): Promise<FittedPipeline> {
  const { seed = 0, callbacks = [], signal, columns, target, sampleWeight, split, prunes } = o ?? {};
  wholeNumber(`${where}(seed)`, seed);
  if (!Array.isArray(callbacks)) refuse(`${where}(callbacks)`, 'an array of callbacks', callbacks);
  optionalSignal(`${where}(signal)`, signal);
  const given = namesOf(where, set, { columns, target });
  const settled = resolvePipeline(where, p, set);
  const resolved = split ? { ...settled, fit: withoutSplit(settled.fit) } : settled;
  const { validationSplit, classWeight, ...fit } = resolved.fit;
  const { train, validation, rows } = split
    ? await inTurnsUntil(partsOf(set, split), signal)
    : validationSplit === undefined
      ? { train: set }
      : await inTurnsUntil(splittingOff(set, validationSplit, seed), signal);
  const weights = weightsOf(where, sampleWeight, rowsOf(set), rows);
  const encoding = await inTurnsUntil(fittingRows(train.x, resolved, where), signal);
  const targetScaler =
    train.y && train.task === 'regression'
      ? await inTurnsUntil(fittingTargetScaler(train.y, resolved.targetScale), signal)
      : noScaler;
  const preparation = { ...encoding, rowEncoder: dataEncoderOf(encoding), targetScaler };
  const inputs = preparation.rowEncoder.width ?? inputColumns(set.x);
  const model = sequential({ inputs, layers: resolved.layers, seed });
  try {
    const { optimizer, loss, metrics, layerRates, earlyStopping: stopping } = resolved;
    model.compile({ optimizer, loss, metrics, ...(layerRates !== undefined && { layerRates }) });
    setUnits(model, targetScaler);
    const prepared = (part: Dataset) => inTurnsUntil(preparing(part, preparation, model.outputs), signal);
    const [x, targets] = await prepared(train);
    const validationData = validation && (await prepared(validation));
    const history = await model.fit(x, targets, {
      ...fit,
      ...(weights && { sampleWeight: weights }),
      ...(validationData && { validationData }),
      ...(classWeight !== undefined && { classWeight: weightsByIndex(where, classWeight, set) }),
      callbacks: [
        ...(stopping ? [earlyStopping(stopping)] : []),
        ...(prunes ? [deadEnds(x, targets)] : []),
        ...callbacks,
      ],
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
    if (error instanceof DivergedError && train.y) adviseOnTargets(error, train.y, targetScaler);
    throw error;
  }
}

/** What is trained where rows to measure are given. */
function withoutSplit({ validationSplit: _, ...fit }: SettledPipeline['fit']): SettledPipeline['fit'] {
  return fit;
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
