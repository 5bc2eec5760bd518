import { SimdenseError } from '../base/errors.js';
import { type Executor, inline, type Pipeline } from '../evaluate/index.js';
import { adagrad, adam, adamw, dense, dropout, type Layer, type Optimizer, rmsprop, sgd } from '../index.js';
import { resumable, workers } from '../node/index.js';
import { number, text, type Values } from './options.js';

const optimizers = { adam, adamw, sgd, rmsprop, adagrad };

function optimizer(values: Values): Optimizer {
  const name = text(values, 'optimizer') ?? 'adam';
  if (!Object.hasOwn(optimizers, name))
    throw new SimdenseError(
      'ARGUMENT',
      `--optimizer: expected one of ${Object.keys(optimizers).join(', ')}, got "${name}"`,
    );
  const rate = number(values, 'learning-rate', 0);
  return optimizers[name as keyof typeof optimizers](rate === 0 ? {} : { learningRate: rate });
}

function hidden(values: Values): Layer[] {
  const units = (text(values, 'hidden') ?? '32').split(',').map((part) => Number(part));
  if (!units.every((n) => Number.isInteger(n) && n >= 0))
    throw new SimdenseError('ARGUMENT', `--hidden: expected whole numbers such as 64,32, got "${values['hidden']}"`);
  const rate = number(values, 'dropout', 0);
  const l2 = number(values, 'l2', 0);
  const activation = (text(values, 'activation') ?? 'relu') as 'relu';
  return units
    .filter((n) => n > 0)
    .flatMap((n) => [
      dense({ units: n, activation, ...(l2 > 0 && { kernelRegularizer: { l2 } }) }),
      ...(rate > 0 ? [dropout({ rate })] : []),
    ]);
}

/** The pipeline that the options describe. Throws SimdenseError 'ARGUMENT'. */
export function pipelineOf(values: Values): Pipeline {
  const patience = number(values, 'patience', 20);
  const batchSize = values['batch-size'] === 'full' ? 'full' : number(values, 'batch-size', 32);
  const task = text(values, 'task');
  return {
    layers: hidden(values),
    optimizer: optimizer(values),
    scale: (text(values, 'scale') ?? 'standard') as 'standard',
    fit: {
      epochs: number(values, 'epochs', 200),
      batchSize,
      ...(values['balanced'] === true && { classWeight: 'balanced' }),
    },
    ...(patience > 0 && { earlyStopping: { patience } }),
    ...(task !== undefined && { task: task as 'regression' }),
  };
}

/** Where trainings run that do not depend on one another, and where their results are kept. Throws SimdenseError 'ARGUMENT'. */
export async function executorOf(values: Values): Promise<Executor> {
  const folder = text(values, 'results');
  const executor = await runnerOf(values);
  return folder === undefined ? executor : resumable({ folder, executor });
}

async function runnerOf(values: Values): Promise<Executor> {
  const where = text(values, 'executor') ?? 'workers';
  if (where === 'workers') return workers();
  if (where === 'inline') return inline();
  if (/^rediss?:\/\//.test(where)) return (await loadBullmq('--executor')).bullmq({ connection: where });
  throw new SimdenseError(
    'ARGUMENT',
    `--executor: expected workers, inline or a URL such as redis://localhost:6379, got "${where}"`,
  );
}

/** simdense/bullmq, whose packages may not be there. */
export async function loadBullmq(what: string): Promise<typeof import('../bullmq/index.js')> {
  try {
    return await import('../bullmq/index.js');
  } catch (cause) {
    if ((cause as { code?: string }).code !== 'ERR_MODULE_NOT_FOUND') throw cause;
    const message = `${what} needs two packages beside simdense: npm install bullmq ioredis`;
    throw new SimdenseError('UNSUPPORTED', message, { cause });
  }
}
