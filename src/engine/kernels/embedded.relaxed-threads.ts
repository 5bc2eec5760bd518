// '#kernels/relaxed-threads': the build with fused multiply-add on shared memory.
import text from '../../../dist/simdense.relaxed-threads.wasm';
import { loader } from './decode.js';

export const load = loader(text);
