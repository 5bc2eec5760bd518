import { noMore, options, positiveInteger, refuse } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { inTurnsUntil } from '../base/pause.js';
import type { Label } from '../data/labels.js';
import type { Matrix } from '../data/matrix.js';
import type { Numbers } from '../data/numbers.js';
import { isMatrix } from '../data/rows.js';
import { answersIn } from '../evaluate/decision.js';
import { meanOf } from '../evaluate/ensemble-file.js';
import type { FittedPipeline } from '../evaluate/fitted-pipeline.js';
import type { AnyRows } from '../evaluate/row-encoder.js';
import { type HasTable, tableOf } from '../evaluate/table-of.js';
import { encodingRows, middleFeatures, spansOf } from './features.js';
import { differentiable } from './input-gradients.js';
import { type Integral, integrating } from './path-integral.js';
import { type Network, slopeOf } from './slope-of.js';
import {
  checkSignal,
  checkSome,
  type Model,
  outputIndex,
  partOf,
  predicting,
  type Subject,
  soleOutput,
  subjectOf,
} from './subject.js';

/** A row to explain: an object with a value for each column, a Table of one row, or numbers for a model of these. */
export type OneRow = object | HasTable | Numbers;

export interface IntegratedGradientsOptions {
  /**
   * What the row is compared with: another row; or several rows, as a Table or an array, whose features are averaged: the average row. Default: of a
   * model of tables the middle of its training rows, that is the medians of numbers and dates, the more frequent boolean, an even mix of the categories and no words; of a model of numbers all
   * features are 0 as the scaler has them, which for 'standard' is the mean of each column.
   */
  baseline?: OneRow | AnyRows;
  /** The class, label or target whose probability or number is explained. Default: of classes the one that `predict` answers, of one number this. */
  output?: Label;
  /** The most gradients that are computed of each network. Default: 20,000; smooth networks need some hundred. */
  steps?: number;
  /** Ends the work. */
  signal?: AbortSignal;
}

/** What a column adds to a prediction. */
export interface Contribution {
  readonly column: string;
  /** A part of the difference between the prediction and that of the baseline: a probability, or in the target's own units. */
  readonly contribution: number;
}

/** Why a row is predicted as it is. */
export interface Attribution {
  /** The class, label or target that is explained. */
  readonly output: Label;
  /** Its probability or number for this row; computed in float64, so it differs from what `predict` says in the last digits. */
  readonly prediction: number;
  /** The same for the baseline. */
  readonly baseline: number;
  /** A number for each column, the largest first, without regard to its sign. They add up to prediction − baseline. */
  readonly contributions: readonly Contribution[];
  /** At most how far they are from adding up: below 0.001, of numbers 0.001 of the targets' scale. */
  readonly error: number;
}

/** The contributions may miss the difference by this, as probabilities, or in units of the target's scaler. Half of it is aimed at. */
const MOST_ERROR = 1e-3;

/**
 * Divides the difference between a prediction and that of a baseline among the columns: the integral of the gradient along the straight way between the two
 * (Sundararajan, Taly, Yan 2017, "Axiomatic Attribution for Deep Networks", arXiv 1703.01365), added up over the features that are made of a column. A column that is as in the
 * baseline gets 0, unless a model's features of it differ. For an ensemble it is the mean over the members, before its temperature. It says what the model does, not what causes what in the world.
 *
 * @param model A fitted pipeline, or an ensemble of such.
 * @param row An object with a value for each column, a Table of one row, or numbers for a model of these.
 * @param o Options; see IntegratedGradientsOptions.
 * @returns The contribution of each column, with both predictions.
 * @throws SimdenseError 'ARGUMENT' for an unknown option or output, several labels or targets without `output`, and too few steps for contributions that add up to within 0.001.
 * @throws SimdenseError 'DATA' or 'SHAPE' for a row that does not fit, 'DISPOSED' after the model's dispose.
 * @example
 * const x = [[0, 0], [0, 1], [1, 0], [1, 1]];
 * const fitted = await fitPipeline({ layers: [], scale: 'none', targetScale: 'none', fit: { epochs: 1 } }, x, [0.5, 1.5, 3.5, 4.5]);
 * fitted.model.setWeights(new Map([['dense/kernel', { shape: [2, 1], data: Float32Array.of(3, 1) }], ['dense/bias', { shape: [1], data: Float32Array.of(0.5) }]]));
 * const { prediction, baseline, contributions } = await integratedGradients(fitted, [2, 1]);
 * [prediction, baseline]; // [7.5, 0.5]
 * contributions; // [{ column: '0', contribution: 6 }, { column: '1', contribution: 1 }]
 */
export async function integratedGradients(
  model: Model,
  row: OneRow,
  o?: IntegratedGradientsOptions,
): Promise<Attribution> {
  noMore('integratedGradients', arguments, 3);
  const { signal, ...given } = options(where, o, ['baseline', 'output', 'steps', 'signal']);
  const { steps = 20_000 } = given;
  positiveInteger(`${where}(steps)`, steps);
  checkSignal(where, signal);
  return inTurnsUntil(attributing(subjectOf(where, model), row, given, steps), signal);
}

const where = 'integratedGradients';

function* attributing(
  subject: Subject,
  row: OneRow,
  { baseline, output }: IntegratedGradientsOptions,
  steps: number,
): Generator<void, Attribution> {
  const ends: { readonly member: FittedPipeline; readonly start: Float64Array; readonly end: Float64Array }[] = [];
  const outputs: Matrix[] = [];
  for (const member of subject.members) {
    const own = yield* encodingRows(where, member, rowsOf(`${where}(row)`, row));
    if (own.rows !== 1) throw new SimdenseError('SHAPE', `${where}(row): expected one row, got ${own.rows}`);
    if (subject.classes) outputs.push(yield* predicting(member, own));
    const end = Float64Array.from(own.data);
    const start = baseline === undefined ? middleFeatures(member) : yield* middleOf(member, baseline);
    ends.push({ member, start, end });
  }
  const networks = ends.map(({ member }) => differentiable(member.model));
  const index = chosen(subject, output, outputs);
  const sums = new Map(subject.columns.map((column) => [column, 0]));
  let [prediction, middle, error, unit] = [0, 0, 0, 0];
  for (const [m, { member, start, end }] of ends.entries()) {
    const slope = slopeOf(member, networks[m] as Network, index);
    const scale = scaleOf(member, index);
    const integral: Integral = yield* integrating(slope, start, end, { enough: (MOST_ERROR / 2) * scale, most: steps });
    const part = (value: number): number => partOf(m, value, subject);
    prediction += part(slope.valueAt(end));
    middle += part(slope.valueAt(start));
    error += part(integral.error);
    unit += part(scale);
    for (const [column, { at, width }] of spansOf(member)) {
      const share = integral.shares.subarray(at, at + width).reduce((sum, each) => sum + each, 0);
      sums.set(column, (sums.get(column) as number) + part(share));
    }
  }
  if (error > MOST_ERROR * unit) {
    const message = `with ${steps} steps the contributions miss the difference by up to ${Number(error.toPrecision(2))}; allow more`;
    throw new SimdenseError('ARGUMENT', `${where}(steps): ${message}`);
  }
  const contributions = Array.from(sums, ([column, contribution]) => ({ column, contribution }));
  contributions.sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
  return { output: subject.outputs[index] as Label, prediction, baseline: middle, contributions, error };
}

/** The output to explain: of classes by default what the model answers, by its members' outputs. */
function chosen(subject: Subject, output: Label | undefined, outputs: readonly Matrix[]): number {
  const { classes, temperature, weights, decision } = subject;
  if (output === undefined && classes)
    return classes.indexOf(answersIn(meanOf(outputs, temperature, weights), classes, decision)[0] as Label);
  const several =
    subject.task === 'multilabel' ? 'a row may have several labels' : 'the model predicts several numbers';
  return output === undefined ? soleOutput(where, subject, output, several) : outputIndex(where, subject, output);
}

/** The factor from what the network predicts to the target's own units. */
function scaleOf({ targetScaler }: FittedPipeline, index: number): number {
  return Math.abs(targetScaler.toJSON().scale[index] ?? 1);
}

/** One row as rows: an object or numbers in an array, a Table and several rows as they are. */
function rowsOf(name: string, row: OneRow | AnyRows): AnyRows {
  if (tableOf(row)) return row as HasTable;
  if (isMatrix(row)) return row;
  if (ArrayBuffer.isView(row)) return [row] as AnyRows;
  if (Array.isArray(row)) return (typeof row[0] === 'number' ? [row] : row) as AnyRows;
  if (typeof row !== 'object' || row === null) refuse(name, 'an object, a Table of one row, or numbers', row);
  return [row] as AnyRows;
}

/** The mean of the features of rows. */
function* middleOf(member: FittedPipeline, rows: OneRow | AnyRows): Generator<void, Float64Array> {
  const name = `${where}(baseline)`;
  const features = yield* encodingRows(name, member, rowsOf(name, rows));
  checkSome(name, features.rows);
  const means = new Float64Array(features.columns);
  for (const [i, value] of features.data.entries()) {
    const c = i % features.columns;
    means[c] = (means[c] as number) + value / features.rows;
  }
  return means;
}
