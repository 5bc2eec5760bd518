// Blocks of linear memory. AssemblyScript's own allocator (TLSF) aligns to 16 bytes; blocks here start on a cache line,
// with the allocator's address kept in the word before.

/** Address of `bytes` fresh bytes, 64-byte aligned and zeroed; traps where memory cannot grow. */
export function allocate(bytes: usize): usize {
  const raw = heap.alloc(bytes + 64 + 16);
  const block = (raw + 16 + 63) & ~(<usize>63);
  store<usize>(block - 4, raw);
  memory.fill(block, 0, bytes);
  return block;
}

/** Gives a block of `allocate` back. */
export function release(block: usize): void {
  heap.free(load<usize>(block - 4));
}

/** What AssemblyScript calls where its runtime gives up: a trap, which the engine answers as OUT_OF_MEMORY. */
export function fail(message: usize, file: usize, line: u32, column: u32): void {
  unreachable();
}
