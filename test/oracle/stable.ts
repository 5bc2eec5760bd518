// Crossentropies from logits in float64, in the forms that hold for any logits: by log Σeᶻ with the largest taken out.

/** −Σ t·log softmax(z) of a row. */
export function categoricalOfLogits(target: readonly number[], logits: readonly number[]): number {
  const top = Math.max(...logits);
  const rest = Math.log(logits.reduce((sum, z) => sum + Math.exp(z - top), 0));
  return logits.reduce((sum, z, i) => sum + (target[i] as number) * (rest + (top - z)), 0);
}

/** Mean over a row of −t·log σ(z) − (1 − t)·log(1 − σ(z)). */
export function binaryOfLogits(target: readonly number[], logits: readonly number[]): number {
  const one = (z: number, t: number): number => (z < 0 ? -z * t : z * (1 - t)) + Math.log1p(Math.exp(-Math.abs(z)));
  return logits.reduce((sum, z, i) => sum + one(z, target[i] as number), 0) / logits.length;
}
