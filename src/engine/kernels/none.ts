// A placeholder for kernels that a host cannot use: threads on edge hosts, and relaxed kernels on hosts that compile modules even if they are unused, with a V8
// that may not support them (Next's edge route on Node 20).
export function load(): never {
  throw new Error('this host does not have these kernels');
}
