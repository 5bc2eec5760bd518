// The encoder of the columns of all shards, from their counts, sums and categories.
import { show } from '../../base/checks.js';
import { SimdenseError } from '../../base/errors.js';
import { type EncoderData, FORMAT } from '../../table/encoders/encoder.js';
import { categoryOf } from '../../table/encoders/fit-category.js';
import type { EncoderColumn } from '../../table/encoders/kinds.js';
import { type Asked, askedColumns, type EncoderOptions, type NumberOptions } from '../../table/encoders/options.js';
import { booleanReader } from '../../table/encoders/read-cell.js';
import type { ColumnData, Kind } from '../../table/kind.js';
import { ADVICE, linearOf } from './linear-of.js';
import { type ColumnSummary, MOST_TEXTS, type Moments, mergedMoments, type ShardSummary } from './summary.js';

/** The column of a name in each shard. */
type Parts = readonly ColumnSummary[];

/** A column whose cells are elsewhere. */
interface Found {
  readonly column: ColumnData;
  readonly parts: Parts;
}

const NONE = new Float64Array();

/**
 * Merges the columns of all shards. Throws SimdenseError 'DATA' for a column that a shard lacks, or that is of different kinds, and 'ARGUMENT' and
 * 'UNSUPPORTED' for what cannot be asked for.
 */
export function mergeColumns(
  where: string,
  summaries: readonly ShardSummary[],
  encode: EncoderOptions | undefined,
): EncoderData {
  const [first, ...others] = summaries.map(({ columns = [] }) => new Map(columns.map((each) => [each.name, each])));
  const found = new Map<string, Found>();
  for (const [name, column] of first ?? []) {
    const parts = [column, ...others.map((shard, i) => shard.get(name) ?? lacks(where, name, i + 1, 0))];
    found.set(name, { parts, column: columnOf(where, name, parts) });
  }
  for (const [i, shard] of others.entries())
    for (const name of shard.keys()) if (!found.has(name)) lacks(where, name, 0, i + 1);
  const table = { rows: 0, columns: [...found.values()].map(({ column }) => column) };
  const columns: EncoderColumn[] = [];
  const constant: EncoderColumn[] = [];
  for (const asked of askedColumns(where, table, encode)) {
    const { name, format } = asked.column;
    const own = (encode?.columns?.[name] as NumberOptions | undefined)?.scale ?? encode?.number?.scale;
    if (own === 'spread' && asked.kind === 'number')
      refuseScale(`${where}: column ${show(name)}`, "scale 'spread' needs");
    const { parts } = found.get(name) as Found;
    const fitted = encoderColumn(where, asked, parts);
    if (!fitted) continue;
    const column = { name, ...(format && { format }), ...fitted } as EncoderColumn;
    (encode?.keepConstant || tells(parts) ? columns : constant).push(column);
  }
  const kept = columns.length > 0 ? columns : constant;
  if (kept.length === 0) throw new SimdenseError('DATA', `${where}: no column is left to learn from`);
  return { version: FORMAT, columns: kept };
}

function lacks(where: string, name: string, without: number, having: number): never {
  const message = `shard ${having} has a column ${show(name)}, shard ${without} has none; all shards need the same columns`;
  throw new SimdenseError('DATA', `${where}: ${message}`);
}

const count = ({ moments, texts }: ColumnSummary): number =>
  moments?.count ?? texts?.reduce((sum, [, rows]) => sum + rows, 0) ?? Number.POSITIVE_INFINITY;

/** Whether not all of a column's cells are the same. */
function tells(parts: Parts): boolean {
  const missing = parts.some((part) => part.missing > 0);
  const present = parts.filter((part) => count(part) > 0);
  if (present.length === 0) return false;
  if (missing) return true;
  const values = new Set(present.flatMap(({ moments }) => (moments ? [moments.least, moments.most] : [])));
  const texts = new Set<string>();
  for (const part of present) {
    if (!part.moments && !part.texts) return true;
    for (const [text] of part.texts ?? []) texts.add(text);
  }
  return values.size + texts.size > 1;
}

/** The kind of a column that is of no use in any shard: if it is constant in each, and another constant in some, it is of use in all together. */
function kindOfConstants(parts: Parts): Kind {
  const isConstant = (part: ColumnSummary): boolean =>
    part.moments ? part.moments.least === part.moments.most : (part.texts?.length ?? 2) <= 1;
  const present = parts.filter((part) => count(part) > 0);
  const [first] = present;
  if (!first || parts.some(({ asked }) => asked) || !present.every(isConstant) || !tells(present)) return 'ignore';
  return first.holds === 'text' ? 'category' : first.holds;
}

/** What a column is used as in all shards, and how its cells are written. */
function columnOf(where: string, name: string, parts: Parts): ColumnData {
  const used = parts.filter(({ kind }) => kind !== 'ignore');
  const kinds = new Set(used.map(({ kind }) => kind));
  // Numbers that are all 0 and 1 in one shard.
  if (
    kinds.has('number') &&
    used.every(({ kind, format }) => kind === 'number' || (kind === 'boolean' && !format?.words))
  )
    kinds.delete('boolean');
  const [kind = kindOfConstants(parts), other] = kinds;
  const typical = used.find((part) => part.kind === kind) ?? (parts[0] as ColumnSummary);
  if (other) {
    const [a, b] = [kind, other].map((each) => parts.findIndex((part) => part.kind === each));
    const message = `column ${show(name)} is '${kind}' in shard ${a} and '${other}' in shard ${b}; say which it is: read: { kinds: { ${show(name)}: '${kind}' } }`;
    throw new SimdenseError('DATA', `${where}: ${message}`);
  }
  const { why, asked, holds, format } = typical;
  const cells = holds === 'text' ? { texts: [], codes: new Int32Array() } : { values: NONE };
  return { name, kind, why, holds, cells, ...(asked && { asked }), ...(format && { format }) };
}

/** The columns of a kind as an encoder has it, without its name; undefined if all cells are missing. */
function encoderColumn(where: string, asked: Asked, parts: Parts): object | undefined {
  const { kind, column, options } = asked;
  const place = `${where}: column ${show(column.name)}`;
  if (kind === 'number')
    return numberColumn(place, momentsOf(place, parts), options as Asked<'number'>['options'], parts);
  if (kind === 'boolean') return booleanColumn(place, column, parts);
  if (kind === 'category') return categoryColumn(place, options as Asked<'category'>['options'], parts);
  const message = `it is a ${kind}, whose encoder needs all rows in one place; leave it out with encode: { ignore: [${show(column.name)}] }, or ${ADVICE}`;
  throw new SimdenseError('UNSUPPORTED', `${place}: ${message}`);
}

/** The figures of numbers in all shards. Throws SimdenseError 'DATA' where a shard has texts. */
function momentsOf(place: string, parts: Parts): Moments | undefined {
  let all: Moments | undefined;
  for (const [i, part] of parts.entries()) {
    if (count(part) === 0) continue;
    if (!part.moments || part.holds === 'date') wrongCells(place, i, 'number');
    all = all ? mergedMoments(all, part.moments) : part.moments;
  }
  return all;
}

function wrongCells(place: string, shard: number, kind: string): never {
  const message = `the cells of shard ${shard} are of another kind than '${kind}'; say what the column is by read: { kinds }`;
  throw new SimdenseError('DATA', `${place}: ${message}`);
}

function refuseScale(place: string, what: string): never {
  const message = `${what} all rows in one place; use 'standard' or 'minMax', or ${ADVICE}`;
  throw new SimdenseError('UNSUPPORTED', `${place}: ${message}`);
}

const someMissing = (parts: Parts): boolean => parts.some(({ missing }) => missing > 0);

function numberColumn(
  place: string,
  moments: Moments | undefined,
  { scale, clip, pieces }: Asked<'number'>['options'],
  parts: Parts,
): object | undefined {
  // 'spread', the default, is a range between quartiles: for shards the default is 'standard'.
  const type = scale === 'spread' ? 'standard' : scale;
  if (pieces > 0 || (type !== 'standard' && type !== 'minMax')) {
    refuseScale(place, pieces > 0 ? 'pieces of its range need' : `scale '${type}' needs`);
  }
  if (!moments) return undefined;
  const scaler = linearOf(type, moments);
  const bound = clip === undefined ? (type === 'standard' ? 3 : null) : clip;
  // A missing number is the mean: the median would need all rows in one place.
  const fill = moments.sum / moments.count + 0;
  return { kind: 'number', fill, scaler, ...(bound !== null && { clip: bound }), flag: someMissing(parts) };
}

function booleanColumn(place: string, { format }: ColumnData, parts: Parts): object | undefined {
  const read = booleanReader(format);
  let [ones, all] = [0, 0];
  for (const [i, part] of parts.entries()) {
    if (count(part) === 0) continue;
    const { moments, texts, holds } = part;
    if (
      moments &&
      (holds === 'boolean' || [moments.least, moments.most].every((value) => value === 0 || value === 1))
    ) {
      ones += moments.sum;
      all += moments.count;
    } else if (texts) {
      for (const [text, rows] of texts) {
        const value = read(text);
        if (value === undefined || Number.isNaN(value)) wrongCells(place, i, 'boolean');
        ones += value * rows;
        all += rows;
      }
    } else wrongCells(place, i, 'boolean');
  }
  return all === 0 ? undefined : { kind: 'boolean', fill: 2 * ones > all ? 1 : 0, flag: someMissing(parts) };
}

function categoryColumn(place: string, options: Asked<'category'>['options'], parts: Parts): object | undefined {
  const counts = new Map<string | null, number>();
  let [rows, missing] = [0, 0];
  for (const [i, part] of parts.entries()) {
    missing += part.missing;
    if (count(part) === 0) continue;
    if (part.moments) wrongCells(place, i, 'category');
    for (const [text, number] of part.texts ?? []) {
      counts.set(text, (counts.get(text) ?? 0) + number);
      rows += number;
    }
  }
  if (parts.some(({ moments, texts }) => !moments && !texts))
    throw new SimdenseError(
      'UNSUPPORTED',
      `${place}: it has more than ${MOST_TEXTS} texts in a shard; leave it out, or ${ADVICE}`,
    );
  if (missing > 0) counts.set(null, missing);
  return categoryOf(counts, rows + missing, options);
}
