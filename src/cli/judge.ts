import type { Label, Matrix } from '../data/index.js';
import { type AnyRows, calibration, confusionMatrix } from '../evaluate/index.js';
import { judgePredictions, type Truth } from '../evaluate/verdict/judge.js';
import type { Circumstances, Judgement, RowGroups } from '../evaluate/verdict/words.js';
import type { ReportContents } from '../report/index.js';
import { type ImageRows, misread } from './images.js';
import { answersOf, decisionOf, type Model, networkOf } from './model.js';

/** The most classes for which a confusion matrix is made, since its size is their square. */
const MOST_PAIRS = 1000;

/** How the command asks for what the judgement names. */
const asks = { linear: 'train --hidden 0', balanced: '--balanced', groups: '--group', ignore: '--ignore' };

/** Rows whose answers are known. */
export interface JudgedRows {
  readonly rows: AnyRows;
  /** Their numbers in the table that was learnt from; undefined for another table. */
  readonly places?: Int32Array;
  /** What is predicted for them, where that is known. Default: what the model predicts. */
  readonly outputs?: Matrix;
  /** For each row the network, from 0, that predicts it, where one alone has not learnt from it. */
  readonly members?: Int32Array | undefined;
  /** What a linear model of the same rows predicts for them. */
  readonly linear?: Matrix | undefined;
  readonly truth: Truth;
  /** The rows as images, if they may be some. */
  readonly images?: ImageRows | undefined;
  readonly groups?: RowGroups | undefined;
}

/** Judges a model on rows, in words and figures, and returns the contents for a report. */
export function judge(
  model: Model,
  { rows, truth, images, groups, linear, outputs = model.predictProbabilities(rows) }: JudgedRows,
  given: Circumstances,
): Judgement & { readonly contents: Partial<ReportContents> } {
  const { pipeline, classes } = networkOf(model);
  const decision = decisionOf(model);
  const circumstances = { ...given, groups, linear, asks, balanced: pipeline.fit?.classWeight === 'balanced' };
  const { words, figures, labels } = judgePredictions(
    truth,
    outputs,
    { task: pipeline.task, classes, decision },
    circumstances,
  );
  const contents =
    'labels' in truth
      ? contentsOf(truth.labels, outputs, answersOf(model, outputs), classes as readonly Label[], images)
      : {};
  return { words, figures, contents: { ...contents, ...(labels && { labels }) } };
}

function contentsOf(
  labels: readonly Label[],
  probabilities: Matrix,
  predicted: readonly Label[],
  classes: readonly Label[],
  images: ImageRows | undefined,
): Partial<ReportContents> {
  const wrong = images && misread(images, labels, predicted);
  const kinds = new Set([...classes, ...labels]).size;
  return {
    ...(kinds <= MOST_PAIRS && { confusion: confusionMatrix(labels, predicted, classes) }),
    calibration: calibration(labels, probabilities, classes),
    ...(wrong && { images: wrong }),
  };
}
