// The exact messages of predicting and evaluating for bad input.
import { dense, Matrix, sequential } from '../../src/index.js';
import { any, checkMessages, missing } from './check.js';

const small = () => sequential({ inputs: 2, layers: [dense({ units: 3, activation: 'softmax' })] });
const ready = () => small().compile({ loss: 'categoricalCrossentropy' });
const x = new Matrix([1, 2, 3, 4], 2);

checkMessages([
  [() => small().evaluate(x, [0, 1]), 'SimdenseError [STATE]: evaluate: call compile({ loss }) first'],
  [() => ready().evaluate(new Matrix([], 2), []), 'SimdenseError [DATA]: evaluate: x has no rows'],
  [
    () => ready().evaluate(x, [0, 1], { batchSize: 0 }),
    'SimdenseError [ARGUMENT]: evaluate(batchSize): expected a positive integer, got 0',
  ],
  [
    () => small().predict(new Matrix([1, 2, 3], 3)),
    'SimdenseError [SHAPE]: predict: x has 3 columns but the model takes 2',
  ],
  [() => small().predict([Number.NaN, 1]), `SimdenseError [DATA]: predict: x is NaN in row 0, column 0${missing}`],
  [() => small().predict([]), 'SimdenseError [DATA]: predict: x has no rows'],
  [
    () => small().predictInto(any([]), new Float32Array(2)),
    'SimdenseError [ARGUMENT]: predictInto(out): expected a Float32Array, got an array of 0',
  ],
  [
    () => small().predictInto(new Float32Array(3), new Float32Array(3)),
    'SimdenseError [SHAPE]: predictInto: x has 3 numbers, which do not fill rows of 2 columns',
  ],
  [
    () => small().predictInto(new Float32Array(3), new Float32Array(4)),
    'SimdenseError [SHAPE]: predictInto: out has 3 numbers, 2 rows need 6',
  ],
  [
    () => small().predictInto(new Float32Array(3), new Float32Array([0, Number.NaN])),
    `SimdenseError [DATA]: predictInto: x is NaN in row 0, column 1${missing}`,
  ],
]);
