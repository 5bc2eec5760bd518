// The modules of a PyTorch state dict in a safetensors file: what has the same name up to the last dot.
import { show } from '../../base/checks.js';
import { half } from '../../base/half.js';
import { floatsOf } from '../floats.js';
import { broken, unsupported } from '../refusals.js';
import { readPlaces } from './places.js';

const where = 'fromStateDict';

const parts = ['weight', 'bias', 'running_mean', 'running_var', 'num_batches_tracked'] as const;

interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export interface Module {
  /** Its name, such as 'fc1' or 'layers.0'; empty for a module that is the whole model. */
  readonly name: string;
  readonly parts: Partial<Record<(typeof parts)[number], Tensor>>;
}

/** Bytes of an element, by type. */
const sizes = { F32: 4, F64: 8, F16: 2, BF16: 2, I64: 8 };

/** Orders names with their numbers by value, the same everywhere. */
function natural(a: string, b: string): number {
  const [one, two] = [a, b].map((name) => name.split(/(\d+)/)) as [string[], string[]];
  for (let i = 0; i < Math.min(one.length, two.length); i++) {
    const [x, y] = [one[i] as string, two[i] as string];
    if (x === y) continue;
    const difference = i % 2 === 1 ? Number(x) - Number(y) : 0;
    return difference || (x < y ? -1 : 1);
  }
  return one.length - two.length;
}

/** The modules of a file, in the natural order of their names. */
export function modulesOf(bytes: Uint8Array): Module[] {
  const places = readPlaces(bytes, where, sizes);
  const modules = new Map<string, Record<string, Tensor>>();
  for (const { name, dtype, shape, from, to } of places) {
    const dot = name.lastIndexOf('.');
    const [of, part] = [name.slice(0, Math.max(0, dot)), name.slice(dot + 1)];
    if (!(parts as readonly string[]).includes(part))
      throw unsupported(
        where,
        `the tensor ${show(name)} of shape [${shape}] is of no Linear, BatchNorm1d, LayerNorm or PReLU`,
      );
    if ((part === 'num_batches_tracked') !== (dtype === 'I64'))
      throw broken(where, `the tensor ${show(name)} has numbers of type ${dtype}`);
    const found = modules.get(of) ?? Object.create(null);
    modules.set(of, found);
    found[part] = {
      shape,
      data: dtype === 'I64' ? new Float32Array(1) : numbers(dtype, bytes.subarray(from, to)),
    };
  }
  return Array.from(modules, ([name, parts]): Module => ({ name, parts })).sort((a, b) => natural(a.name, b.name));
}

function numbers(dtype: string, bytes: Uint8Array): Float32Array {
  if (dtype === 'F32') return floatsOf(bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const word = new DataView(new ArrayBuffer(4));
  const read: Readonly<Record<string, (i: number) => number>> = {
    F64: (i) => view.getFloat64(8 * i, true),
    F16: (i) => half(view.getUint16(2 * i, true)),
    BF16(i) {
      word.setUint32(0, view.getUint16(2 * i, true) << 16);
      return word.getFloat32(0);
    },
  };
  const element = read[dtype] as (i: number) => number;
  const data = new Float32Array(bytes.length / (sizes[dtype as keyof typeof sizes] as number));
  for (let i = 0; i < data.length; i++) data[i] = element(i);
  return data;
}
