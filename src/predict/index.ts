// simdense/predict: what predicts, without what trains.
export { SimdenseError } from '../base/errors.js';
export { Matrix } from '../data/matrix.js';
export type { Numbers } from '../data/numbers.js';
export type { Rows } from '../data/rows.js';
export { type LoadPredictorOptions, loadPredictor, Predictor } from './predictor.js';
