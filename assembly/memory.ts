// Where free linear memory begins: after the kernels' static data. src/engine/heap.ts allocates from there on.

/** The first address after the kernels' static data. */
export function heapStart(): usize {
  return __heap_base;
}
