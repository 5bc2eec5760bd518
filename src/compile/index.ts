// simdense/compile: a trained model as a file of its own.
export { fromFloat16 } from '../train/float16.js';
export { type Compiled, type CompileOptions, compile, type Target } from './compile.js';
export { toFloat16 } from './float16.js';
export { quantize } from './quantize.js';
