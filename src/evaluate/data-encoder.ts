// The rows of a data set as the network takes them. Apart from row-encoder.ts, since what only predicts has no data sets.
import { SimdenseError } from '../base/errors.js';
import { Matrix } from '../data/matrix.js';
import { type Inputs, isTable } from './inputs.js';
import { type Encoding, type RowEncoder, rowEncoderOf } from './row-encoder.js';
import { scaling } from './scaling.js';

/** Turns rows of callers and of data sets into those that the network takes. */
export interface DataEncoder extends RowEncoder {
  /** Rows of a data set. In slices; the event loop may turn between them. */
  encoding(x: Inputs): Generator<undefined, Matrix>;
}

export function dataEncoderOf(parts: Encoding): DataEncoder {
  const { scaler, encoder } = parts;
  return {
    ...rowEncoderOf(parts),
    encoding(x) {
      if (encoder) {
        if (isTable(x)) return encoder.encoding(x);
        throw new SimdenseError('DATA', 'the pipeline was fitted on a table, not on numbers');
      }
      if (!isTable(x)) return scaling(scaler, new Matrix(x.data, x.columns));
      throw new SimdenseError('DATA', 'the pipeline was fitted on numbers, not on a table');
    },
  };
}
