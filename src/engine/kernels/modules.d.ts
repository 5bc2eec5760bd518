// '#kernels' and those below it are files beside this one: see `imports` in package.json.
declare module '#kernels' {
  /** The compiled kernels, with these bytes after them where the runtime compiles. */
  export function load(end?: string): WebAssembly.Module;
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
// What the build makes of an imported .wasm: its bytes as characters (see tsup.config.ts), or a module that the host's bundler provides.
declare module '*.wasm' {
  const content: string;
  export default content;
}
declare module '*.wasm?module' {
  const content: string;
  export default content;
}
