// Columns of numbers.
import { show } from '../../base/checks.js';
import { SimdenseError } from '../../base/errors.js';
import type { CellFormat } from '../kind.js';
import { type Decided, type FileFacts, formatOf, isImprecise, type Raw, takenNumbers, words } from './found.js';
import { isRounded, mergedNote, mergedTexts, whyRounded } from './lost-digits.js';
import { suspected, suspectNote } from './missing-numbers.js';
import { numberOf } from './number-text.js';
import { idNumbers, rowNames } from './row-names.js';
import { unlike } from './unlike.js';

/** Whether all cells of a column are numbers, at least one, and no codes. */
export function isNumeric(raw: Raw, { decimal }: FileFacts): boolean {
  const { builder, numeric } = raw;
  const { plain, typed, instants, taking } = builder;
  if (instants || numeric.bad >= 0 || numeric.code !== undefined || unlike(raw) !== undefined) return false;
  // Read again as texts: it was found to be no numbers.
  if (taking.texts || (plain.sure > 0 && taking.decimal !== decimal.decimal)) return false;
  return plain.count > 0 || typed || numeric.numbers > 0;
}

/** Numbers that are written in a way of their own. */
export interface OwnWay {
  /** What they are. */
  readonly what?: string;
  readonly format?: Pick<CellFormat, 'time' | 'unit' | 'othersMissing'>;
}

/** A column of numbers. Infinite numbers are missing cells. */
export function numberColumn(raw: Raw, facts: FileFacts, own: OwnWay = {}): Decided {
  const { builder, numeric, place, unnamed, asked } = raw;
  const { decimal, why: settled } = facts.decimal;
  const { signs, units, thousands, grouped } = numeric;
  const { plain } = builder;
  const merged = asked === 'ignore' ? undefined : mergedIn(raw);
  if (merged) facts.note(mergedNote(builder.name, merged));
  const values = builder.cells.takeNumbers(numeric.values);
  const { columns, gone } = facts;
  // Also those that were written in another way, such as 9 999.
  const taken = new Set(builder.dropped);
  let infinite = 0;
  let whole = true;
  let beyondOne = true;
  let [least, most, present] = [Infinity, -Infinity, 0];
  for (let row = 0; row < values.length; row++) {
    const value = values[row] as number;
    if (Number.isNaN(value)) continue;
    if (value === Infinity || value === -Infinity) {
      infinite++;
      values[row] = Number.NaN;
      continue;
    }
    if (gone.size > 0 && gone.has(value)) {
      taken.add(value);
      values[row] = Number.NaN;
      continue;
    }
    present++;
    beyondOne &&= value === 0 || Math.abs(value) > 1;
    whole &&= Number.isInteger(value);
    if (value < least) least = value;
    if (value > most) most = value;
  }
  const lost = numeric.values.some(isRounded) || (isImprecise(raw, facts) && values.some(isRounded));
  const signed = plain.sure + plain.either + numeric.sure > 0 || numeric.either > 0;
  const either = plain.either + numeric.either > 0;
  const commas = decimal === ',' && signed && !whole;
  const clauses = [
    own.what ??
      (builder.times ? 'times, in seconds' : undefined) ??
      (whole ? 'whole numbers' : commas ? 'numbers with decimal commas' : 'numbers'),
    units.length > 0 && `in ${units[0]}`,
    thousands && `${commas ? 'and' : 'with'} thousands separators`,
  ].filter(Boolean);
  const { open } = facts.decimal;
  const doubt = either && settled !== undefined && plain.sure + numeric.sure === 0;
  const other = decimal === '.' ? ',' : '.';
  if (doubt && open && asked !== 'ignore') facts.note(eitherNote(raw, values, decimal));
  const sentences = [
    clauses.join(' '),
    lost && whyRounded,
    doubt && `${decimal} is the decimal sign: ${settled}; decimal: '${other}' overrules it`,
    signs.length > 0 && `${words(signs)} taken for missing`,
    taken.size > 0 && takenNumbers(taken),
    infinite > 0 && `${infinite} infinite, taken for missing`,
  ].filter(Boolean);
  const column = {
    holds: 'number' as const,
    cells: { values },
    ...formatOf(
      {
        unit: units[0],
        decimal: decimal === ',' ? ',' : undefined,
        guessed: doubt || undefined,
        grouped: grouped || undefined,
        whole: (whole && !signed && !thousands && Math.max(most, -least) >= 1000) || undefined,
        beyondOne: (units[0] === '%' && beyondOne) || undefined,
        time: builder.times || undefined,
        ...own.format,
      },
      facts,
      signs,
    ),
  };
  const found = sentences.join('; ');
  const suspect = asked === 'ignore' ? undefined : suspected(values, least, most);
  if (suspect) facts.note(suspectNote(builder.name, suspect));
  if (asked) return { ...column, kind: asked, why: asked === 'ignore' ? 'left out, as asked' : `${found}, as asked` };
  if (present === values.length && values.length > 1 && least === most)
    return { ...column, kind: 'ignore', why: `it is always ${least}` };
  const names = rowNames(values, builder.name, unnamed, place, columns) ?? idNumbers(values, builder.name);
  if (names) return { ...column, kind: 'ignore', why: names };
  return { ...column, kind: 'number', why: found };
}

/** What is said of numbers that are all like 1.500, with three digits behind their sign: nothing tells whether these are thousands. */
function eitherNote({ builder: { name, texts } }: Raw, values: Float64Array, decimal: '.' | ','): string {
  const other = decimal === '.' ? ',' : '.';
  // A cell that was kept as a number had three digits behind its sign.
  const part = values.find((value) => value % 1 !== 0);
  const text =
    texts.find((each) => numberOf(each, decimal)?.either) ?? part?.toFixed(3).replace('.', decimal) ?? `1${decimal}500`;
  const [as, not] = [numberOf(text, decimal)?.value, numberOf(text, other)?.value];
  return `Column ${show(name)}: nothing tells whether ${text} is ${as}, as it is read, or ${not}; decimal: '${other}' reads it as ${not}.`;
}

/** Two whole numbers beyond 2⁵³ that are written differently and become one; undefined where all stay apart. */
function mergedIn({ builder: { cells, texts }, numeric: { values } }: Raw): readonly [string, string] | undefined {
  if (!values.some(isRounded)) return undefined;
  const long = new Map<string, number>();
  cells.some((number, code) => {
    const value = code < 0 ? number : (values[code] as number);
    if (isRounded(value)) long.set(code < 0 ? String(number) : (texts[code] as string), value);
    return false;
  });
  return mergedTexts([...long.keys()], [...long.values()]);
}

/** Refuses a column that is asked to be numbers and has a cell that is none. */
export function refuseText({ builder, numeric, asked }: Raw, facts: FileFacts): never {
  const { texts, cells, name } = builder;
  const { decimal } = facts.decimal;
  const bad = numeric.bad;
  let place = '';
  let text = bad < 0 ? undefined : texts[bad];
  cells.some((_, code, row) => {
    if (code < 0 || (bad >= 0 && code !== bad)) return false;
    text ??= texts[code];
    place = `row ${facts.rowOf(row)}, `;
    return true;
  });
  const hint =
    text !== undefined && /\d/.test(text)
      ? ''
      : `; missing: [${show(text).replaceAll('"', "'")}] takes it for a missing cell`;
  throw new SimdenseError(
    'DATA',
    `readTable: ${place}column ${show(name)} is ${show(text)}, no number with a decimal ${decimal === '.' ? 'point' : 'comma'}; it is asked to be '${asked}'${hint}`,
  );
}
