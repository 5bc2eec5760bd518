import { type Cycle, cycleNames, cycles, daysOf } from './cycle.js';
import { dateKind } from './date.js';
import type { ColumnFit } from './fit.js';
import { fittingScale } from './fit-scale.js';
import { dateReader } from './read-cell.js';
import { readingNumbers } from './training-cells.js';

/** Median and scale of the days that are there, and the cycles in which they vary. */
export const fitDate: ColumnFit<'date'> = function* (training, { cycles: asked, ...options }) {
  const { format } = training.column;
  const { present, flag } = yield* readingNumbers(training, { ...dateKind, read: dateReader(format) });
  if (present.length === 0) return undefined;
  for (let i = 0; i < present.length; i++) present[i] = daysOf(present[i] as number);
  const found = asked ?? (yield* varying(present));
  return { kind: 'date', ...(yield* fittingScale(present, options)), flag, cycles: found };
};

function* varying(days: Float64Array): Generator<undefined, Cycle[]> {
  const found: Cycle[] = [];
  for (const name of cycleNames) {
    const turns = cycles[name];
    const first = turns(days[0] as number);
    // Most columns vary in their first rows.
    if (days.some((day) => turns(day) !== first)) found.push(name);
    yield;
  }
  return found;
}
