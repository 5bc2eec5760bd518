// The function that a worker thread runs. It is sent as text to places without the package's files, so it must not use anything from outside itself.

/** The data that is sent to a worker. */
export interface WorkerData {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** The index of this thread, from 1 (0 is the engine's own thread), and the number of all threads. */
  readonly own: number;
  readonly threads: number;
  /** Address of this thread's own workspace: see `serve` in assembly/threads/crew.ts. */
  readonly words: number;
  /** Address of the word that is set when a worker fails. */
  readonly failed: number;
}

/** A worker that has been started. */
export interface WorkerHandle {
  /** Ends the worker at once. */
  end(): void;
  /** Call this once the thread has started: the process may then exit while the thread waits for work. */
  markStarted(): void;
}

type NodeWorker = {
  on(event: 'error', listener: (error: Error) => void): void;
  on(event: 'exit', listener: (code: number) => void): void;
  terminate(): unknown;
  unref(): void;
};
type Host = {
  process?: { getBuiltinModule?(name: 'node:worker_threads'): NodeThreads | undefined };
};
type NodeThreads = { Worker: new (source: string, options: object) => NodeWorker };

/** Starts a worker. If it ends by itself, `lost` is called with the reason. */
export function startWorker(data: WorkerData, lost: (why: string) => void): WorkerHandle {
  const threads = (globalThis as Host).process?.getBuiltinModule?.('node:worker_threads');
  return threads ? startInNode(threads, data, lost) : startInPage(data, lost);
}

function startInNode({ Worker }: NodeThreads, workerData: WorkerData, lost: (why: string) => void): WorkerHandle {
  const source = `(${runWorker})(process.getBuiltinModule('node:worker_threads').workerData)`;
  // The empty execArgv keeps the worker from running the main thread's module loaders.
  const worker = new Worker(source, { eval: true, workerData, execArgv: [], name: 'simdense' });
  worker.on('error', ({ message }) => lost(message));
  worker.on('exit', (code) => lost(`it ended with code ${code}`));
  return { end: () => void worker.terminate(), markStarted: () => worker.unref() };
}

/** Starts the worker from its own file, which bundlers ship if they know the pattern, else from a blob. If both are refused, `lost` is called. */
function startInPage(data: WorkerData, lost: (why: string) => void): WorkerHandle {
  let arrived = false;
  const start = (worker: Worker, failed: (why: string) => void): Worker => {
    worker.onerror = (event) => {
      event.preventDefault();
      const why =
        event.message || "the page may not start it; its Content-Security-Policy needs worker-src 'self' blob:";
      if (arrived) lost(why);
      else failed(why);
    };
    worker.postMessage(data);
    return worker;
  };
  const fromBlob = (): Worker => {
    const source = `onmessage=(e)=>{(${runWorker})(e.data);close()}`;
    const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
    return start(new Worker(url, { type: 'module' }), lost);
  };
  let worker = start(new Worker(new URL('./worker.js', import.meta.url), { type: 'module' }), () => {
    worker.terminate();
    worker = fromBlob();
  });
  return {
    end: () => worker.terminate(),
    markStarted() {
      arrived = true;
    },
  };
}

/**
 * The function that a worker runs: it instantiates the kernels on the shared memory, and works until the threads are dismissed. It is sent as text to places without
 * the package's files, so it must not use anything from outside itself.
 */
export function runWorker({ module, memory, own, threads, words, failed }: WorkerData): void {
  try {
    const { exports } = new WebAssembly.Instance(module, { env: { memory }, crew: { wait() {} } });
    (exports as unknown as { serve(own: number, threads: number, words: number): void }).serve(own, threads, words);
  } catch (error) {
    Atomics.store(new Int32Array(memory.buffer), failed / 4, 1);
    throw error;
  }
}
