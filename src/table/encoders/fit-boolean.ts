import { booleanKind } from './boolean.js';
import type { ColumnFit } from './fit.js';
import { booleanReader } from './read-cell.js';
import { readingNumbers } from './training-cells.js';

/** The more frequent of false and true; of both as frequent false. */
export const fitBoolean: ColumnFit<'boolean'> = function* (training) {
  const { format } = training.column;
  const { present, flag } = yield* readingNumbers(training, { ...booleanKind, read: booleanReader(format) });
  if (present.length === 0) return undefined;
  let ones = 0;
  for (const value of present) ones += value;
  return { kind: 'boolean', fill: 2 * ones > present.length ? 1 : 0, flag };
};
