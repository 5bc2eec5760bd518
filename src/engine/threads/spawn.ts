// A worker thread by what the host has: node:worker_threads in Node, Deno and Bun, Worker in a page.
import { type Orders, work } from './worker.js';

/** A worker that has been started. */
export interface Thread {
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
export function spawn(orders: Orders, lost: (why: string) => void): Thread {
  const threads = (globalThis as Host).process?.getBuiltinModule?.('node:worker_threads');
  return threads ? spawnInNode(threads, orders, lost) : spawnInPage(orders, lost);
}

function spawnInNode({ Worker }: NodeThreads, workerData: Orders, lost: (why: string) => void): Thread {
  const source = `(${work})(process.getBuiltinModule('node:worker_threads').workerData)`;
  // Loaders of the main thread are none of its business.
  const worker = new Worker(source, { eval: true, workerData, execArgv: [], name: 'simdense' });
  worker.on('error', ({ message }) => lost(message));
  worker.on('exit', (code) => lost(`it ended with code ${code}`));
  return { end: () => void worker.terminate(), markStarted: () => worker.unref() };
}

/** From its own file, as bundlers that know the pattern ship it; else from a blob. Where both are refused, `lost` hears it. */
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
    markStarted() {
      arrived = true;
    },
  };
}
