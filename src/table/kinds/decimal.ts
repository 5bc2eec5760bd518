// Whether the numbers of a file have decimal points or decimal commas: one decision for all of its columns.
import type { ColumnBuilder } from '../builder.js';
import { type Numeric, numericTexts } from './numeric.js';

type Decimal = '.' | ',';

export interface DecimalDecision {
  readonly decimal: Decimal;
  /** Whether some columns are numbers with points only, others with commas only. */
  readonly contradiction: boolean;
  /** What settled it; undefined where no number has a sign that could be either. */
  readonly why: string | undefined;
  /** Whether nothing but the delimiter, which is no comma, speaks for the sign. */
  readonly open: boolean;
  /** The texts of each column as numbers, with the decided sign. */
  readonly numeric: readonly Numeric[];
}

/** The decision for the columns that may be numbers. `delimiter` is the file's, if it has one. */
export function decideDecimal(
  columns: readonly ColumnBuilder[],
  delimiter: string | undefined,
  asked: Decimal | undefined,
): DecimalDecision {
  const read = (decimal: Decimal): Numeric[] =>
    columns.map(({ texts, taking }) => numericTexts(texts, decimal, taking.beside));
  if (asked) return { decimal: asked, contradiction: false, why: undefined, open: false, numeric: read(asked) };
  const points = read('.');
  const commas = read(',');
  const sureColumns = (decimal: Decimal, numeric: readonly Numeric[]): number =>
    columns.filter(({ plain, taking }, i) => {
      const { bad, sure, code } = numeric[i] as Numeric;
      const own = taking.decimal === decimal;
      return bad < 0 && code === undefined && (own || plain.sure === 0) && sure + (own ? plain.sure : 0) > 0;
    }).length;
  const pointColumns = sureColumns('.', points);
  const commaColumns = sureColumns(',', commas);
  const contradiction = pointColumns > 0 && commaColumns > 0;
  const either = columns.some(
    ({ plain }, i) => plain.either > 0 || ((points[i] as Numeric).bad < 0 && (points[i] as Numeric).either > 0),
  );
  const decided = (decimal: Decimal, why?: string, open = false): DecimalDecision => ({
    decimal,
    contradiction,
    why,
    open,
    numeric: decimal === '.' ? points : commas,
  });
  if (pointColumns > 0) return decided('.');
  if (commaColumns > 0) return decided(',', 'other cells of the file have decimal commas');
  if (!either) return decided('.');
  if (delimiter === ';')
    return decided(',', 'the cells are separated by ;, as where the comma is the decimal sign', true);
  const open = delimiter !== undefined && delimiter !== ',';
  return decided('.', 'no cell of the file settles whether , or . is the decimal sign', open);
}
