// Fits an encoder on the training rows of a table.
import { noMore } from '../../base/checks.js';
import { SimdenseError } from '../../base/errors.js';
import type { ColumnData, TableData } from '../kind.js';
import { checkRows, type EncoderData, FORMAT } from './encoder.js';
import type { ColumnFit } from './fit.js';
import { fits } from './fits.js';
import { type EncoderColumn, kindOf } from './kinds.js';
import { askedColumns, type EncoderOptions } from './options.js';

/**
 * Fits an encoder on a table's rows, in slices; the event loop may turn between them. Fit it on the training rows alone, so that nothing of the test rows leaks in.
 * - number: scaled; a missing one is the median, and if training rows lack some, a second feature is 1 where it is missing
 * - boolean: 0 or 1; a missing one is the more frequent, with such a feature
 * - category: a 0/1 feature for each category, missing cells among them; rare ones share one, which is also that of unseen ones; too many are hashed
 * - date: the days since 1970 as a number, and sine and cosine of its place in the year, the week and the day, where these vary
 * - text: left out unless asked for, here or by readTable's kinds; hashed words
 *
 * Columns of kind 'ignore' are left out, and so are those without a cell in the training rows. Without `keepConstant` so are those that tell no
 * training row from another: with the same cell in all rows, or with categories that are all rare.
 *
 * @param data The table.
 * @param rows The numbers of the training rows, from 0. Default: all rows.
 * @param o Options; see EncoderOptions.
 * @param where The caller, for messages. Default: 'fittingEncoder'.
 * @returns The encoder as plain JSON, for encoderOf.
 * @throws SimdenseError 'ARGUMENT' for an unknown option, or one that is out of its range, and for a row or a column that the table does not have.
 * @throws SimdenseError 'DATA' for a cell that cannot be of its column's kind, for two columns of one name, and if no column is left.
 * @example
 * const cells = { values: Float64Array.of(1, 2, NaN, 3) };
 * const age = { name: 'age', kind: 'number', why: '', holds: 'number', cells } as const;
 * const fit = fittingEncoder({ rows: 4, columns: [age] }, undefined, { number: { scale: 'minMax', clip: null } });
 * let step = fit.next();
 * while (!step.done) step = fit.next();
 * encoderOf(step.value).encodeRecords([{ age: 3 }, { age: null }]).toArrays(); // [[1, 0], [0.5, 1]]
 */
export function* fittingEncoder(
  data: TableData,
  rows?: Int32Array,
  o?: EncoderOptions,
  where = 'fittingEncoder',
): Generator<undefined, EncoderData> {
  noMore('fittingEncoder', arguments, 4);
  checkRows(where, data, rows);
  const count = rows?.length ?? data.rows;
  const columns: EncoderColumn[] = [];
  const constant: EncoderColumn[] = [];
  for (const { kind, column, options } of askedColumns(where, data, o)) {
    const { name, format } = column;
    const fitting = fits[kind] as ColumnFit<typeof kind>;
    const own = yield* fitting({ where, table: data, column, count, rows }, options as never);
    if (!own) continue;
    const fitted = { name, ...(format && { format }), ...own } as EncoderColumn;
    (o?.keepConstant || tells(fitted, column, count, rows) ? columns : constant).push(fitted);
  }
  // Better a model of nothing than none: a fold of few rows may have only such columns.
  const kept = columns.length > 0 ? columns : constant;
  if (kept.length === 0) {
    const what = count === 0 ? 'there are no training rows' : 'no column is left to learn from';
    throw new SimdenseError('DATA', `${where}: ${what}`);
  }
  return { version: FORMAT, columns: kept };
}

/** Whether a fitted column tells some training rows from others. */
function tells(fitted: EncoderColumn, { cells }: ColumnData, count: number, rows: Int32Array | undefined): boolean {
  if (fitted.kind === 'category' && kindOf(fitted).features(fitted).length === 1) return false;
  const list = 'codes' in cells ? cells.codes : cells.values;
  const first = list[rows ? (rows[0] as number) : 0];
  for (let i = 1; i < count; i++) if (!Object.is(list[rows ? (rows[i] as number) : i], first)) return true;
  return count === 1;
}
