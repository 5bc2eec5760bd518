// What a model predicts for rows, as columns of a table.
import { SimdenseError } from '../base/errors.js';
import type { Label, Matrix } from '../data/index.js';
import type { AnyRows } from '../evaluate/index.js';
import { LIKELY } from '../evaluate/verdict/several.js';
import type { TargetData } from '../table/encoders/target-kinds.js';
import { answersOf, type Model, networkOf } from './model.js';
import { shortFloat } from './numbers.js';

/** A column of predictions. */
export interface PredictedColumn {
  readonly name: string;
  of(row: number): Label;
}

export interface Predictions {
  readonly columns: readonly PredictedColumn[];
  /** The content of the JSON output. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** The name of a column for which `taken` has no other. */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  let free = name;
  for (let i = 2; taken.has(free); i++) free = `${name} ${i}`;
  return free;
}

/**
 * The predictions for rows: a column for each target, called as it is, or 'prediction' where the table has one of that name already. With probabilities a column for each
 * class or label. Throws SimdenseError 'ARGUMENT' if probabilities are asked for in a regression.
 */
export function predictionsOf(
  model: Model,
  rows: AnyRows,
  withProbabilities: boolean,
  taken: readonly string[],
): Predictions {
  const { classes, targets, pipeline, target } = networkOf(model);
  if (pipeline.task === 'regression' && withProbabilities)
    throw new SimdenseError('ARGUMENT', '--probabilities: the model predicts numbers, which have none; leave it out');
  const outputs = model.predictProbabilities(rows);
  const names = new Set(taken);
  const named = (name: string | undefined, several = false): string => {
    const wanted =
      name === undefined ? 'prediction' : names.has(name) ? (several ? `prediction ${name}` : 'prediction') : name;
    const free = freeName(wanted, names);
    names.add(free);
    return free;
  };
  const at =
    ({ data, columns }: Matrix, column: number) =>
    (row: number) =>
      shortFloat(data[row * columns + column] as number);
  const probabilities = (labels: readonly Label[]): PredictedColumn[] =>
    withProbabilities ? labels.map((label, c) => ({ name: named(`p(${label})`, true), of: at(outputs, c) })) : [];
  if (classes) {
    const labels = answersOf(model, outputs);
    const predicted = { name: named(target), of: (row: number) => labels[row] as Label };
    return {
      columns: [predicted, ...probabilities(classes)],
      data: { predictions: labels, ...(withProbabilities && { classes, probabilities: arraysOf(outputs) }) },
    };
  }
  if (pipeline.task === 'multilabel') return ofLabels(targets, outputs, named, probabilities, withProbabilities);
  const own = targets?.parts.map(({ name }) => name);
  const several = outputs.columns > 1;
  const columns = Array.from({ length: outputs.columns }, (_, c) => {
    const name = own?.[c] ?? (several ? `${target ?? 'prediction'} ${c}` : target);
    return { name: named(name, several), of: at(outputs, c) };
  });
  return { columns, data: { predictions: several ? arraysOf(outputs) : Array.from(outputs.data, shortFloat) } };
}

const arraysOf = (outputs: Matrix): number[][] => outputs.toArrays().map((row) => row.map(shortFloat));

/** Several labels: a column with their list, as the target was written, or a column of 0 and 1 for each. */
function ofLabels(
  targets: TargetData | undefined,
  outputs: Matrix,
  named: (name: string | undefined, several?: boolean) => string,
  probabilities: (labels: readonly Label[]) => PredictedColumn[],
  withProbabilities: boolean,
): Predictions {
  const names = Array.from({ length: outputs.columns }, (_, c) => String(c));
  const labels = targets?.kind === 'list' ? targets.labels : (targets?.parts.map(({ name }) => name) ?? names);
  const has = (row: number, c: number): boolean => (outputs.data[row * outputs.columns + c] as number) >= LIKELY;
  const given = Array.from({ length: outputs.rows }, (_, row) => labels.filter((_, c) => has(row, c)));
  const columns: PredictedColumn[] =
    targets?.kind === 'list'
      ? [{ name: named(targets.parts[0]?.name), of: (row) => listText(given[row] as string[], targets.separator) }]
      : labels.map((label, c) => {
          const { holds, format } = targets?.parts[c] ?? {};
          const [no, yes] = holds === 'boolean' ? (format?.words ?? ['false', 'true']) : [0, 1];
          return { name: named(label, true), of: (row) => (has(row, c) ? yes : no) };
        });
  return {
    columns: [...columns, ...probabilities(labels)],
    data: { predictions: given, labels, ...(withProbabilities && { probabilities: arraysOf(outputs) }) },
  };
}

/** A list of labels in one cell: as the target was written. */
const listText = (labels: readonly string[], separator: string | undefined): string =>
  separator === undefined ? JSON.stringify(labels) : labels.join(separator);
