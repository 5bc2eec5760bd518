// Garbage collection on demand, where the host allows it. It takes some milliseconds, so it runs only before an allocation fails.

type Host = {
  gc?(): void;
  Bun?: { gc(wait: boolean): void };
  process?: { getBuiltinModule?(name: string): unknown };
};
type V8 = { setFlagsFromString(flags: string): void };
type Vm = { runInNewContext(code: string): () => void };

/** Collects garbage in Node, in Bun, and where gc is exposed; elsewhere it does nothing. */
export function collectGarbage(): void {
  const { gc, Bun, process } = globalThis as Host;
  try {
    if (gc ?? Bun) {
      gc?.();
      Bun?.gc(true);
      return;
    }
    // Node has no function for this, but V8 adds gc to contexts that are made while its flag is set.
    const v8 = process?.getBuiltinModule?.('node:v8') as V8 | undefined;
    const vm = process?.getBuiltinModule?.('node:vm') as Vm | undefined;
    v8?.setFlagsFromString('--expose-gc');
    try {
      vm?.runInNewContext('gc')();
    } finally {
      v8?.setFlagsFromString('--no-expose-gc');
    }
  } catch {
    // The host claims to be Node but is not. Leave collection to it.
  }
}
