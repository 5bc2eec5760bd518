// simdense/predict: prediction without the code for training.
export { SimdenseError } from '../base/errors.js';
export { Matrix } from '../data/matrix.js';
export type { Numbers } from '../data/numbers.js';
export type { Rows } from '../data/rows.js';
export { fromFloat16 } from '../train/float16.js';
export { EnsemblePredictor, loadEnsemblePredictor } from './ensemble-predictor.js';
export { type LoadPredictorOptions, loadPredictor, Predictor } from './predictor.js';
export { type LoadQuantizedPredictorOptions, loadQuantizedPredictor } from './quantized-predictor.js';
