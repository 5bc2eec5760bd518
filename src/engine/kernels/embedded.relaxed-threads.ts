// '#kernels/relaxed-threads', the same for the build with both.
import text from '../../../dist/simdense.relaxed-threads.wasm';
import { loader } from './decode.js';

export const load = loader(text);
