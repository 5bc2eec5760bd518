// simdense: the core. No dependency, no Node API.

export { type ErrorCode, SimdenseError } from './base/errors.js';
export { Matrix, type Numbers, type Rows, type Targets } from './data/matrix.js';
export { createEngine, Engine, type EngineOptions, supports } from './engine/engine.js';
export type { Activation } from './nn/activations.js';
export type { Initializer } from './nn/initializers.js';
export { activation, dense, rescaling } from './nn/layers/index.js';
export type { Loss } from './nn/losses.js';
export type { Metric } from './nn/metrics.js';
export { adam, type Optimizer, sgd } from './nn/optimizers/index.js';
export type { Layer } from './nn/plan.js';
export type { WeightSet } from './nn/weights.js';
export type { Callback, Training } from './train/callbacks.js';
export type { FitOptions } from './train/fit.js';
export { DivergedError, type History, type Logs } from './train/history.js';
export { type CompileOptions, Sequential, type SequentialOptions, sequential } from './train/sequential.js';
