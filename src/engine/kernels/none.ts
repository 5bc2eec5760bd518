// Stands for kernels that a host cannot use: threads on edge hosts, and relaxed kernels where modules are compiled even if unused, by a V8 that may not support them
// (Next's edge route on Node 20).
export function load(): never {
  throw new Error('this host does not have these kernels');
}
