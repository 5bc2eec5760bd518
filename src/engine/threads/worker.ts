// The function that a worker thread runs. It is sent as text to places without the package's files, so it must not use anything from outside itself.

export interface Orders {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Number of this thread, from 1, and the number of all threads. */
  readonly own: number;
  readonly threads: number;
  /** Address of this thread's own workspace: see `serve` in assembly/threads/crew.ts. */
  readonly words: number;
  /** Address of the word that is set when a worker fails. */
  readonly failed: number;
}

/** Instantiates the kernels on the shared memory, and works until the threads are dismissed. */
export function work({ module, memory, own, threads, words, failed }: Orders): void {
  try {
    const { exports } = new WebAssembly.Instance(module, { env: { memory }, crew: { wait() {} } });
    (exports as unknown as { serve(own: number, threads: number, words: number): void }).serve(own, threads, words);
  } catch (error) {
    Atomics.store(new Int32Array(memory.buffer), failed / 4, 1);
    throw error;
  }
}
