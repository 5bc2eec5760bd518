// '#kernels/threads': the build on shared memory.
import text from '../../../dist/simdense.threads.wasm';
import { loader } from './decode.js';

export const load = loader(text);
