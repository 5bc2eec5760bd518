// '#kernels/relaxed': the build with fused multiply-add.
import text from '../../../dist/simdense.relaxed.wasm';
import { loader } from './decode.js';

export const load = loader(text);
