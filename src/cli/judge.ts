import type { Label, Matrix } from '../data/index.js';
import { calibration, confusionMatrix, type FittedPipeline } from '../evaluate/index.js';
import type { Misread, ReportContents } from '../report/index.js';
import { isClassifier, type Judgement, judgeClasses, judgeNumbers } from './words.js';

/** What a model does on rows, held out or not: in words, and for a report. */
export function judge(
  model: FittedPipeline,
  x: Matrix,
  labels: readonly Label[],
  held: boolean,
): Judgement & { readonly contents: Partial<ReportContents> } {
  const predicted = model.predict(x);
  if (!isClassifier(model)) {
    return { ...judgeNumbers(labels as readonly number[], predicted as readonly number[], held), contents: {} };
  }
  const confusion = confusionMatrix(labels, predicted, model.classes);
  const images = misread(x, labels, predicted);
  return {
    ...judgeClasses(confusion, held),
    contents: {
      confusion,
      calibration: calibration(labels, model.predictProbabilities(x), model.classes),
      ...(images && { images }),
    },
  };
}

/** Rows are taken for square images where they are as many whole grey values, from 8×8 on. */
function misread(
  x: Matrix,
  labels: readonly Label[],
  predicted: readonly Label[],
): ReportContents['images'] | undefined {
  const side = Math.sqrt(x.columns);
  if (!Number.isInteger(side) || side < 8) return undefined;
  const whole = x.data.every((value) => Number.isInteger(value) && value >= 0 && value < 256);
  if (!whole) return undefined;
  const brightest = Array.from(x.data).reduce((most, value) => Math.max(most, value), 1);
  const wrong = Array.from(labels.keys()).filter((row) => labels[row] !== predicted[row]);
  const image = (row: number): Misread => ({
    pixels: Array.from(x.row(row), (value) => Math.round((value * 255) / brightest)),
    actual: String(labels[row]),
    predicted: String(predicted[row]),
  });
  return { width: side, height: side, misread: wrong.map(image) };
}
