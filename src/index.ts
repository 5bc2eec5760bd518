// simdense: the core. It has no dependency and uses no Node API.

export { type ErrorCode, SimdenseError } from './base/errors.js';
export { Matrix } from './data/matrix.js';
export type { Numbers } from './data/numbers.js';
export type { Rows, Targets } from './data/rows.js';
export { createEngine } from './engine/create-engine.js';
export { Engine, type EngineOptions } from './engine/engine.js';
export { supports } from './engine/supports.js';
export type { Activation } from './nn/activations.js';
export type { Initializer } from './nn/initializers.js';
export { kinds } from './nn/kinds.js';
export {
  activation,
  batchNormalization,
  dense,
  dropout,
  gaussianNoise,
  type Layer,
  layerNormalization,
  prelu,
  rescaling,
} from './nn/layers/index.js';
export type { CustomLoss, Loss } from './nn/losses.js';
export type { CustomMetric, Metric } from './nn/metrics/index.js';
export { adagrad, adam, adamw, lion, type Optimizer, rmsprop, sgd } from './nn/optimizers/index.js';
export type { Regularizer } from './nn/regularizers.js';
export type { Schedule } from './nn/schedules.js';
export type { WeightSet } from './nn/weights.js';
export type { CallbackState, TrainingEnd } from './train/callbacks.js';
export { DivergedError, type History, type Logs } from './train/history.js';
export { loadModel } from './train/loading.js';
export { checkpoint, earlyStopping, reduceOnPlateau } from './train/monitors.js';
export {
  type Callback,
  type CompileOptions,
  type FitOptions,
  Sequential,
  type SequentialOptions,
  sequential,
  type Training,
} from './train/sequential.js';
export type { BatchFunction, BatchPair, BatchSource } from './train/stream.js';
