// simdense/data: prepares data. Pure functions; needs no Node API.

export { type Augmentation, jitter, mixup, rotateImage, shiftImage } from './augmentations.js';
export { type CsvOptions, parseCsv, type Table, type TargetTable } from './csv.js';
export { parseIdx } from './idx.js';
export { encodeLabels, type Label, oneHot } from './labels.js';
export { Matrix } from './matrix.js';
export type { Numbers } from './numbers.js';
export type { Rows } from './rows.js';
export { fitScaler, type Scaler, type ScalerData, scalerFromJson } from './scalers/index.js';
export {
  type BootstrapOptions,
  bootstrap,
  type HoldOutOptions,
  holdOut,
  type KFoldOptions,
  kFold,
  type Split,
} from './splits.js';
