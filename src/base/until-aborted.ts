/** Waits for a promise. If the signal aborts first, throws its reason and ignores the promise. */
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

/** Yields the values of a source. When the signal aborts, throws its reason, even if the source never yields again. */
export async function* eachUntilAborted<T>(
  source: AsyncIterable<T> | Iterable<T>,
  signal: AbortSignal | undefined,
): AsyncGenerator<T> {
  const iterator = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  /** Whether the source is suspended at a yield. A source that has ended or failed must not be told to end. */
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
    // Tell a stalled source to end, but do not wait for it.
    if (signal?.aborted) (async () => iterator.return?.())().catch(() => {});
    else if (waits) await untilAborted(Promise.resolve(iterator.return?.()), signal);
  }
}

export function isPromise(value: unknown): value is Promise<void> {
  return typeof (value as PromiseLike<void> | undefined)?.then === 'function';
}
