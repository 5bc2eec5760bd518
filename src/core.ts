// What the entries of the package share, as one file of it: see tsup.config.ts. A module costs about a millisecond to load.

export * from './base/checks.js';
export * from './base/errors.js';
export * from './data/augmentations.js';
export * from './data/idx.js';
export * from './data/matrix.js';
export * from './data/splits.js';
export * from './engine/engine.js';
export * from './nn/layers/index.js';
export * from './nn/optimizers/index.js';
export * from './train/history.js';
export * from './train/loading.js';
export * from './train/monitors.js';
export * from './train/sequential.js';
