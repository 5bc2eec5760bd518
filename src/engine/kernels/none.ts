// '#kernels/threads' and '#kernels/relaxed-threads' where there are no threads: never called, since createEngine has refused before.
export function load(): never {
  throw new Error('no threads here');
}
