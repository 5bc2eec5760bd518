// Garbage collection on demand, where the host can: only before memory is refused, since it takes some milliseconds.

type Host = {
  gc?(): void;
  Bun?: { gc(wait: boolean): void };
  process?: { getBuiltinModule?(name: string): unknown };
};
type V8 = { setFlagsFromString(flags: string): void };
type Vm = { runInNewContext(code: string): () => void };

/** Collects what nobody holds in Node, in Bun, and where gc is exposed; elsewhere it does nothing. */
export function collectGarbage(): void {
  const { gc, Bun, process } = globalThis as Host;
  try {
    if (gc ?? Bun) {
      gc?.();
      Bun?.gc(true);
      return;
    }
    // Node has no call for it but V8's, which contexts have that are made while its flag is set.
    const v8 = process?.getBuiltinModule?.('node:v8') as V8 | undefined;
    const vm = process?.getBuiltinModule?.('node:vm') as Vm | undefined;
    v8?.setFlagsFromString('--expose-gc');
    try {
      vm?.runInNewContext('gc')();
    } finally {
      v8?.setFlagsFromString('--no-expose-gc');
    }
  } catch {
    // A host that speaks of itself as Node and is not: it collects when it likes.
  }
}
