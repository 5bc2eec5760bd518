import { noMore, optionalSignal, options } from '../base/checks.js';
import { inTurnsUntil } from '../base/pause.js';
import { readingDataset, type TrainingRows } from './dataset.js';
import type { Ensemble } from './ensemble.js';
import { type FitPipelineOptions, fitDataset } from './fit-dataset.js';
import type { FittedPipeline } from './fitted-pipeline.js';
import { besides, checkPipeline, type Pipeline, refuseParts, wantedOf } from './pipeline.js';
import { fitTabular, type TabularOptions } from './tabular.js';
import type { Labels } from './task.js';

/**
 * Fits scalers and a network on rows and labels.
 *
 * The task, the output layer, the loss and the encoding of the labels follow from the labels if they are not in the pipeline: one sigmoid
 * output for two classes, softmax for more, linear outputs for a regression.
 *
 * `'tabular'` instead of a pipeline is chosen by us for a Table: five networks, each trained on four fifths of the rows and judged by
 * the fifth, which predict together; three of more than 5,000 rows. See TabularOptions.
 *
 * @param p The pipeline: layers, scalers, optimizer and training options as plain data; or 'tabular'.
 * @param x Rows: a Matrix or an array of rows; or a Table of simdense/table, whose columns are encoded.
 * @param y For each row a label (a string or a number), a one-hot row, or for a regression a number or a row of numbers. With a Table the
 * name of the column to predict, or the names of several.
 * @param o Options; see FitPipelineOptions.
 * @returns The fitted pipeline; of 'tabular' an Ensemble. Dispose it when it is no longer needed.
 * @throws SimdenseError 'ARGUMENT' for an option or a part of the pipeline that is unknown, out of range or does not suit the task.
 * @throws SimdenseError 'SHAPE' if x, y and sampleWeight do not have the same number of rows.
 * @throws SimdenseError 'DATA' for numbers that are not finite or too coarse in float32, for labels of one class only, and for targets that are the same in every row.
 * @throws SimdenseError 'DIVERGED' if the loss becomes infinite or NaN. It also rejects with the signal's reason.
 * @example
 * import { dense } from 'simdense';
 *
 * const x = Array.from({ length: 40 }, (_, i) => [i]);
 * const y = x.map(([i]) => (i < 20 ? 'low' : 'high'));
 * const pipeline = { layers: [dense({ units: 4, activation: 'tanh' })], fit: { epochs: 200 } };
 * const fitted = await fitPipeline(pipeline, x, y, { seed: 1 });
 * fitted.classes; // ['high', 'low']
 * fitted.predict([[3], [37]]); // ['low', 'high']
 * fitted.dispose();
 */
export async function fitPipeline(
  p: 'tabular',
  x: TrainingRows,
  y: Labels | string,
  o?: TabularOptions,
): Promise<Ensemble>;
export async function fitPipeline(
  p: Pipeline,
  x: TrainingRows,
  y: Labels | string,
  o?: FitPipelineOptions,
): Promise<FittedPipeline>;
export async function fitPipeline(
  p: Pipeline | 'tabular',
  x: TrainingRows,
  y: Labels | string,
  o?: FitPipelineOptions | TabularOptions,
): Promise<FittedPipeline | Ensemble> {
  noMore('fitPipeline', arguments, 4);
  if (p === 'tabular') return fitTabular(x, y, o as TabularOptions | undefined);
  refuseParts('fitPipeline', o);
  const given = options('fitPipeline', o as FitPipelineOptions | undefined, besides);
  optionalSignal('fitPipeline(signal)', given.signal);
  const pipeline = checkPipeline('fitPipeline', p);
  const reading = readingDataset('fitPipeline', x, y, wantedOf(pipeline), given);
  return fitDataset('fitPipeline', pipeline, await inTurnsUntil(reading, given.signal), given);
}
