// Operators on rows and columns: softmax, normalizations, reductions, and the scalers of ai.onnx.ml.
import { FLOAT, INT64, type Tensor } from '../graph.js';
import { computed, countOf, numbersOf, reshaped, shapeWords } from '../tensor.js';
import { type Call, contradiction, type Operator, operator, trains, unsupported } from './call.js';

/** The axis that softmax is over, and how many numbers belong together from there on: before opset 13 all dimensions from the axis on, then the axis alone. */
export function softmaxGroup(call: Call): { axis: number; isTail: boolean } {
  const isTail = call.opset < 13;
  return { axis: call.axis(call.number('axis', isTail ? 1 : -1), call.input(0).dims.length), isTail };
}

/** Softmax along the last dimension. */
export const softmaxRows = (x: Tensor): Tensor => alongGroups(x, x.dims.at(-1) ?? 1, 1, (row) => softmaxOf(row, false));

function softmaxOf(group: readonly number[], isLog: boolean): readonly number[] {
  const top = group.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const sum = group.reduce((all, value) => all + Math.exp(value - top), 0);
  return group.map((value) => (isLog ? value - top - Math.log(sum) : Math.exp(value - top) / sum));
}

function softmax(call: Call, isLog: boolean): Tensor {
  const x = call.input(0);
  const { axis, isTail } = softmaxGroup(call);
  const inner = isTail ? 1 : countOf(x.dims.slice(axis + 1));
  const length = isTail ? countOf(x.dims.slice(axis)) : (x.dims[axis] as number);
  return alongGroups(x, length, inner, (group) => softmaxOf(group, isLog));
}

/** Changes groups of `length` numbers that lie `inner` apart. */
function alongGroups(
  x: Tensor,
  length: number,
  inner: number,
  change: (group: readonly number[]) => readonly number[],
): Tensor {
  const numbers = numbersOf(x);
  const out = new Float64Array(numbers.length);
  for (let group = 0; group < numbers.length / Math.max(1, length); group++) {
    const start = Math.floor(group / inner) * inner * length + (group % inner);
    const values = change(Array.from({ length }, (_, i) => numbers[start + i * inner] as number));
    for (const [i, value] of values.entries()) out[start + i * inner] = value;
  }
  return computed(x.type, x.dims, (i) => out[i] as number);
}

/** By the columns of the second dimension, in inference. */
function batchNormalization(call: Call): Tensor {
  // More outputs than one are those of training: before opset 14 they alone tell.
  const isTraining = call.number('training_mode', 0) !== 0 || call.node.outputs.filter(Boolean).length > 1;
  if (isTraining) throw trains(call.node);
  if (call.number('spatial', 1) !== 1) throw unsupported(call.node, 'spatial');
  const x = call.input(0);
  const epsilon = call.number('epsilon', 1e-5);
  const parts = [1, 2, 3, 4].map((i) => numbersOf(call.input(i)));
  const [scale, bias, mean, variance] = parts as [Float64Array, Float64Array, Float64Array, Float64Array];
  const columns = x.dims[1] ?? 1;
  const found = parts.find(({ length }) => length !== columns);
  if (found) throw contradiction(call.node, `${found.length} numbers for ${columns} columns`);
  const inner = countOf(x.dims.slice(2));
  const numbers = numbersOf(x);
  return computed(x.type, x.dims, (i) => {
    const c = Math.floor(i / inner) % columns;
    return (
      (((numbers[i] as number) - (mean[c] as number)) / Math.sqrt((variance[c] as number) + epsilon)) *
        (scale[c] as number) +
      (bias[c] as number)
    );
  });
}

/** Over all dimensions from the axis on. */
function layerNormalization(call: Call): Tensor {
  const x = call.input(0);
  if (call.opset < 17) throw unsupported(call.node, `version (opset) ${call.opset}`);
  if (call.number('stash_type', FLOAT) !== FLOAT) throw unsupported(call.node, 'stash_type');
  const axis = call.axis(call.number('axis', -1), x.dims.length);
  if (axis === 0 && x.dims.length > 1) throw unsupported(call.node, `axis ${call.number('axis', -1)}`);
  const length = countOf(x.dims.slice(axis));
  const epsilon = call.number('epsilon', 1e-5);
  const [scale, shift] = [numbersOf(call.input(1)), call.inputs[2] && numbersOf(call.inputs[2])];
  if (scale.length !== length) throw contradiction(call.node, `a scale of ${scale.length} for ${length} numbers`);
  return alongGroups(x, length, 1, (row) => {
    const mean = row.reduce((a, b) => a + b, 0) / length;
    const variance = row.reduce((a, b) => a + (b - mean) ** 2, 0) / length;
    return row.map(
      (value, i) => ((value - mean) / Math.sqrt(variance + epsilon)) * (scale[i] as number) + (shift?.[i] ?? 0),
    );
  });
}

/** Sums and means over axes, which are an attribute in older versions and an input in newer ones. */
const reduce =
  (finish: (sum: number, count: number) => number) =>
  (call: Call): Tensor => {
    const x = call.input(0);
    const rank = x.dims.length;
    const given = call.numbers('axes', 1);
    if (!given?.length && call.number('noop_with_empty_axes', 0) === 1) return x;
    const axes = given?.length ? given.map((axis) => call.axis(axis, rank)) : [...x.dims.keys()];
    const kept = x.dims.map((n, i) => (axes.includes(i) ? 1 : n));
    const numbers = numbersOf(x);
    const sums = new Float64Array(countOf(kept));
    const strides = kept.map((n, i) => (n === 1 ? 0 : countOf(kept.slice(i + 1))));
    for (let i = 0; i < numbers.length; i++) {
      let [rest, at] = [i, 0];
      for (let axis = rank - 1; axis >= 0; axis--) {
        const n = x.dims[axis] as number;
        at += (rest % n) * (strides[axis] as number);
        rest = Math.floor(rest / n);
      }
      sums[at] = (sums[at] as number) + (numbers[i] as number);
    }
    const count = numbers.length / Math.max(1, sums.length);
    const out = computed(x.type, kept, (i) => finish(sums[i] as number, count));
    if (call.number('keepdims', 1) !== 0) return out;
    return reshaped(
      out,
      x.dims.filter((_, i) => !axes.includes(i)),
    );
  };

function argMax(call: Call): Tensor {
  const x = call.input(0);
  const axis = call.axis(call.number('axis', 0), x.dims.length);
  const isLast = call.number('select_last_index', 0) !== 0;
  const [length, inner] = [x.dims[axis] ?? 1, countOf(x.dims.slice(axis + 1))];
  const numbers = numbersOf(x);
  const kept = x.dims.map((n, i) => (i === axis ? 1 : n));
  const out = computed(INT64, kept, (group) => {
    const start = Math.floor(group / inner) * inner * length + (group % inner);
    let best = 0;
    for (let i = 1; i < length; i++) {
      const [value, most] = [numbers[start + i * inner] as number, numbers[start + best * inner] as number];
      if (value > most || (isLast && value === most)) best = i;
    }
    return best;
  });
  return call.number('keepdims', 1) !== 0
    ? out
    : reshaped(
        out,
        x.dims.filter((_, i) => i !== axis),
      );
}

/** (x − offset) · scale, by column or by one number. */
function scaler(call: Call): Tensor {
  const x = call.input(0);
  const columns = x.dims.at(-1) ?? 1;
  const [offset, scale] = [call.list('offset') ?? [0], call.list('scale') ?? [1]];
  for (const { length } of [offset, scale])
    if (length !== 1 && length !== columns) throw contradiction(call.node, `${length} numbers for ${columns} columns`);
  const numbers = numbersOf(x);
  const of = (list: readonly number[], i: number): number => list[list.length === 1 ? 0 : i % columns] as number;
  return computed(FLOAT, x.dims, (i) => ((numbers[i] as number) - of(offset, i)) * of(scale, i));
}

const norms: Readonly<Record<string, (row: readonly number[]) => number>> = {
  MAX: (row) => row.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY),
  L1: (row) => row.reduce((sum, value) => sum + Math.abs(value), 0),
  L2: (row) => Math.sqrt(row.reduce((sum, value) => sum + value * value, 0)),
};

function normalizer(call: Call): Tensor {
  const x = call.input(0);
  const norm = norms[call.text('norm', 'MAX')];
  if (!norm || x.dims.length > 2)
    throw unsupported(call.node, `norm ${call.text('norm', 'MAX')} of ${shapeWords(x.dims)}`);
  return alongGroups(x, x.dims.at(-1) ?? 1, 1, (row) => {
    const size = norm(row);
    return row.map((value) => (size === 0 ? value : value / size));
  });
}

/** The columns of these numbers. */
function arrayFeatures(call: Call): Tensor {
  const [x, places] = [call.input(0), Array.from(numbersOf(call.input(1)))];
  const columns = x.dims.at(-1) ?? 1;
  if (places.some((place) => !(Number.isInteger(place) && place >= 0 && place < columns)))
    throw contradiction(call.node, `there are ${columns} columns, and others are taken`);
  const numbers = numbersOf(x);
  const dims = x.dims.length < 2 ? [1, places.length] : [...x.dims.slice(0, -1), places.length];
  return computed(
    x.type,
    dims,
    (i) => numbers[Math.floor(i / places.length) * columns + (places[i % places.length] as number)] as number,
  );
}

const AXES = ['axes', 'keepdims', 'noop_with_empty_axes'];

export const rows: Readonly<Record<string, Operator>> = {
  Softmax: operator(1, ['axis'], (call) => softmax(call, false)),
  LogSoftmax: operator(1, ['axis'], (call) => softmax(call, true)),
  BatchNormalization: operator(5, ['epsilon', 'momentum', 'training_mode', 'spatial'], batchNormalization),
  LayerNormalization: operator(3, ['axis', 'epsilon', 'stash_type'], layerNormalization),
  ReduceMean: operator(
    2,
    AXES,
    reduce((sum, count) => sum / count),
  ),
  ReduceSum: operator(
    2,
    AXES,
    reduce((sum) => sum),
  ),
  ArgMax: operator(1, ['axis', 'keepdims', 'select_last_index'], argMax),
  'ai.onnx.ml.Scaler': operator(1, ['offset', 'scale'], scaler),
  'ai.onnx.ml.ArrayFeatureExtractor': operator(2, [], arrayFeatures),
  'ai.onnx.ml.Normalizer': operator(1, ['norm'], normalizer),
};
