// Numbers that separate independent draws from the same seed: see assembly/random.ts.

/** Philox's counter word for each purpose. Augmentations use consecutive numbers from theirs on. */
export const Purpose = {
  initial: 1,
  shuffle: 16,
  split: 17,
  folds: 18,
  bootstrap: 19,
  /** The seeds of the training runs of one evaluation. */
  seeds: 20,
  /** The parameters of a search's trials. */
  trials: 21,
  /** The first augmentation; there are up to 32. */
  augment: 32,
  /** Added to an augmentation's number, for the rows that it mixes with. */
  partners: 64,
} as const;

/** The counter word of a network's first step; the others follow. Separate, so that a page that only predicts does not bundle the rest. */
export const LAYER_PURPOSE = 256;

/** Low and high 32 bits of a seed, Philox's key. */
export function seedWords(seed: number): readonly [number, number] {
  return [seed % 2 ** 32, Math.floor(seed / 2 ** 32)];
}
