// '#kernels' and '#kernels/…' are files in this folder: see `imports` in package.json.
declare module '#kernels' {
  /** Compiles the kernels, followed by the bytes in `end`, or returns the host's compiled module. */
  export function load(end?: string): WebAssembly.Module;
}
declare module '#kernels/predict' {
  export { load } from '#kernels';
  /** Compiles the product of quantized kernels, plain or relaxed, or returns the host's compiled module. It imports the memory of the other kernels. */
  export function loadQuantized(isRelaxed: boolean): WebAssembly.Module;
}
declare module '#kernels/replay' {
  export { load } from '#kernels';
}
declare module '#kernels/relaxed' {
  export { load } from '#kernels';
}
declare module '#kernels/threads' {
  export { load } from '#kernels';
}
declare module '#kernels/relaxed-threads' {
  export { load } from '#kernels';
}
declare module '#kernels/blas' {
  export { load } from '#kernels';
}
declare module '#kernels/blas-relaxed' {
  export { load } from '#kernels';
}
declare module '#kernels/blas-threads' {
  export { load } from '#kernels';
}
declare module '#kernels/blas-relaxed-threads' {
  export { load } from '#kernels';
}
// An imported .wasm is a string with one character for each byte (see tsup.config.ts), or a module from the host's bundler.
declare module '*.wasm' {
  const content: string;
  export default content;
}
declare module '*.wasm?module' {
  const content: string;
  export default content;
}
