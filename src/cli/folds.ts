import { SimdenseError } from '../base/errors.js';
import { kFold, type Split } from '../data/index.js';
import type { rowsBy } from './split.js';

/** Splits `rows` rows into folds; `all` also counts the rows kept for the test, `by` says which rows stay together. Throws SimdenseError 'ARGUMENT', naming the option, if there are fewer rows than folds. */
export function foldsOf(
  option: string,
  rows: number,
  folds: number,
  { seed, all = rows, by }: { seed: number; all?: number; by: ReturnType<typeof rowsBy> },
): Split[] {
  if (folds > rows) {
    const kept = all > rows ? ` (${all - rows} of ${all} are kept for the test)` : '';
    throw new SimdenseError('ARGUMENT', `--${option}: ${rows} rows${kept} cannot be dealt to ${folds} folds`);
  }
  return [...kFold(rows, { folds, seed, ...by })];
}
