// What the decisions about a column are made from, and what they say.
import type { ColumnBuilder } from '../builder.js';
import type { CellFormat, ColumnData, Kind } from '../kind.js';
import type { Order } from './date-text.js';
import type { Dates } from './dates.js';
import type { DecimalDecision } from './decimal.js';
import { missingWords } from './missing.js';
import type { Numeric } from './numeric.js';

/** What is known when the columns of a file are decided on. */
export interface FileFacts {
  readonly decimal: DecimalDecision;
  /** The order of days and months: asked for, or that of another column. */
  readonly order: Order | undefined;
  readonly orderAsked: boolean;
  /** The number of columns. */
  readonly columns: number;
  /** Whether the cells are JavaScript's. */
  readonly objects: boolean;
  /** Words for missing cells, which records to predict have as well. */
  readonly missing: Pick<CellFormat, 'missing' | 'missingOnly'>;
  /** The numbers among these words: cells that are kept as numbers are missing already. */
  readonly gone: ReadonlySet<number>;
  /** The row of a cell in its file. */
  rowOf(row: number): number;
  /** Says something of the whole table. */
  note(sentence: string): void;
}

/** One column before it is decided on. */
export interface Raw {
  readonly builder: ColumnBuilder;
  readonly numeric: Numeric;
  /** Its texts as dates, if all of its cells are. */
  readonly dates: Dates | undefined;
  readonly place: number;
  readonly unnamed: boolean;
  /** The kind that is asked for. */
  readonly asked: Kind | undefined;
}

/** A column without its name. undefined: the exact texts are needed, and the builder has them no more. */
export type Decided = Omit<ColumnData, 'name'> | undefined;

/** A format without its empty parts; undefined if nothing is left. `signs` are more words for missing cells. */
export function formatOf(
  parts: { readonly [K in Exclude<keyof CellFormat, 'missing'>]?: CellFormat[K] | undefined },
  { missing: { missing = [], missingOnly } }: Pick<FileFacts, 'missing'>,
  signs: readonly string[] = [],
): { format?: CellFormat } {
  const own = missingOnly ? signs : signs.filter((sign) => !missingWords.includes(sign));
  const all = [...missing, ...own];
  const given = Object.entries({
    ...parts,
    missing: all.length > 0 ? all : undefined,
    ...(missingOnly && { missingOnly }),
  }).filter(([, part]) => part !== undefined);
  return given.length > 0 ? { format: Object.fromEntries(given) as CellFormat } : {};
}

/** Numbers that were taken for missing, as a clause. */
export const takenNumbers = (numbers: ReadonlySet<number>): string => `${[...numbers].join(' and ')} taken for missing`;

/** Whether whole numbers of a column lost digits beyond 2⁵³ before they came. */
export const isImprecise = ({ builder }: Raw, { objects }: FileFacts): boolean =>
  builder.typed && (objects || builder.rounded);

/** Texts in a clause: '"-" and "."'. */
export const words = (texts: readonly string[]): string =>
  texts.length > 2 ? `"${texts[0]}" and the like` : texts.map((text) => `"${text}"`).join(' and ');
