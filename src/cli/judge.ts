import type { Label, Matrix } from '../data/index.js';
import { type AnyRows, calibration, confusionMatrix } from '../evaluate/index.js';
import type { ReportContents } from '../report/index.js';
import { type ImageRows, misread } from './images.js';
import type { Model } from './model.js';
import type { Truth } from './truth.js';
import { judgeClasses } from './verdict.js';
import { judgeLabels, judgeOutputs } from './verdict-several.js';
import type { Circumstances, Judgement, RowGroups } from './verdict-words.js';

/** The most classes for which a confusion matrix is made, since its size is their square. */
const MOST_PAIRS = 1000;

/** Rows whose answers are known. */
export interface JudgedRows {
  readonly rows: AnyRows;
  /** What is predicted for them, where that is known. Default: what the model predicts. */
  readonly outputs?: Matrix;
  readonly truth: Truth;
  /** The rows as images, if they may be some. */
  readonly images?: ImageRows | undefined;
  readonly groups?: RowGroups | undefined;
}

/** Judges a model on rows, in words and figures, and returns the contents for a report. */
export function judge(
  model: Model,
  { rows, truth, images, groups, outputs = model.predictProbabilities(rows) }: JudgedRows,
  given: Circumstances,
): Judgement & { readonly contents: Partial<ReportContents> } {
  const circumstances = { ...given, groups };
  if ('numbers' in truth) {
    const { numbers, names, unknown } = truth;
    if (model.pipeline.task !== 'multilabel')
      return { ...judgeOutputs(names, numbers, outputs, circumstances), contents: {} };
    const { labels, ...judged } = judgeLabels(names, numbers, outputs, unknown, circumstances);
    return { ...judged, contents: { labels } };
  }
  const classes = model.classes as readonly Label[];
  return judgeByClass(model, truth.labels, outputs, classes, images, circumstances);
}

function judgeByClass(
  model: Model,
  labels: readonly Label[],
  probabilities: Matrix,
  classes: readonly Label[],
  images: ImageRows | undefined,
  circumstances: Circumstances,
): Judgement & { readonly contents: Partial<ReportContents> } {
  const predicted = Array.from(probabilities.argmax(), (index) => classes[index] as Label);
  const wrong = images && misread(images, labels, predicted);
  const kinds = new Set([...classes, ...labels]).size;
  return {
    ...judgeClasses(labels, predicted, classes, {
      ...circumstances,
      balanced: model.pipeline.fit?.classWeight === 'balanced',
    }),
    contents: {
      ...(kinds <= MOST_PAIRS && { confusion: confusionMatrix(labels, predicted, classes) }),
      calibration: calibration(labels, probabilities, classes),
      ...(wrong && { images: wrong }),
    },
  };
}
