// Pipelines: descriptions of everything from raw columns to a prediction, as plain data. Parts that are left out follow from the labels.
import { fraction, isRecord, oneOf, options, positiveInteger, refuse, show } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import type { Label } from '../data/labels.js';
import { type ScalerType, scalerTypes } from '../data/scalers/index.js';
import { trainingName } from '../nn/figures.js';
import type { Layer } from '../nn/layers/index.js';
import { dense } from '../nn/layers/index.js';
import type { Loss } from '../nn/losses.js';
import type { Metric } from '../nn/metrics/index.js';
import { countsClasses } from '../nn/metrics/names.js';
import type { Optimizer } from '../nn/optimizers/index.js';
import { outputForm } from '../nn/output-form.js';
import type { EncoderOptions } from '../table/encoders/options.js';
import type { EarlyStoppingOptions } from '../train/monitors.js';
import type { CompileOptions, FitOptions } from '../train/sequential.js';
import { type Dataset, rowsOf } from './dataset.js';
import { inputColumns, isTable } from './inputs.js';
import { LINEAR_ENCODE, linearParts } from './linear-training.js';
import { together } from './rows-together.js';
import { type TargetScale, targetScales } from './target-scale.js';
import { checkPositive, type Task, tasks, type Wanted } from './task.js';

/** Everything from raw columns to a prediction, as plain data: executors send it, and it is saved in one file. */
export interface Pipeline {
  /** How columns of numbers are scaled; fitted on the training rows. Default: 'standard'; for a table 'spread' with smooth clipping, see EncoderOptions. */
  scale?: ScalerType;
  /** How the columns of a table are encoded; fitted on the training rows. Only for a table. Default: that of EncoderOptions; where a linear model is trained by default, numbers are scaled alone. */
  encode?: EncoderOptions;
  /**
   * How the targets of a regression are scaled for the network; fitted on the training rows. Predictions, losses and metrics are in the
   * targets' own units. Default: 'standard', or 'robust' if outliers inflate the standard deviation, or 'none' if the output layer is not
   * linear.
   */
  targetScale?: TargetScale;
  /** The layers. The output layer may be left out; it then follows from the labels. */
  layers: readonly Layer[];
  /** The optimizer. Default: 'adam'; without hidden layers, where `fit` has neither epochs nor a batchSize, adam with few large steps, which such a model needs. */
  optimizer?: Optimizer | string;
  /**
   * The loss. Default: the crossentropy for the output layer, or 'meanSquaredError' for a regression. With scaled targets huber's δ is the target's scale,
   * and logCosh is scale² · log cosh(error / scale).
   */
  loss?: Loss & string;
  /** The metrics. Default: ['accuracy'], or ['meanAbsoluteError', 'r2'] for a regression. */
  metrics?: readonly (Metric & string)[];
  /** For layers by name a factor on the learning rate; see CompileOptions. 0 freezes a layer. Default: 1. */
  layerRates?: CompileOptions['layerRates'];
  /** Options of fit. The default of epochs is 50; without hidden layers, epochs and batchSize follow from the number of rows. validationSplit is drawn before the scalers are fitted. The keys of classWeight are labels. */
  fit?: Pick<FitOptions, 'epochs' | 'batchSize' | 'shuffle' | 'validationSplit' | 'augment'> & {
    classWeight?: Readonly<Record<Label, number>> | 'balanced';
  };
  /** Stops when `monitor` has not improved for `patience` epochs, and restores the best weights. Default: monitor 'valLoss', with a validationSplit of 0.1. */
  earlyStopping?: Pick<EarlyStoppingOptions, 'monitor' | 'patience' | 'minDelta'>;
  /** What to learn: one of several classes, numbers, or any of several labels. Default: follows from the labels. */
  task?: Task;
  /** What stands between the labels of a cell of a table's target that lists several, such as ';'. Default: none; a cell is one label, or, as in JSON, a list of labels. */
  separator?: string;
  /**
   * Which of two classes is the positive one, of precision, recall, f1 and a single sigmoid: it becomes the last of `classes`. Default: the
   * second in numeric or alphabetical order.
   */
  positive?: Label;
}

/** A pipeline with all defaults filled in for a data set. */
export interface SettledPipeline extends Required<Pick<Pipeline, 'layers' | 'loss' | 'metrics' | 'task'>> {
  /** For numbers. */
  readonly scale?: ScalerType;
  /** For a table. */
  readonly encode?: EncoderOptions;
  readonly optimizer: Optimizer | string;
  /** For a regression. Before the fit it may be absent: the training rows then decide. */
  readonly targetScale?: TargetScale;
  readonly layerRates?: NonNullable<Pipeline['layerRates']>;
  readonly fit: NonNullable<Pipeline['fit']>;
  readonly earlyStopping?: NonNullable<Pipeline['earlyStopping']>;
}

const keys = [
  'scale',
  'encode',
  'targetScale',
  'layers',
  'optimizer',
  'loss',
  'metrics',
  'layerRates',
  'fit',
  'earlyStopping',
  'task',
  'separator',
  'positive',
] as const;
const fitKeys = ['epochs', 'batchSize', 'shuffle', 'validationSplit', 'classWeight', 'augment'] as const;

/** The options of fitPipeline, which are not part of a pipeline. */
export const besides = ['seed', 'callbacks', 'signal', 'columns', 'target', 'sampleWeight', ...together] as const;

/** Throws SimdenseError 'ARGUMENT' for an option of fitPipeline that was put into the pipeline. */
function refuseFitPipelineOptions(where: string, part: object | undefined): void {
  const key = besides.find((name) => part && Object.hasOwn(part, name));
  if (key === undefined) return;
  const message = `${show(key)} is not part of a pipeline; pass it to fitPipeline: fitPipeline(pipeline, x, y, { ${key} })`;
  throw new SimdenseError('ARGUMENT', `${where}: ${message}`);
}

/** The right place of options that are often put one level too high. */
const places: Readonly<Record<string, string>> = {
  ...Object.fromEntries(fitKeys.map((key) => [key, `fit: { ${key}: … }`])),
  patience: 'earlyStopping: { patience: … }',
  monitor: 'earlyStopping: { monitor: … }',
  learningRate: 'optimizer: adam({ learningRate: … })',
};

/** Throws SimdenseError 'ARGUMENT' for an option that belongs in a part of the pipeline, and for a model instead of a pipeline. */
function refuseMisplaced(where: string, p: object): void {
  if (typeof (p as { predict?: unknown }).predict === 'function')
    throw new SimdenseError(
      'ARGUMENT',
      `${where}: expected a pipeline { layers: […] }, got a model; call model.fit instead`,
    );
  const key = Object.keys(places).find((name) => Object.hasOwn(p, name));
  if (key === undefined) return;
  throw new SimdenseError('ARGUMENT', `${where}: ${show(key)} belongs in a part of the pipeline: { ${places[key]} }`);
}

/** Throws SimdenseError 'ARGUMENT' for a part of a pipeline that was put into the options of fitPipeline. */
export function refuseParts(where: string, o: object | undefined): void {
  const key = [...keys, ...fitKeys].find((name) => isRecord(o) && Object.hasOwn(o, name));
  if (key === undefined) return;
  const there = (keys as readonly string[]).includes(key) ? `${key}: …` : `fit: { ${key}: … }`;
  throw new SimdenseError('ARGUMENT', `${where}: ${show(key)} is part of the pipeline: { layers: […], ${there} }`);
}

/** A copy of plain data. What the caller does with his own while it is trained changes nothing. */
function copied<T>(value: T): T {
  if (Array.isArray(value)) return value.map(copied) as T;
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, copied(part)])) as T;
}

/** Checks the parts of a pipeline that can be checked without data, and copies it. */
export function checkPipeline(where: string, p: Pipeline): Pipeline {
  if (typeof p !== 'object' || p === null) refuse(where, 'a pipeline: { layers: […] }', p);
  refuseMisplaced(where, p);
  refuseFitPipelineOptions(where, p);
  options(where, p, keys);
  if (!Array.isArray(p.layers)) refuse(`${where}(layers)`, 'an array of layers', p.layers);
  if (p.scale !== undefined) oneOf(`${where}(scale)`, p.scale, scalerTypes);
  if (p.targetScale !== undefined) oneOf(`${where}(targetScale)`, p.targetScale, targetScales);
  if (p.task !== undefined) oneOf(`${where}(task)`, p.task, tasks);
  if (p.positive !== undefined && typeof p.positive !== 'string' && typeof p.positive !== 'number')
    refuse(`${where}(positive)`, 'the label of a class', p.positive);
  if (p.loss !== undefined && typeof p.loss !== 'string') refuse(`${where}(loss)`, 'the name of a loss', p.loss);
  if (p.metrics !== undefined && !(Array.isArray(p.metrics) && p.metrics.every((metric) => typeof metric === 'string')))
    refuse(`${where}(metrics)`, 'names of metrics', p.metrics);
  if (isRecord(p.fit)) refuseFitPipelineOptions(`${where}(fit)`, p.fit);
  const { validationSplit, epochs } = options(`${where}(fit)`, p.fit, fitKeys);
  if (validationSplit !== undefined && !(fraction(`${where}(fit.validationSplit)`, validationSplit) > 0))
    refuse(`${where}(fit.validationSplit)`, 'a share between 0 and 1', validationSplit);
  if (epochs !== undefined) positiveInteger(`${where}(fit.epochs)`, epochs);
  const { earlyStopping } = p as { earlyStopping?: unknown };
  if (typeof earlyStopping === 'function' || (isRecord(earlyStopping) && 'onEpochEnd' in earlyStopping)) {
    const hint = '; pass only the options, the pipeline calls earlyStopping itself';
    refuse(`${where}(earlyStopping)`, 'options such as { patience: 10 }', earlyStopping, hint);
  }
  const { monitor } = options(`${where}(earlyStopping)`, p.earlyStopping, ['monitor', 'patience', 'minDelta']);
  if (monitor !== undefined && typeof monitor !== 'string')
    refuse(`${where}(earlyStopping.monitor)`, 'the name of a figure', monitor);
  return copied(p);
}

/** What is for numbers: these losses and this metric say nothing of classes. */
const forNumbers: readonly unknown[] = ['huber', 'logCosh', 'r2'];

/** What a checked pipeline says of its targets. */
export function wantedOf({ task, separator, positive, targetScale, loss, metrics = [], layers }: Pipeline): Wanted {
  const outputs = (layers.at(-1) as { activation?: unknown } | undefined)?.activation;
  const asked =
    outputs === 'softmax' || outputs === 'sigmoid'
      ? undefined
      : targetScale !== undefined && targetScale !== 'none'
        ? 'targetScale'
        : [loss, ...metrics].find((name) => forNumbers.includes(name));
  return { task, separator, positive, ...(asked && { numbers: `${asked} is asked for, which is for numbers` }) };
}

/** Fills in the defaults of a pipeline for a data set. Throws SimdenseError 'ARGUMENT' if they do not fit together. */
export function resolvePipeline(where: string, p: Pipeline, set: Dataset): SettledPipeline {
  const { task } = set;
  checkPositive(`${where}(positive)`, p.positive, set.classes);
  const layers = isOutput(where, p.layers, set) ? p.layers : [...p.layers, outputLayer(p, set)];
  const { outputs } = outputForm(layers, inputColumns(set.x));
  const crossentropy = outputs === 1 || task === 'multilabel' ? 'binaryCrossentropy' : 'categoricalCrossentropy';
  const loss = p.loss ?? (task === 'regression' ? 'meanSquaredError' : crossentropy);
  const forClasses = [
    /Crossentropy$/.test(loss) && `(loss): ${loss} is`,
    p.metrics?.some(countsClasses) && `(metrics): ${p.metrics.find(countsClasses)} is`,
    p.fit?.classWeight !== undefined && '(fit.classWeight): weights are',
  ].find((said) => said);
  if (task === 'regression' && forClasses)
    throw new SimdenseError('ARGUMENT', `${where}${forClasses} for classes, but the task is a regression`);
  const { earlyStopping } = p;
  const watched = earlyStopping?.monitor ?? 'valLoss';
  const chosen = chosenFor(p, set);
  const split = earlyStopping && watched !== trainingName(watched) ? { validationSplit: 0.1 } : {};
  return {
    ...encodingOf(where, chosen.encode ? { ...p, encode: chosen.encode } : p, set),
    ...targetScaleOf(where, p, layers, set),
    layers,
    optimizer: p.optimizer ?? chosen.optimizer,
    loss,
    metrics: p.metrics ?? (task === 'regression' ? ['meanAbsoluteError', 'r2'] : ['accuracy']),
    ...(p.layerRates !== undefined && { layerRates: p.layerRates }),
    fit: { ...chosen.fit, ...split, ...p.fit },
    ...(earlyStopping && { earlyStopping: { ...earlyStopping, monitor: watched } }),
    task,
  };
}

/** How a pipeline is trained where it does not say: without hidden layers as a linear model, which needs few large steps and numbers as they are. */
function chosenFor(
  { layers, optimizer, earlyStopping, fit, encode, scale }: Pipeline,
  set: Dataset,
): Pick<SettledPipeline, 'optimizer' | 'fit' | 'encode'> {
  const isLinear = layers.length === 0 && !optimizer && !earlyStopping && !fit?.epochs && !fit?.batchSize;
  if (!isLinear) return { optimizer: 'adam', fit: { epochs: 50 } };
  const isPlain = isTable(set.x) && encode === undefined && scale === undefined;
  return { ...linearParts(rowsOf(set)), ...(isPlain && { encode: LINEAR_ENCODE }) };
}

/** How the rows are encoded. Throws SimdenseError 'ARGUMENT' for `encode` without a table. */
function encodingOf(
  where: string,
  { scale, encode }: Pipeline,
  { x }: Dataset,
): Pick<SettledPipeline, 'scale' | 'encode'> {
  if (isTable(x) && scale !== undefined && encode?.number?.scale !== undefined)
    throw new SimdenseError(
      'ARGUMENT',
      `${where}(scale): encode.number.scale says how numbers are scaled too; give one`,
    );
  if (isTable(x))
    return { encode: scale === undefined ? { ...encode } : { ...encode, number: { scale, ...encode?.number } } };
  if (encode !== undefined)
    throw new SimdenseError('ARGUMENT', `${where}(encode): is about the columns of a Table; x is rows of numbers`);
  return { scale: scale ?? 'standard' };
}

/** The pipeline's targetScale. Throws SimdenseError 'ARGUMENT' for scaled targets if the output layer is not linear, since it may not reach them, and for classes. */
function targetScaleOf(
  where: string,
  { targetScale }: Pipeline,
  layers: readonly Layer[],
  { task }: Dataset,
): Pick<SettledPipeline, 'targetScale'> {
  if (task !== 'regression') {
    if (targetScale !== undefined && targetScale !== 'none')
      throw new SimdenseError('ARGUMENT', `${where}(targetScale): classes are not scaled; leave it out`);
    return {};
  }
  const { type, activation = 'linear' } = layers.at(-1) as Layer & { activation?: unknown };
  if (type === 'dense' && activation === 'linear') return targetScale === undefined ? {} : { targetScale };
  if (targetScale !== undefined && targetScale !== 'none') {
    const message = `targets can be scaled only for a linear output layer, but the last layer is not linear; use 'none', or leave its activation out`;
    throw new SimdenseError('ARGUMENT', `${where}(targetScale): ${message}`);
  }
  return { targetScale: 'none' };
}

/**
 * Whether the last layer is the output layer: it has the right number of outputs and the right form, which is softmax for classes, one
 * sigmoid for two classes, linear for a regression. Any other last layer is hidden, and an output layer is added after it. But if it looks
 * like a wrong output layer, throws SimdenseError 'ARGUMENT': a softmax or its logarithm, a linear layer, one sigmoid, as many sigmoids as classes or
 * targets, or, for one target, a single unit after wider layers.
 */
function isOutput(where: string, layers: readonly Layer[], { task, classes, x, y }: Dataset): boolean {
  if (!layers.some((layer) => layer?.type === 'dense')) return false;
  const { outputs, shown } = outputForm(layers, inputColumns(x));
  const wanted = classes?.length ?? (y?.columns as number);
  const is = (activation: string, count: number): boolean => shown === activation && outputs === count;
  const regression = task === 'regression';
  const { activation, form, what } = outputsOf[task](wanted);
  if (is(activation, wanted) || (task === 'classification' && wanted === 2 && is('sigmoid', 1))) return true;
  // A single unit after wider layers is probably meant as the output: as a hidden layer it would be a bottleneck.
  const wider = layers.some((layer) => ((layer as { units?: number }).units ?? 0) > 1);
  const squeezed = regression && wanted === 1 && outputs === 1 && wider;
  const looksLikeOne = /^(softmax|logSoftmax)|^linear$/.test(shown) || is('sigmoid', 1) || is('sigmoid', wanted);
  if (!looksLikeOne && !squeezed) return false;
  const message = `the last layer gives ${outputs} (${shown}), ${what} ${wanted} (${form})`;
  const advice = looksLikeOne
    ? "use that, or leave the output layer out; a hidden layer needs another activation, such as 'relu'"
    : 'leave its activation out, or leave the layer out, since the output layer is added';
  throw new SimdenseError('ARGUMENT', `${where}(layers): ${message}: ${advice}`);
}

/** The form of the outputs. */
interface Outputs {
  readonly activation: 'linear' | 'softmax' | 'sigmoid';
  /** The same for messages. */
  readonly form: string;
  /** What takes this form, with its verb. */
  readonly what: string;
}

/** The outputs that a task takes for so many targets, classes or labels. */
const outputsOf: Readonly<Record<Task, (count: number) => Outputs>> = {
  regression: (count) => ({
    activation: 'linear',
    form: 'linear',
    what: count === 1 ? 'a regression takes' : `${count} targets take`,
  }),
  classification: (count) => ({
    activation: 'softmax',
    form: count === 2 ? 'softmax, or 1 sigmoid' : 'softmax',
    what: `${count} classes take`,
  }),
  multilabel: (count) => ({ activation: 'sigmoid', form: 'sigmoid', what: `${count} labels take` }),
};

/** One sigmoid for two classes; otherwise as outputsOf. */
function outputLayer({ loss }: Pipeline, { task, classes, y }: Dataset): Layer {
  const units = classes?.length ?? (y?.columns as number);
  if (classes && units === 2 && loss !== 'categoricalCrossentropy') return dense({ units: 1, activation: 'sigmoid' });
  return dense({ units, activation: outputsOf[task](units).activation });
}
