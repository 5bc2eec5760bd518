// '#kernels/blas': the kernels of simdense/kernels.
import text from '../../../dist/simdense.blas.wasm';
import { loader } from './decode.js';

export const load = loader(text);
