// '#kernels' where the runtime allows compiling. The bytes are decoded on the first call.
import text from '../../../dist/simdense.wasm';
import { loader } from './decode.js';

export const load = loader(text);
