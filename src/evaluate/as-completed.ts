/** Yields the values of promises in the order in which they resolve. None of them may reject. Throws the signal's reason when it aborts. */
export async function* asCompleted<T>(promises: readonly Promise<T>[], signal?: AbortSignal): AsyncGenerator<T> {
  const ended: T[] = [];
  let wake = (): void => {};
  const woken = (): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve;
    });
  for (const promise of promises) {
    promise.then((value) => {
      ended.push(value);
      wake();
    });
  }
  const abort = (): void => wake();
  signal?.addEventListener('abort', abort);
  try {
    for (let given = 0; given < promises.length; ) {
      signal?.throwIfAborted();
      if (given === ended.length) await woken();
      else yield ended[given++] as T;
    }
    signal?.throwIfAborted();
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}
