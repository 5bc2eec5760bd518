import { Matrix } from '../data/matrix.js';
import { fittingScaler } from '../data/scalers/index.js';
import { encoderOf } from '../table/encoders/encoder.js';
import { fittingEncoder } from '../table/encoders/fitting.js';
import { type Inputs, isTable } from './inputs.js';
import type { SettledPipeline } from './pipeline.js';
import type { Encoding } from './row-encoder.js';
import { noScaler } from './target-scale.js';

/** Fits the scaler of numbers, or the encoder of a table, on a data set's rows, for a caller. In slices; the event loop may turn between them. */
export function* fittingRows(
  x: Inputs,
  { scale, encode }: Pick<SettledPipeline, 'scale' | 'encode'>,
  where: string,
): Generator<undefined, Encoding> {
  if (isTable(x)) return { scaler: noScaler, encoder: encoderOf(yield* fittingEncoder(x, undefined, encode, where)) };
  return { scaler: yield* fittingScaler(scale ?? 'standard', new Matrix(x.data, x.columns)) };
}
