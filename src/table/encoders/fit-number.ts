import { show } from '../../base/checks.js';
import { checkingColumn } from '../../data/precision.js';
import { selecting } from '../../data/selecting.js';
import type { ColumnFit } from './fit.js';
import { fittingScale } from './fit-scale.js';
import { numberKind } from './number.js';
import { edgesOf, placesOf } from './pieces.js';
import { numberReader } from './read-cell.js';
import { readingNumbers } from './training-cells.js';

/** Median and scale of the numbers that are there. */
export const fitNumber: ColumnFit<'number'> = function* (training, options) {
  const { format } = training.column;
  const { present, flag } = yield* readingNumbers(training, { ...numberKind, read: numberReader(format) });
  if (options.scale === 'none')
    yield* checkingColumn(`${training.where}: column ${show(training.column.name)}`, present);
  if (present.length === 0) return undefined;
  const { pieces, ...scaling } = options;
  if (pieces > 0) yield* selecting(present, placesOf(present.length, pieces));
  const edges = pieces > 0 ? edgesOf(present, pieces) : undefined;
  return { kind: 'number', ...(yield* fittingScale(present, scaling)), flag, ...(edges && { edges }) };
};
