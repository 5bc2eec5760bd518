// Matrix products, and the linear models of ai.onnx.ml.
import { FLOAT, type Tensor } from '../graph.js';
import { computed, numbersOf, reshaped, shapeWords, tensorOf } from '../tensor.js';
import { type Call, contradiction, type Operator, operator, unsupported } from './call.js';
import { broadcastDims, placesOf } from './elementwise.js';
import { softmaxRows } from './rows.js';

/** The product of matrices, given by what is in row i and column j. */
function product(
  call: Call,
  [rows, inner, columns]: readonly [number, number, number],
  a: (row: number, k: number) => number,
  b: (k: number, column: number) => number,
  type: number,
): Tensor {
  if (rows * inner * columns > 2 ** 31) throw unsupported(call.node, 'so many numbers');
  return computed(type, [rows, columns], (i) => {
    const [row, column] = [Math.floor(i / columns), i % columns];
    let sum = 0;
    for (let k = 0; k < inner; k++) sum += a(row, k) * b(k, column);
    return sum;
  });
}

/** x of any dimensions times a matrix: by its last dimension. */
function matMul(call: Call): Tensor {
  const [a, b] = [call.input(0), call.input(1)];
  if (a.dims.length < 2 || b.dims.length !== 2)
    throw unsupported(call.node, `shapes ${shapeWords(a.dims)} and ${shapeWords(b.dims)}`);
  const inner = a.dims.at(-1) as number;
  const [depth, columns] = b.dims as [number, number];
  if (inner !== depth) throw contradiction(call.node, `${inner} columns meet ${depth} rows`);
  const [x, y] = [numbersOf(a), numbersOf(b)];
  const rows = x.length / Math.max(1, inner);
  const made = product(
    call,
    [rows, inner, columns],
    (row, k) => x[row * inner + k] as number,
    (k, column) => y[k * columns + column] as number,
    a.type,
  );
  return reshaped(made, [...a.dims.slice(0, -1), columns]);
}

function gemm(call: Call): Tensor {
  const [a, b, c] = [call.input(0), call.input(1), call.inputs[2]];
  if (a.dims.length !== 2 || b.dims.length !== 2)
    throw contradiction(call.node, `shapes ${shapeWords(a.dims)} and ${shapeWords(b.dims)} are no matrices`);
  const [transA, transB] = [call.number('transA', 0) !== 0, call.number('transB', 0) !== 0];
  const [alpha, beta] = [call.number('alpha', 1), call.number('beta', 1)];
  const [x, y] = [numbersOf(a), numbersOf(b)];
  const [aRows, aColumns] = a.dims as [number, number];
  const [bRows, bColumns] = b.dims as [number, number];
  const [rows, inner] = transA ? [aColumns, aRows] : [aRows, aColumns];
  const [depth, columns] = transB ? [bColumns, bRows] : [bRows, bColumns];
  if (inner !== depth) throw contradiction(call.node, `${inner} columns meet ${depth} rows`);
  const made = product(
    call,
    [rows, inner, columns],
    (row, k) => x[transA ? k * aColumns + row : row * aColumns + k] as number,
    (k, column) => y[transB ? column * bColumns + k : k * bColumns + column] as number,
    a.type,
  );
  if (!c) return computed(a.type, made.dims, (i) => alpha * (numbersOf(made)[i] as number));
  if (broadcastDims(call, made.dims, c.dims).some((n, i) => n !== made.dims[i]))
    throw contradiction(call.node, `a term of ${shapeWords(c.dims)} for ${shapeWords(made.dims)}`);
  const [sums, terms, place] = [numbersOf(made), numbersOf(c), placesOf(c.dims, made.dims)];
  return computed(a.type, made.dims, (i) => alpha * (sums[i] as number) + beta * (terms[place(i)] as number));
}

/** The scores of LinearRegressor and LinearClassifier: x · coefficientsᵀ + intercepts. */
export function linearScores(call: Call, scores: number): { kernel: Tensor; bias: Float32Array } {
  const coefficients = call.list('coefficients') ?? [];
  const intercepts = call.list('intercepts');
  const columns = coefficients.length / scores;
  if (!Number.isInteger(columns) || columns === 0 || (intercepts && intercepts.length !== scores))
    throw contradiction(call.node, `${coefficients.length} coefficients for ${scores} scores`);
  const values = Float32Array.from(
    { length: coefficients.length },
    (_, i) => coefficients[(i % scores) * columns + Math.floor(i / scores)] as number,
  );
  return {
    kernel: tensorOf('', FLOAT, [columns, scores], Array.from(values)),
    bias: Float32Array.from({ length: scores }, (_, i) => intercepts?.[i] ?? 0),
  };
}

/** How many scores a linear model has. */
export function scoresOf(call: Call): number {
  if (call.node.op.endsWith('LinearRegressor')) return call.number('targets', 1);
  const { classlabels_ints: ints, classlabels_strings: strings } = call.node.attributes;
  const labels = [ints, strings].find((list) => Array.isArray(list) && list.length > 0) as
    | readonly unknown[]
    | undefined;
  const scores = call.list('intercepts')?.length ?? labels?.length ?? 1;
  if (labels && labels.length !== scores) throw unsupported(call.node, `${labels.length} labels and ${scores} scores`);
  return scores;
}

/** The probabilities or numbers of a linear model, before what follows them. */
function linear(call: Call): Tensor {
  const x = call.input(0);
  if (x.dims.length !== 2) throw unsupported(call.node, `an input of ${x.dims.length} dimensions`);
  const { kernel, bias } = linearScores(call, scoresOf(call));
  const [numbers, weights] = [numbersOf(x), numbersOf(kernel)];
  const [rows, inner] = x.dims as [number, number];
  const [depth, columns] = kernel.dims as [number, number];
  if (inner !== depth) throw contradiction(call.node, `${inner} columns meet ${depth} rows`);
  const made = product(
    call,
    [rows, inner, columns],
    (row, k) => numbers[row * inner + k] as number,
    (k, column) => weights[k * columns + column] as number,
    FLOAT,
  );
  const sums = numbersOf(made);
  const scores = computed(FLOAT, made.dims, (i) => (sums[i] as number) + (bias[i % columns] as number));
  const transform = call.text('post_transform', 'NONE');
  if (transform === 'NONE') return scores;
  if (transform === 'SOFTMAX') return softmaxRows(scores);
  if (transform !== 'LOGISTIC') throw unsupported(call.node, `post_transform ${transform}`);
  const values = numbersOf(scores);
  return computed(FLOAT, scores.dims, (i) => 1 / (1 + Math.exp(-(values[i] as number))));
}

const LINEAR = ['coefficients', 'intercepts', 'post_transform'];

export const products: Readonly<Record<string, Operator>> = {
  MatMul: operator(2, [], matMul),
  Gemm: operator(3, ['alpha', 'beta', 'transA', 'transB'], gemm),
  'ai.onnx.ml.LinearRegressor': operator(1, [...LINEAR, 'targets'], linear),
  // The first output is the labels.
  'ai.onnx.ml.LinearClassifier': {
    ...operator(1, [...LINEAR, 'classlabels_ints', 'classlabels_strings', 'multi_class'], linear),
    output: 1,
  },
};
