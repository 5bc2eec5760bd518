// '#kernels/blas-relaxed-threads': the same with fused multiply-add on shared memory.
import text from '../../../dist/simdense.blas-relaxed-threads.wasm';
import { loader } from './decode.js';

export const load = loader(text);
