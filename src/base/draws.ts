// What sets random numbers apart that are drawn from the same seed: see assembly/random.ts.

/** Philox's counter word for each use. Layers and augmentations take as many from theirs on as there are. */
export const Purpose = {
  initial: 1,
  shuffle: 16,
  split: 17,
  folds: 18,
  bootstrap: 19,
  /** Seeds of the trainings of one evaluation. */
  seeds: 20,
  /** Parameters of a search's trials. */
  trials: 21,
  /** Of one augmentation; up to 32 of them. */
  augment: 32,
  /** Added to an augmentation's own: the rows that it mixes with. */
  partners: 64,
} as const;

/** The same of one step of the network; apart, so that a page that only predicts carries none of the others. */
export const LAYER_PURPOSE = 256;

/** Low and high 32 bits of a seed, Philox's key. */
export function seedWords(seed: number): readonly [number, number] {
  return [seed % 2 ** 32, Math.floor(seed / 2 ** 32)];
}
