// '#kernels/predict': only the kernels that prediction calls. simdense/predict uses them instead of the full set.
import text from '../../../dist/simdense.predict.wasm';
import { loader } from './decode.js';

export const load = loader(text);
