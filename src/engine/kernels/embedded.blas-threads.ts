// '#kernels/blas-threads': the same on shared memory.
import text from '../../../dist/simdense.blas-threads.wasm';
import { loader } from './decode.js';

export const load = loader(text);
