/** What a source gives, until the signal aborts: then its reason is thrown, also where the source has stalled and would never give anything again. */
export async function* untilAborted<T>(source: AsyncIterable<T>, signal: AbortSignal | undefined): AsyncGenerator<T> {
  if (!signal) {
    yield* source;
    return;
  }
  const iterator = source[Symbol.asyncIterator]();
  let abort = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
  });
  // Not an unhandled rejection where the source has ended first.
  aborted.catch(() => {});
  signal.addEventListener('abort', abort);
  let ended = false;
  try {
    for (;;) {
      signal.throwIfAborted();
      const { done, value } = await Promise.race([iterator.next(), aborted]);
      ended = done === true;
      if (ended) return;
      yield value as T;
    }
  } finally {
    signal.removeEventListener('abort', abort);
    const returning = (async () => (ended ? undefined : iterator.return?.()))();
    // What has stalled is told, but not waited for.
    if (signal.aborted) returning.catch(() => {});
    else await returning;
  }
}
