// simdense/compile: a trained model as a file of its own.
export { type CompileOptions, type Compiled, compile, type Target } from './compile.js';
