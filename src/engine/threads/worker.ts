// A worker thread: how it is started, by what the host has (node:worker_threads in Node, Deno and Bun, Worker in a page), and what it runs.

/** What a worker is given. */
export interface WorkerData {
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

/** A worker that has been started. */
export interface WorkerHandle {
  /** Ends it at once. */
  end(): void;
  /** Called once it has started: in Node it then no longer keeps the process alive, in a page its errors then count as a loss. */
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

/** Starts a worker; `lost` hears why where it ends by itself. */
export function startWorker(data: WorkerData, lost: (why: string) => void): WorkerHandle {
  const threads = (globalThis as Host).process?.getBuiltinModule?.('node:worker_threads');
  return threads ? startInNode(threads, data, lost) : startInPage(data, lost);
}

function startInNode({ Worker }: NodeThreads, workerData: WorkerData, lost: (why: string) => void): WorkerHandle {
  const source = `(${runWorker})(process.getBuiltinModule('node:worker_threads').workerData)`;
  // Loaders of the main thread are none of its business.
  const worker = new Worker(source, { eval: true, workerData, execArgv: [], name: 'simdense' });
  worker.on('error', ({ message }) => lost(message));
  worker.on('exit', (code) => lost(`it ended with code ${code}`));
  return { end: () => void worker.terminate(), markStarted: () => worker.unref() };
}

/** From its own file, as bundlers that know the pattern ship it; else from a blob. Where both are refused, `lost` hears it. */
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
 * What a worker runs: instantiates the kernels on the shared memory, as each thread does, and serves until the crew is dismissed. The function's text is sent to
 * where no file of the package is, so it uses nothing from outside itself.
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
