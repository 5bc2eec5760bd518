// simdense/data: preparing data. Pure functions, no Node API.

export { type Augmentation, jitter, mixup, rotateImage, shiftImage } from './augmentations.js';
export { parseIdx } from './idx.js';
export { Matrix } from './matrix.js';
export type { Numbers } from './numbers.js';
export type { Rows } from './rows.js';
export { type HoldOutOptions, holdOut, type Split } from './splits.js';
