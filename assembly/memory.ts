// Where linear memory is free: behind what the kernels keep for themselves. src/engine/heap.ts gives out the rest.

/** The first address that no kernel keeps for itself. */
export function heapStart(): usize {
  return __heap_base;
}
