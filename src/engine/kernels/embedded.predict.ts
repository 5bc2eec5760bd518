// '#kernels/predict': the kernels that a prediction calls, which stand for all of them in simdense/predict.
import text from '../../../dist/simdense.predict.wasm';
import { loader } from './decode.js';

export const load = loader(text);
