// What a file says of a model's targets.
import { show } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { listed } from '../base/listed.js';
import { type Label, Matrix } from '../data/index.js';
import type { FittedPipeline } from '../evaluate/index.js';
import type { Truth } from '../evaluate/verdict/judge.js';
import { listReader, type TargetData, type TargetPart, targetReader } from '../table/encoders/target-kinds.js';
import { EMPTY } from '../table/kind.js';
import { lineOf } from '../table/lines.js';
import { numberReader } from '../table/read-value.js';
import { type FileColumn, gapsIn, isMissingNumber } from './model-cells.js';
import type { ModelFile } from './model-file.js';

export interface KnownRows {
  /** The rows whose targets are known, from 0. */
  readonly rows: Int32Array;
  readonly truth: Truth;
  /** How many of them have no label in a column that lists labels. */
  readonly labelless: number;
  /** The columns that they come from. */
  readonly names: readonly string[];
}

/** The targets in a file, of the rows that have them. `target` is the column, if it is not the one of the training. */
export function truthIn(model: FittedPipeline, file: ModelFile, target: string | undefined): KnownRows {
  const coder = coderOf(model, file, target);
  const columns = coder.parts.map(({ name }) => file.column(name));
  const names = coder.parts.map(({ name }) => name);
  const list = coder.kind === 'list' ? coder.labels : names;
  const places = new Map(list.map((label, i) => [label, i]));
  const cells = coder.parts.map((part, i) => cellsOf(file, coder, part, columns[i] as FileColumn, model.classes));
  const rows: number[] = [];
  const labels: Label[] = [];
  const numbers: number[] = [];
  const unknown = new Set<string>();
  let labelless = 0;
  for (let row = 0; row < file.found.rows; row++) {
    const own = cells.map((cell) => cell(row));
    if (own.some((cell) => cell === null || Number.isNaN(cell))) continue;
    rows.push(row);
    if (coder.kind === 'labels') labels.push(own[0] as Label);
    else if (coder.kind !== 'list') for (const value of own as number[]) numbers.push(value);
    else {
      if ((own[0] as readonly string[]).length === 0) labelless++;
      const has = list.map(() => 0);
      for (const label of own[0] as readonly string[]) {
        const place = places.get(label);
        if (place === undefined) unknown.add(label);
        else has[place] = 1;
      }
      for (const flag of has) numbers.push(flag);
    }
  }
  if (rows.length === 0)
    throw new SimdenseError('DATA', `${file.path}: no row has a value in column ${names.map(show).join(', ')}`);
  if (coder.kind === 'labels' && model.classes) {
    checkSome(model.classes, labels, names[0] as string);
    return { rows: Int32Array.from(rows), truth: { labels }, names, labelless };
  }
  const matrix = new Matrix(Float32Array.from(coder.kind === 'labels' ? (labels as number[]) : numbers), list.length);
  return {
    rows: Int32Array.from(rows),
    truth: { numbers: matrix, names: list, unknown: [...unknown].sort() },
    names,
    labelless,
  };
}

/** The answer of a row as it stands in the file, of several targets that of `output`: null for an empty cell, undefined where the file or the model does not tell. */
export function answerOf(
  model: FittedPipeline,
  file: ModelFile,
  target: string | undefined,
  { row, output }: { readonly row: number; readonly output: Label },
): string | null | undefined {
  if (!model.targets && target === undefined && model.target === undefined) return undefined;
  const { kind, parts } = coderOf(model, file, target);
  const name = parts.length === 1 ? parts[0]?.name : String(output);
  const at = file.found.columns.findIndex((column) => column.name === name);
  if (at < 0) return undefined;
  const text = file.own[at]?.of(row) ?? '';
  return text.trim() === '' ? (kind === 'list' ? '(none)' : null) : text;
}

/** Throws SimdenseError 'DATA' if no label is a class: it must be another column. */
function checkSome(classes: readonly Label[], labels: readonly Label[], column: string): void {
  const known = new Set(classes);
  if (labels.some((label) => known.has(label))) return;
  const message = `no row of column ${show(column)} holds one of the model's classes ${listed(classes.map(String))}; its first is ${show(labels[0])}. Give --target the column with the answers`;
  throw new SimdenseError('DATA', message);
}

/** What there is to predict. Models of numbers know the name of one column at most. */
function coderOf(model: FittedPipeline, file: ModelFile, target: string | undefined): TargetData {
  const { targets, classes } = model;
  if (targets) {
    if (target === undefined) return targets;
    if (targets.parts.length > 1)
      throw new SimdenseError('ARGUMENT', '--target: the model predicts several columns, which are found by name');
    return { ...targets, parts: [{ ...(targets.parts[0] as TargetPart), name: nameOf(file, target) }] };
  }
  const name = target ?? model.target;
  if (name === undefined)
    throw new SimdenseError('ARGUMENT', 'the model does not know what its target is called; give --target COLUMN');
  if (model.model.outputs > 1 && !classes) {
    const message = `the model predicts ${model.model.outputs} numbers for each row, and does not know their columns; use simdense in a program to judge it`;
    throw new SimdenseError('UNSUPPORTED', message);
  }
  const holds = !classes || classes.every((label) => typeof label === 'number') ? 'number' : 'text';
  return { kind: 'labels', parts: [{ name: target === undefined ? name : nameOf(file, name), holds }] };
}

/** The column of a name, or of a number from 0. */
function nameOf({ found }: ModelFile, target: string): string {
  const names = found.columns.map(({ name }) => name);
  return names.includes(target) || !/^\d+$/.test(target) ? target : (names[Number(target)] ?? target);
}

type Read = Label | readonly string[] | null;

/**
 * Reads a target of each row: null for a cell that is missing to the model, or as the file was read, unless it is the name of a label. Of classes, a cell
 * that is none of them stays as it stands there.
 */
function cellsOf(
  { path, decimal, delimiter, found: { data: file } }: ModelFile,
  coder: TargetData,
  given: TargetPart,
  { found, texts: { texts, codes } }: FileColumn,
  classes: readonly Label[] | undefined,
): (row: number) => Read {
  const format = { ...given.format, ...(decimal && { decimal, grouped: true as const }) };
  const part = { ...given, format };
  const { holds } = part;
  const asNumber = holds === 'number' && found.holds === 'number' && !found.format?.guessed && 'values' in found.cells;
  if (asNumber) {
    const { values } = found.cells as { values: Float64Array };
    return (row) => values[row] as number;
  }
  const wanted =
    coder.kind === 'list' ? listReader(part, coder.separator) : targetReader(part, coder.kind !== 'labels');
  const byNumber = classes && numericClasses(classes, format);
  const labels = new Set<Label>(coder.kind === 'list' ? coder.labels : classes);
  const isLabel = texts.map((text) => holds === 'text' && labels.has(text));
  const read = texts.map((text, code): Read | undefined => {
    if (isLabel[code]) return coder.kind === 'list' ? [text] : text;
    const cell = isMissingNumber(holds, text) ? null : (wanted.read(text) as Read | undefined);
    if (cell === undefined && classes) return text;
    // '01' and '1.0' are the class '1', if that is one.
    return byNumber && cell !== null && holds === 'text' ? (byNumber(text) ?? cell) : cell;
  });
  const isGap = gapsIn(found);
  // A column that was found to be numbers has no sign of its own for an empty text; CSV has no other missing cell without a text.
  const isEmpty = (row: number): boolean =>
    'codes' in found.cells
      ? found.cells.codes[row] === EMPTY
      : codes[row] === EMPTY || (delimiter !== undefined && (codes[row] as number) < 0);
  return (row) => {
    const code = codes[row] as number;
    if (code < 0 || (isGap(row) && !isLabel[code])) return coder.kind === 'list' && isEmpty(row) ? [] : null;
    const cell = read[code];
    if (cell !== undefined) return cell;
    const message = `row ${lineOf(file, row)}, column ${show(part.name)} is ${show(texts[code])}, expected ${wanted.expects}`;
    throw new SimdenseError('DATA', `${path}: ${message}`);
  };
}

/** Finds a class by its number: for texts that are written otherwise than the class. */
function numericClasses(classes: readonly Label[], format: TargetPart['format']): (text: string) => Label | undefined {
  const number = numberReader({ holds: 'number', ...(format && { format }) });
  const known = new Map([...classes].reverse().map((label) => [number(label), label]));
  known.delete(undefined);
  return (text) => {
    const value = number(text);
    return value === undefined || Number.isNaN(value) ? undefined : known.get(value);
  };
}
