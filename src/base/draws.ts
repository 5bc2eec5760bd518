// Numbers that separate independent draws from the same seed: see assembly/random.ts.

/** Philox's counter word for each purpose. */
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
  /** The first augmentation of a list; the others have the numbers that follow, at most 32 in all. */
  augment: 32,
  /** Added to an augmentation's number for the draw of mixup's partners. */
  partners: 64,
} as const;

/** The counter word of a network's first step; the next steps have the numbers that follow. Separate, so that a page that only predicts does not bundle Purpose. */
export const LAYER_PURPOSE = 256;

/** Philox's counter word for the permutations and samples of simdense/explain. Separate for the same reason. */
export const EXPLAIN_PURPOSE = 24;

/** Philox's counter word for the rows that simdense/classifier holds out, keeps and repeats. Separate for the same reason. */
export const CLASSIFIER_PURPOSE = 25;

/** Philox's counter word for the trials that each tree of a search's importance is grown on. Separate for the same reason. */
export const IMPORTANCE_PURPOSE = 26;

/** Low and high 32 bits of a seed, Philox's key. */
export function seedWords(seed: number): readonly [number, number] {
  return [seed % 2 ** 32, Math.floor(seed / 2 ** 32)];
}
