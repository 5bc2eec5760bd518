// The kinds of targets, and how their cells are read.
import { show } from '../../base/checks.js';
import { SimdenseError } from '../../base/errors.js';
import type { Label } from '../../data/labels.js';
import type { CellFormat, ColumnData } from '../kind.js';
import type { Wanted } from './column-cells.js';
import { booleanReader, numberReader, textReader } from './read-cell.js';

/** A column to predict. */
export interface TargetPart {
  readonly name: string;
  /** What its cells were when the coder was fitted, and are from then on. */
  readonly holds: 'text' | 'number' | 'boolean';
  readonly format?: CellFormat;
}

/** What there is to predict, in plain JSON. */
export type TargetData =
  /** One column: a label for each row, or a number. */
  | {
      readonly kind: 'labels';
      readonly parts: readonly TargetPart[];
      /** If the labels are classes for sure; without it numbers may be a regression. */
      readonly task?: 'classification';
    }
  /** Columns of numbers. */
  | { readonly kind: 'numbers'; readonly parts: readonly TargetPart[] }
  /** Several columns of 0 and 1: several labels for a row. */
  | { readonly kind: 'flags'; readonly parts: readonly TargetPart[] }
  /** One column whose cells list several labels. */
  | {
      readonly kind: 'list';
      readonly parts: readonly TargetPart[];
      /** What stands between the labels of a cell; without it a cell is a list, or the JSON of one. */
      readonly separator?: string;
      readonly labels: readonly string[];
    };

/** Throws SimdenseError 'DATA' for a column whose name a file has twice, unless the training table had it twice too. */
export function checkOnce(where: string, { format: own }: TargetPart, { name, format }: ColumnData): void {
  if (!format?.twice || own?.twice) return;
  const message = `the table has two columns ${show(name)}, and the model reads one; rename the other`;
  throw new SimdenseError('DATA', `${where}: ${message}`);
}

/** Reads labels: booleans as their words, unless all targets are numbers. null or NaN is a row without a target. */
export function targetReader({ holds, format }: TargetPart, asNumber: boolean): Wanted<Label | null> {
  if (holds === 'text') return { expects: 'a text', takes: 'text', read: textReader(format) };
  if (holds === 'number') return { expects: 'a number', takes: 'number', read: numberReader(format) };
  const flag = booleanReader(format);
  const expects = 'true or false';
  if (asNumber) return { expects, takes: 'boolean', read: flag };
  const [no, yes] = format?.words ?? ['false', 'true'];
  // Not taken as it is: a table's boolean is a number.
  const read = (value: unknown): string | null | undefined => {
    const cell = flag(value);
    return cell === undefined ? undefined : Number.isNaN(cell) ? null : cell === 1 ? yes : no;
  };
  return { expects, takes: 'text', read };
}

/** Reads the labels of a cell, without the spaces around them; an empty cell has none. Without a separator the cell is a list of texts or numbers, or the JSON of one. */
export function listReader({ format }: TargetPart, separator: string | undefined): Wanted<readonly string[] | null> {
  const text = textReader(format);
  if (separator === undefined)
    return {
      expects: 'a list of texts or numbers such as ["a","b"]',
      takes: 'text',
      empty: [],
      read(value) {
        const cell = text(value);
        return cell === null || cell === undefined ? cell : labelsIn(cell);
      },
    };
  return {
    expects: 'a text',
    takes: 'text',
    empty: [],
    read(value) {
      const cell = text(value);
      if (cell === null || cell === undefined) return cell;
      return cell.split(separator).flatMap((label) => label.trim() || []);
    },
  };
}

/** The labels of a list in JSON; undefined for what is none. */
function labelsIn(json: string): string[] | undefined {
  let list: unknown;
  try {
    list = JSON.parse(json);
  } catch {
    return undefined;
  }
  if (!Array.isArray(list) || list.some((label) => Object(label) === label)) return undefined;
  return list.flatMap((label) => (label === null ? [] : String(label).trim() || []));
}
