import { SimdenseError } from '../base/errors.js';
import { largest } from '../base/extremes.js';
import type { Label, Matrix } from '../data/index.js';
import { calibration, confusionMatrix, type FittedPipeline } from '../evaluate/index.js';
import type { Misread, ReportContents } from '../report/index.js';
import { type Circumstances, isClassifier, type Judgement, judgeClasses, judgeNumbers } from './verdict.js';

/** The most classes for which a confusion matrix is made, since its size is their square. */
const MOST_PAIRS = 1000;

/** Judges a model on rows, in words and figures, and returns the contents for a report. */
export function judge(
  model: FittedPipeline,
  x: Matrix,
  labels: readonly Label[],
  circumstances: Circumstances,
): Judgement & { readonly contents: Partial<ReportContents> } {
  if (!isClassifier(model)) {
    const { outputs } = model.model;
    if (outputs > 1) {
      const message = `the model predicts ${outputs} numbers for each row, and is judged on one column only; use simdense in a program to judge it`;
      throw new SimdenseError('UNSUPPORTED', message);
    }
    const predicted = model.predict(x) as readonly number[];
    return { ...judgeNumbers(labels as readonly number[], predicted, circumstances), contents: {} };
  }
  const predicted = model.predict(x);
  const images = misread(x, labels, predicted);
  const kinds = new Set([...model.classes, ...labels]).size;
  return {
    ...judgeClasses(labels, predicted, model.classes, {
      ...circumstances,
      balanced: model.pipeline.fit?.classWeight === 'balanced',
    }),
    contents: {
      ...(kinds <= MOST_PAIRS && { confusion: confusionMatrix(labels, predicted, model.classes) }),
      calibration: calibration(labels, model.predictProbabilities(x), model.classes),
      ...(images && { images }),
    },
  };
}

/** The misclassified rows as images; undefined unless each row is a square of grey values (whole numbers from 0 to 255), at least 8×8. */
function misread(
  x: Matrix,
  labels: readonly Label[],
  predicted: readonly Label[],
): ReportContents['images'] | undefined {
  const side = Math.sqrt(x.columns);
  if (!Number.isInteger(side) || side < 8) return undefined;
  const whole = x.data.every((value) => Number.isInteger(value) && value >= 0 && value < 256);
  if (!whole) return undefined;
  const brightest = largest(x.data, 1);
  const wrong = Array.from(labels.keys()).filter((row) => labels[row] !== predicted[row]);
  const image = (row: number): Misread => ({
    pixels: Uint8Array.from(x.row(row), (value) => Math.round((value * 255) / brightest)),
    actual: String(labels[row]),
    predicted: String(predicted[row]),
  });
  return { width: side, height: side, misread: wrong.map(image) };
}
