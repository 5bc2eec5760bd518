// Operators that move elements, and do not change them.
import { BOOL, FLOAT, INT64, type Tensor } from '../graph.js';
import { cast, computed, countOf, isNarrow, numbersOf, reshaped, shapeWords, tensorOf } from '../tensor.js';
import { type Call, contradiction, type Operator, operator, trains, unsupported } from './call.js';

function reshape(call: Call): Tensor {
  const x = call.input(0);
  const wanted = Array.from(numbersOf(call.input(1)));
  const keepsZero = call.number('allowzero', 0) === 1;
  const dims = wanted.map((n, i) => (n === 0 && !keepsZero ? (x.dims[i] ?? 0) : n));
  const open = dims.indexOf(-1);
  if (open >= 0) dims[open] = countOf(x.dims) / countOf(dims.filter((_, i) => i !== open));
  if (!dims.every((n) => Number.isInteger(n) && n >= 0) || countOf(dims) !== countOf(x.dims))
    throw contradiction(call.node, `${shapeWords(x.dims)} cannot become ${shapeWords(wanted)}`);
  return reshaped(x, dims);
}

function flatten(call: Call): Tensor {
  const x = call.input(0);
  const given = call.number('axis', 1);
  // The axis may be the rank: then all is one column.
  const axis = given === x.dims.length ? given : call.axis(given, x.dims.length);
  return reshaped(x, [countOf(x.dims.slice(0, axis)), countOf(x.dims.slice(axis))]);
}

function squeeze(call: Call): Tensor {
  const x = call.input(0);
  const axes = call.numbers('axes', 1)?.map((axis) => call.axis(axis, x.dims.length));
  if (axes?.some((axis) => x.dims[axis] !== 1))
    throw contradiction(call.node, `${shapeWords(x.dims)} has more than one number along an axis that is to go`);
  return reshaped(
    x,
    x.dims.filter((n, i) => (axes ? !axes.includes(i) : n !== 1)),
  );
}

function unsqueeze(call: Call): Tensor {
  const x = call.input(0);
  const given = call.numbers('axes', 1) ?? [];
  const rank = x.dims.length + given.length;
  const axes = given.map((axis) => call.axis(axis, rank));
  if (new Set(axes).size !== axes.length) throw contradiction(call.node, 'an axis is named twice');
  const rest = [...x.dims];
  return reshaped(
    x,
    Array.from({ length: rank }, (_, i) => (axes.includes(i) ? 1 : (rest.shift() as number))),
  );
}

function transpose(call: Call): Tensor {
  const x = call.input(0);
  const rank = x.dims.length;
  const order = call.list('perm') ?? Array.from(x.dims.keys()).reverse();
  if (order.length !== rank || new Set(order.map((axis) => call.axis(axis, rank))).size !== rank)
    throw contradiction(call.node, 'perm is not an order of the axes');
  const strides = x.dims.map((_, i) => countOf(x.dims.slice(i + 1)));
  const dims = order.map((axis) => x.dims[axis] as number);
  return picked(
    x,
    dims,
    order.map((axis) => strides[axis] as number),
  );
}

/** The elements of x at the places that strides give. */
function picked(x: Tensor, dims: readonly number[], strides: readonly number[], offset = 0): Tensor {
  const numbers = numbersOf(x);
  return computed(x.type, dims, (i) => {
    let [rest, at] = [i, offset];
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      const n = dims[axis] as number;
      at += (rest % n) * (strides[axis] as number);
      rest = Math.floor(rest / n);
    }
    return numbers[at] as number;
  });
}

function concat(call: Call): Tensor {
  const parts = call.inputs.map((_, i) => call.input(i));
  const [first] = parts;
  if (!first || !call.has('axis')) throw contradiction(call.node, 'it has no inputs, or no axis');
  const axis = call.axis(call.number('axis', 0), first.dims.length);
  for (const { dims } of parts)
    if (dims.length !== first.dims.length || dims.some((n, i) => i !== axis && n !== first.dims[i]))
      throw contradiction(call.node, `${shapeWords(first.dims)} and ${shapeWords(dims)} cannot be joined`);
  const sizes = parts.map(({ dims }) => countOf(dims.slice(axis)));
  const size = sizes.reduce((sum, n) => sum + n, 0);
  const length = parts.reduce((sum, { dims }) => sum + (dims[axis] as number), 0);
  const starts = sizes.map((_, i) => sizes.slice(0, i).reduce((sum, n) => sum + n, 0));
  const dims = first.dims.map((n, i) => (i === axis ? length : n));
  return computed(first.type, dims, (i) => {
    const within = i % size;
    let part = starts.length - 1;
    while ((starts[part] as number) > within || sizes[part] === 0) part--;
    const own = sizes[part] as number;
    return numbersOf(parts[part] as Tensor)[Math.floor(i / size) * own + within - (starts[part] as number)] as number;
  });
}

/** Before opset 10 the bounds are attributes, then inputs. */
function slice(call: Call): Tensor {
  const x = call.input(0);
  if (call.opset < 10 ? call.inputs.length > 1 : call.has('starts') || call.has('ends'))
    throw unsupported(call.node, `bounds of another version than opset ${call.opset}`);
  const starts = call.numbers('starts', 1) ?? [];
  const ends = call.numbers('ends', 2) ?? [];
  const axes = (call.numbers('axes', 3) ?? starts.map((_, i) => i)).map((axis) => call.axis(axis, x.dims.length));
  const steps = call.inputs[4] ? Array.from(numbersOf(call.input(4))) : starts.map(() => 1);
  const dims = [...x.dims];
  const strides = x.dims.map((_, i) => countOf(x.dims.slice(i + 1)));
  let offset = 0;
  for (const [i, axis] of axes.entries()) {
    const n = x.dims[axis] as number;
    const step = steps[i] as number;
    if (!Number.isInteger(step) || step < 1) throw unsupported(call.node, `a step of ${step}`);
    const bound = (value: number): number => Math.min(Math.max(value < 0 ? value + n : value, 0), n);
    const [from, to] = [bound(starts[i] as number), bound(ends[i] as number)];
    dims[axis] = Math.max(0, Math.ceil((to - from) / step));
    offset += from * (strides[axis] as number);
    strides[axis] = (strides[axis] as number) * step;
  }
  return picked(x, dims, strides, offset);
}

function gather(call: Call): Tensor {
  const [x, indices] = [call.input(0), call.input(1)];
  const axis = call.axis(call.number('axis', 0), x.dims.length);
  const n = x.dims[axis] as number;
  const [inner, many] = [countOf(x.dims.slice(axis + 1)), countOf(indices.dims)];
  const numbers = numbersOf(x);
  const places = Array.from(numbersOf(indices), (i) => (i < 0 ? i + n : i));
  if (places.some((i) => !(Number.isInteger(i) && i >= 0 && i < n)))
    throw contradiction(call.node, `an index is beyond ${n}`);
  const dims = [...x.dims.slice(0, axis), ...indices.dims, ...x.dims.slice(axis + 1)];
  return computed(x.type, dims, (i) => {
    const outer = Math.floor(i / (inner * many));
    const place = places[Math.floor(i / inner) % many] as number;
    return numbers[(outer * n + place) * inner + (i % inner)] as number;
  });
}

function constantOfShape(call: Call): Tensor {
  const { value } = call.node.attributes;
  const filled = value && typeof value === 'object' && 'dims' in value ? value : undefined;
  const number = filled ? (numbersOf(filled)[0] as number) : 0;
  return computed(filled?.type ?? FLOAT, Array.from(numbersOf(call.input(0))), () => number);
}

function castTo(call: Call): Tensor {
  const to = call.number('to', 0);
  const x = call.input(0);
  const made = isNarrow(to) ? undefined : cast(x, to);
  if (!made) throw unsupported(call.node, call.has('to') ? `type ${to}` : 'type undefined');
  return made;
}

/** A constant in all forms that it may have. */
function constant({ node }: Call): Tensor {
  const [entry, ...more] = Object.entries(node.attributes);
  if (!entry || more.length > 0) throw unsupported(node, entry ? 'several values' : 'no value');
  const [key, value] = entry;
  if (key === 'value' && typeof value === 'object' && 'dims' in value) return value;
  const several = Array.isArray(value);
  const list = (several ? value : [value]) as readonly number[] | readonly string[];
  const types: Readonly<Record<string, number>> = { float: FLOAT, int: INT64, string: 8 };
  const type = types[/^value_(float|int|string)s?$/.exec(key)?.[1] ?? ''];
  if (type === undefined) throw unsupported(node, `the attribute ${key}`);
  return tensorOf(node.outputs[0] ?? '', type, several ? [list.length] : [], list);
}

const same = (call: Call): Tensor => call.input(0);

/** Dropout that does not train. */
function dropout(call: Call): Tensor {
  const training = call.inputs[2];
  if (training && numbersOf(training)[0] !== 0) throw trains(call.node);
  return call.input(0);
}

export const shapes: Readonly<Record<string, Operator>> = {
  Identity: operator(1, [], same),
  Dropout: operator(3, ['ratio', 'seed'], dropout),
  Cast: operator(1, ['to', 'saturate'], castTo),
  Constant: operator(
    0,
    ['value', 'value_float', 'value_floats', 'value_int', 'value_ints', 'value_string', 'value_strings'],
    constant,
  ),
  ConstantOfShape: operator(1, ['value'], constantOfShape),
  Shape: operator(1, [], (call) => {
    const { dims } = call.input(0);
    return computed(INT64, [dims.length], (i) => dims[i] as number);
  }),
  Reshape: operator(2, ['allowzero'], reshape),
  Flatten: operator(1, ['axis'], flatten),
  Squeeze: operator(2, ['axes'], squeeze),
  Unsqueeze: operator(2, ['axes'], unsqueeze),
  Transpose: operator(1, ['perm'], transpose),
  Concat: operator(Number.POSITIVE_INFINITY, ['axis'], concat),
  Slice: operator(5, ['starts', 'ends', 'axes'], slice),
  Gather: operator(2, ['axis'], gather),
  Not: operator(1, [], (call) => {
    const x = call.input(0);
    const numbers = numbersOf(x);
    return computed(BOOL, x.dims, (i) => (numbers[i] === 0 ? 1 : 0));
  }),
};
