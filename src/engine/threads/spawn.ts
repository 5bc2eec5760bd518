// Starts a worker thread: by node:worker_threads in Node, Deno and Bun, by Worker in a page.
import { type Orders, work } from './worker.js';

/** A worker that has been started. */
export interface Thread {
  /** Ends it at once. */
  end(): void;
  /** Call this once the thread has started: the process may then exit while the thread waits for work. */
  settle(): void;
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
export function spawn(orders: Orders, lost: (why: string) => void): Thread {
  const threads = (globalThis as Host).process?.getBuiltinModule?.('node:worker_threads');
  return threads ? spawnInNode(threads, orders, lost) : spawnInPage(orders, lost);
}

function spawnInNode({ Worker }: NodeThreads, workerData: Orders, lost: (why: string) => void): Thread {
  const source = `(${work})(process.getBuiltinModule('node:worker_threads').workerData)`;
  // Do not pass on the loaders of the main thread.
  const worker = new Worker(source, { eval: true, workerData, execArgv: [], name: 'simdense' });
  worker.on('error', ({ message }) => lost(message));
  worker.on('exit', (code) => lost(`it ended with code ${code}`));
  return { end: () => void worker.terminate(), settle: () => worker.unref() };
}

/** Starts the worker from its own file, which bundlers ship if they know the pattern, else from a blob. If both are refused, `lost` is called. */
function spawnInPage(orders: Orders, lost: (why: string) => void): Thread {
  let arrived = false;
  const start = (worker: Worker, failed: (why: string) => void): Worker => {
    worker.onerror = (event) => {
      event.preventDefault();
      const why =
        event.message || "the page may not start it; its Content-Security-Policy needs worker-src 'self' blob:";
      if (arrived) lost(why);
      else failed(why);
    };
    worker.postMessage(orders);
    return worker;
  };
  const fromBlob = (): Worker => {
    const source = `onmessage=(e)=>{(${work})(e.data);close()}`;
    const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
    return start(new Worker(url, { type: 'module' }), lost);
  };
  let worker = start(new Worker(new URL('./worker.js', import.meta.url), { type: 'module' }), () => {
    worker.terminate();
    worker = fromBlob();
  });
  return {
    end: () => worker.terminate(),
    settle() {
      arrived = true;
    },
  };
}
