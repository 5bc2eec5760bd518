import { SimdenseError } from '../base/errors.js';
import { type Executor, inline, type Pipeline } from '../evaluate/index.js';
import { LINEAR_ENCODE, linearOptimizer, linearTraining } from '../evaluate/linear-training.js';
import { ACTIVATION_ALONE, type Alone, aloneFor, optimizerAlone, UNITS } from '../evaluate/tabular-members.js';
import * as core from '../index.js';
import { dense, dropout, type Layer, type Optimizer } from '../index.js';
import { resumable, workers } from '../node/index.js';
import { kindOf } from './checks.js';
import { list, number, text, type Values } from './options.js';

/** Options about one network: with none of them, and without --quick, several are trained that we choose. */
export const ofOneNetwork = [
  'hidden',
  'dropout',
  'learning-rate',
  'activation',
  'l2',
  'optimizer',
  'clip-norm',
  'epochs',
  'batch-size',
  'patience',
  'scale',
  'cv',
] as const;

/** The option that asks for one network; undefined if none does. */
export const asksForOne = (values: Values): string | undefined =>
  values['quick'] === true ? 'quick' : ofOneNetwork.find((name) => values[name] !== undefined);

/** Whether no hidden layer is asked for. */
const isLinear = (values: Values): boolean => text(values, 'hidden')?.split(',').map(Number)[0] === 0;

/** What is chosen for a network of so many rows where no option says otherwise: of a linear one what 'tabular' compares itself with. */
const chosenFor = (values: Values, rows: number): Alone =>
  isLinear(values) ? { ...linearTraining(rows), dropout: 0, pieces: 0, decay: 0 } : aloneFor(rows);

/** The optimizer that is asked for: by default one whose rate falls along half a cosine in so many updates. */
function optimizer(values: Values, alone: Alone, steps: number): Optimizer {
  const rate = values['learning-rate'] === undefined ? undefined : number(values, 'learning-rate', 0);
  const clip = values['clip-norm'] === undefined ? {} : { clipNorm: number(values, 'clip-norm', 0) };
  const type = text(values, 'optimizer') as Optimizer['type'] | undefined;
  if (type === undefined) {
    const chosen = { ...alone, ...(rate !== undefined && { rate }) };
    const own = isLinear(values) ? linearOptimizer(chosen.rate, steps) : optimizerAlone(chosen, steps);
    return { ...own, ...clip } as Optimizer;
  }
  // Each optimizer is exported under the name of its type.
  // biome-ignore lint/performance/noDynamicNamespaceImportAccess: the command imports all of the core anyway.
  return core[type]({ ...(rate !== undefined && { learningRate: rate }), ...clip });
}

/** The hidden layers. Throws SimdenseError 'ARGUMENT' for an option about hidden layers if there are none. */
function hidden(values: Values, alone: Alone): Layer[] {
  const units = text(values, 'hidden')?.split(',').map(Number) ?? UNITS;
  if (isLinear(values)) {
    const idle = ['dropout', 'l2', 'activation'].find((name) => values[name] !== undefined);
    if (idle === undefined) return [];
    throw new SimdenseError('ARGUMENT', `--${idle}: is about hidden layers, and --hidden 0 asks for none`);
  }
  const rate = number(values, 'dropout', alone.dropout);
  const l2 = number(values, 'l2', 0);
  const activation = (text(values, 'activation') ?? ACTIVATION_ALONE) as 'relu';
  return units.flatMap((n) => [
    dense({ units: n, activation, ...(l2 > 0 && { kernelRegularizer: { l2 } }) }),
    ...(rate > 0 ? [dropout({ rate })] : []),
  ]);
}

/**
 * The metric for cross-validation. With --balanced, all classes count the same: the metric is the mean recall (balanced accuracy), or for two classes the area
 * under the ROC curve, since recall is then that of one class only.
 */
export function judgedBy(
  values: Values,
  task: string,
  classes: readonly unknown[] | undefined,
): 'accuracy' | 'recall' | 'auc' | 'r2' {
  if (task === 'regression') return 'r2';
  if (task === 'multilabel') return 'accuracy';
  if (values['balanced'] !== true) return 'accuracy';
  return (classes?.length ?? 0) > 2 ? 'recall' : 'auc';
}

/** Columns of text that are asked for by name: their words are learnt from. */
export const textsOf = (values: Values): string[] =>
  list(values, 'kind')
    .map(kindOf)
    .flatMap(({ name, kind }) => (kind === 'text' ? name : []));

/** How columns are encoded: texts that are asked for, and numbers by so many pieces of their range, unless their scale is said. */
function encodingOf(values: Values, targets: readonly string[], pieces: number): Pick<Pipeline, 'encode'> {
  const texts = textsOf(values).filter((name) => !targets.includes(name));
  const own = values['scale'] !== undefined;
  const number = isLinear(values) ? LINEAR_ENCODE.number : pieces > 0 ? { pieces } : undefined;
  if (texts.length === 0 && (own || !number)) return {};
  return {
    encode: {
      ...(!own && number && { number }),
      ...(texts.length > 0 && { columns: Object.fromEntries(texts.map((name) => [name, {}])) }),
    },
  };
}

/** A pipeline that reads the columns of text which are asked for, and weighs the classes as is asked. */
export function withText(pipeline: Pipeline, values: Values, targets: readonly string[]): Pipeline {
  const { columns } = encodingOf(values, targets, 0).encode ?? {};
  return {
    ...pipeline,
    ...(columns && { encode: { ...pipeline.encode, columns } }),
    ...(values['balanced'] === true && { fit: { ...pipeline.fit, classWeight: 'balanced' } }),
  };
}

/** What a pipeline is made for. */
export interface MadeFor {
  readonly targets: readonly string[];
  /** The rows that it learns from, those that may stop it included. */
  readonly rows: number;
}

/** The share of the rows that stops a training, as fitPipeline sets aside. */
const STOPPING = 0.1;

/**
 * The pipeline that the checked options describe, for a table; without it for a small one. Throws SimdenseError 'ARGUMENT' for options that do not
 * go together.
 */
export function pipelineOf(values: Values, { targets, rows }: MadeFor = { targets: [], rows: 1 }): Pipeline {
  const alone = chosenFor(values, rows);
  const epochs = number(values, 'epochs', alone.epochs);
  // The rate falls until the run ends, so nothing has to stop it.
  const patience = number(values, 'patience', 0);
  const learnt = patience > 0 ? Math.ceil(rows * (1 - STOPPING)) : rows;
  const batchSize = values['batch-size'] === 'full' ? 'full' : number(values, 'batch-size', alone.batchSize);
  const updates = epochs * (batchSize === 'full' ? 1 : Math.ceil(learnt / batchSize));
  const task = text(values, 'task');
  if (values['balanced'] === true && task === 'regression')
    throw new SimdenseError('ARGUMENT', '--balanced: is about classes, and --task regression has none');
  const layers = hidden(values, alone);
  return {
    layers,
    optimizer: optimizer(values, alone, updates),
    ...(values['scale'] !== undefined && { scale: text(values, 'scale') as 'standard' }),
    ...encodingOf(values, targets, alone.pieces),
    ...(values['separator'] !== undefined && { separator: text(values, 'separator') as string }),
    fit: { epochs, batchSize, ...(values['balanced'] === true && { classWeight: 'balanced' }) },
    ...(patience > 0 && { earlyStopping: { patience } }),
    ...(task !== undefined && { task: task as 'regression' }),
  };
}

/** The executor for independent training runs, which also stores their results if --results is given. */
export async function executorOf(values: Values): Promise<Executor> {
  const folder = text(values, 'results');
  const executor = await runnerOf(values);
  return folder === undefined ? executor : resumable({ folder, executor });
}

async function runnerOf(values: Values): Promise<Executor> {
  const where = text(values, 'executor') ?? 'workers';
  if (where === 'workers') return workers();
  if (where === 'inline') return inline();
  return (await loadBullmq('--executor')).bullmq({ connection: where });
}

/** Imports simdense/bullmq. Throws SimdenseError 'UNSUPPORTED' if the packages that it needs are not installed. */
export async function loadBullmq(what: string): Promise<typeof import('../bullmq/index.js')> {
  try {
    return await import('../bullmq/index.js');
  } catch (cause) {
    if ((cause as { code?: string }).code !== 'ERR_MODULE_NOT_FOUND') throw cause;
    const message = `${what} needs two packages beside simdense: npm install bullmq ioredis`;
    throw new SimdenseError('UNSUPPORTED', message, { cause });
  }
}
