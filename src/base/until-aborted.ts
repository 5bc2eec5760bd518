/** What a promise comes to; where the signal aborts first, its reason is thrown, and what the promise comes to then is dropped. */
export async function untilAborted<T>(promise: PromiseLike<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  let abort = (): void => {};
  try {
    return await new Promise<T>((resolve, reject) => {
      promise.then(resolve, reject);
      abort = () => reject(signal.reason);
      if (signal.aborted) abort();
      else signal.addEventListener('abort', abort);
    });
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** What a source gives, until the signal aborts: then its reason is thrown, also where the source has stalled and would never give anything again. */
export async function* eachUntilAborted<T>(
  source: AsyncIterable<T> | Iterable<T>,
  signal: AbortSignal | undefined,
): AsyncGenerator<T> {
  const iterator = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  /** Whether the source waits for what was made of its last gift: what has ended or failed is not told to end. */
  let waits = false;
  try {
    for (;;) {
      signal?.throwIfAborted();
      const { done, value } = await untilAborted(Promise.resolve(iterator.next()), signal);
      if (done) return;
      waits = true;
      yield value as T;
      waits = false;
    }
  } finally {
    // A source that has stalled is told, but not waited for.
    if (signal?.aborted) (async () => iterator.return?.())().catch(() => {});
    else if (waits) await untilAborted(Promise.resolve(iterator.return?.()), signal);
  }
}

export function isPromise(value: unknown): value is Promise<void> {
  return typeof (value as PromiseLike<void> | undefined)?.then === 'function';
}
