// A model that is explained: a fitted pipeline, or the members of an ensemble.
import { optionalSignal, refuse, show } from '../base/checks.js';
import { didYouMean } from '../base/did-you-mean.js';
import { SimdenseError } from '../base/errors.js';
import { listed } from '../base/listed.js';
import type { Label } from '../data/labels.js';
import type { Matrix } from '../data/matrix.js';
import type { Decision } from '../evaluate/decision.js';
import type { Ensemble } from '../evaluate/ensemble.js';
import type { FittedPipeline } from '../evaluate/fitted-pipeline.js';
import { probabilitiesOf } from '../evaluate/predictions.js';
import type { Task } from '../evaluate/task.js';
import type { TargetData } from '../table/encoders/target-kinds.js';

/** What can be explained: a fitted pipeline, or an ensemble of such. */
export type Model = FittedPipeline | Ensemble;

export interface Subject {
  readonly members: readonly FittedPipeline[];
  /** That of an ensemble's probabilities; 1 changes nothing. */
  readonly temperature: number;
  /** How often each member counts, where some count more than others. */
  readonly weights: readonly number[] | undefined;
  /** From which probability on an ensemble answers a class, where `decide` has said so. */
  readonly decision: Decision | undefined;
  /** The columns that some member reads, in their order in the members. */
  readonly columns: readonly string[];
  /** The names of the outputs: classes, labels or targets; the numbers from 0 of targets without names. */
  readonly outputs: readonly Label[];
  readonly task: Task;
  readonly classes: readonly Label[] | undefined;
  readonly targets: TargetData | undefined;
}

/** The members of a model. Throws SimdenseError 'ARGUMENT' for what is no model, and 'DISPOSED'. */
export function subjectOf(where: string, model: Model): Subject {
  const {
    members = [model],
    temperature = 1,
    decision,
    weights,
  } = (model ?? {}) as {
    members?: readonly unknown[];
    temperature?: number;
    decision?: Decision;
    weights?: readonly number[];
  };
  // Not by instanceof: a program may have the class twice.
  const known = Array.isArray(members) && members.length > 0 && members.every(isPipeline);
  if (!known) refuse(`${where}(model)`, 'a fitted pipeline or an ensemble of such', model);
  const list = members as readonly FittedPipeline[];
  for (const member of list) member.model.checkAlive(where);
  const { classes, outputNames, targets, pipeline, model: network } = list[0] as FittedPipeline;
  return {
    members: list,
    temperature,
    weights,
    decision,
    columns: [...new Set(list.flatMap(columnsOf))],
    outputs: outputNames ?? Array.from({ length: network.outputs }, (_, i) => i),
    task: pipeline.task,
    classes,
    targets,
  };
}

/** What a member's number adds to the mean of all. */
export function partOf(m: number, value: number, { members, weights }: Subject): number {
  const [own, all] = weights
    ? [weights[m] as number, weights.reduce((sum, each) => sum + each, 0)]
    : [1, members.length];
  return (value * own) / all;
}

function isPipeline(value: unknown): value is FittedPipeline {
  const { model, scaler, targetScaler, pipeline } = (value ?? {}) as Partial<FittedPipeline>;
  return (
    typeof model?.predict === 'function' && [scaler, targetScaler, pipeline].every((part) => Object(part) === part)
  );
}

/** The columns that a pipeline reads; the numbers from 0 of columns without names. */
export const columnsOf = ({ encoder, columns, model }: FittedPipeline): readonly string[] =>
  encoder?.columns ?? columns ?? Array.from({ length: model.inputs }, (_, c) => String(c));

/** Throws SimdenseError 'ARGUMENT' for a column that the model does not read. */
export function checkColumn(where: string, { columns }: Subject, column: unknown): string {
  if (typeof column === 'string' && columns.includes(column)) return column;
  return refuse(where, `a column that the model reads, ${listed(columns)}`, column, didYouMean(column, columns));
}

/** Columns of the model, each once; all if none are given. Throws SimdenseError 'ARGUMENT'. */
export function checkColumns(
  where: string,
  subject: Subject,
  columns: readonly string[] | undefined,
): readonly string[] {
  if (columns === undefined) return subject.columns;
  if (!Array.isArray(columns)) refuse(where, 'an array of columns', columns);
  for (const [i, column] of columns.entries()) {
    checkColumn(where, subject, column);
    if (columns.indexOf(column) < i) refuse(where, 'each column once', column, ' twice');
  }
  return columns;
}

/** The index of an output by its name. Throws SimdenseError 'ARGUMENT' for a name that none has. */
export function outputIndex(where: string, { outputs }: Subject, output: Label): number {
  const index = outputs.indexOf(output);
  if (index >= 0) return index;
  const known = `${outputs.slice(0, 12).map(show).join(', ')}${outputs.length > 12 ? ' …' : ''}`;
  return refuse(`${where}(output)`, `one of ${known}`, output, didYouMean(output, outputs.map(String)));
}

/** The index of the only target, or of the one that is asked for. Throws SimdenseError 'ARGUMENT' where the choice is open. */
export function soleOutput(where: string, subject: Subject, output: Label | undefined, why: string): number {
  if (output !== undefined) return outputIndex(where, subject, output);
  if (subject.outputs.length === 1) return 0;
  return refuse(
    `${where}(output)`,
    `one of ${subject.outputs.slice(0, 12).map(show).join(', ')}, since ${why}`,
    output,
  );
}

/** A member's predictions of encoded rows: probabilities, or numbers in the targets' own units. */
export function* predicting({ model, targetScaler, classes }: FittedPipeline, x: Matrix): Generator<void, Matrix> {
  return probabilitiesOf(targetScaler.inverse(yield* model.prediction(x)), classes);
}

/** Throws SimdenseError 'ARGUMENT' for what is no signal, and the signal's reason if it has aborted. */
export function checkSignal(where: string, signal: AbortSignal | undefined): void {
  optionalSignal(`${where}(signal)`, signal);
  signal?.throwIfAborted();
}

/** Throws SimdenseError 'DATA' for no rows. */
export function checkSome(where: string, rows: number): void {
  if (rows === 0) throw new SimdenseError('DATA', `${where}: there are no rows`);
}
