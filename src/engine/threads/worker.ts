// What a worker thread runs. The function's text is sent to where no file of the package is, so it uses nothing from outside itself.

export interface Orders {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Its number, from 1, among so many threads. */
  readonly own: number;
  readonly threads: number;
  /** Address of what it has for itself: see `serve` in assembly/threads/crew.ts. */
  readonly words: number;
  /** Address of the word that says that a worker has failed. */
  readonly failed: number;
}

/** Instantiates the kernels on the shared memory, as each thread does, and serves until the crew is dismissed. */
export function work({ module, memory, own, threads, words, failed }: Orders): void {
  try {
    const { exports } = new WebAssembly.Instance(module, { env: { memory }, crew: { wait() {} } });
    (exports as unknown as { serve(own: number, threads: number, words: number): void }).serve(own, threads, words);
  } catch (error) {
    Atomics.store(new Int32Array(memory.buffer), failed / 4, 1);
    throw error;
  }
}
