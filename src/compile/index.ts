// simdense/compile: a trained model as a file of its own.
export { type Compiled, type CompileOptions, compile, type Target } from './compile.js';
