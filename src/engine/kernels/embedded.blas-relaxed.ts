// '#kernels/blas-relaxed': the same with fused multiply-add.
import text from '../../../dist/simdense.blas-relaxed.wasm';
import { loader } from './decode.js';

export const load = loader(text);
