// What createEngine cannot have on a host: threads on edge hosts, and relaxed ones where a module is compiled whether it is used or not, by a V8 that may not know them
// (Next's edge route on Node 20).
export function load(): never {
  throw new Error('this host has no such kernels');
}
