// '#kernels' wherever the runtime allows compiling: decoded inside the first call.
import text from '../../../dist/simdense.wasm';
import { loader } from './decode.js';

export const load = loader(text);
