import { SimdenseError } from '../base/errors.js';
import { kFold, type Split } from '../data/index.js';

/** The folds that an option asks for, of `rows` rows; `all` counts those that are kept for the test too. Throws SimdenseError 'ARGUMENT' where there are fewer rows than folds. */
export function foldsOf(option: string, rows: number, folds: number, seed: number, all = rows): Split[] {
  if (folds > rows) {
    const kept = all > rows ? ` (${all - rows} of ${all} are kept for the test)` : '';
    throw new SimdenseError('ARGUMENT', `--${option}: ${rows} rows${kept} cannot be dealt to ${folds} folds`);
  }
  return [...kFold(rows, { folds, seed })];
}
