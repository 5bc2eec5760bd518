// simdense/data: preparing data. Pure functions, no Node API.

export { type Augmentation, jitter, mixup, rotateImage, shiftImage } from './augmentations.js';
export { parseIdx } from './idx.js';
export { Matrix, type Numbers, type Rows } from './matrix.js';
export { type HoldOutOptions, holdOut, type Split } from './splits.js';
