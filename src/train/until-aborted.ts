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
  /** Whether the source waits for what was made of its last gift: what has ended or failed is not told to end. */
  let waits = false;
  try {
    for (;;) {
      signal.throwIfAborted();
      const { done, value } = await Promise.race([iterator.next(), aborted]);
      if (done) return;
      waits = true;
      yield value as T;
      waits = false;
    }
  } finally {
    signal.removeEventListener('abort', abort);
    // What has stalled is told, but not waited for.
    if (signal.aborted) (async () => iterator.return?.())().catch(() => {});
    else if (waits) await iterator.return?.();
  }
}
