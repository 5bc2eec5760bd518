// The numbers of a TensorFlow.js model: what its weights manifest lists, out of the bytes of its shards.
import { show } from '../base/checks.js';
import { half } from '../base/half.js';
import { floatsOf } from './floats.js';
import type { KerasLayer } from './keras/topology.js';
import type { Weight, WeightSource } from './keras/weights.js';
import { broken, listAt, recordAt, unsupported } from './refusals.js';

const where = 'fromTensorFlowJs';

/** Bytes of an element, by type. */
const sizes: Readonly<Record<string, number>> = { float32: 4, int32: 4, bool: 1, uint8: 1, uint16: 2, float16: 2 };

/** Reads the weights of a manifest by name. */
function readManifest(manifest: unknown, shards: Readonly<Record<string, Uint8Array>>): Map<string, Weight> {
  const found = new Map<string, Weight>();
  for (const value of listAt(where, 'the weightsManifest', manifest)) {
    const group = recordAt(where, 'a group of the weightsManifest', value);
    const parts = listAt(where, 'the paths of the weightsManifest', group['paths']).map((path) =>
      shardOf(path, shards),
    );
    const bytes = parts.length === 1 ? (parts[0] as Uint8Array) : joined(parts);
    let at = 0;
    for (const entry of listAt(where, 'the weights of the weightsManifest', group['weights'])) {
      const { name, weight, size, isOptimizer } = weightOf(entry, bytes, at);
      at += size;
      if (isOptimizer) continue;
      if (found.has(name)) throw broken(where, `the weightsManifest has ${show(name)} twice`);
      found.set(name, weight);
    }
    if (at !== bytes.length) throw broken(where, `the shards of a group have ${bytes.length} bytes, its weights ${at}`);
  }
  return found;
}

function shardOf(path: unknown, shards: Readonly<Record<string, Uint8Array>>): Uint8Array {
  if (typeof path === 'string' && Object.hasOwn(shards, path)) return shards[path] as Uint8Array;
  const given = Object.keys(shards).slice(0, 5).map(show).join(', ') || 'none';
  throw broken(where, `the model needs the shard ${show(path)}; given are ${given}`);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function weightOf(entry: unknown, bytes: Uint8Array, at: number) {
  const { name, shape, dtype, quantization, group } = recordAt(where, 'a weight of the weightsManifest', entry);
  if (typeof name !== 'string') throw broken(where, `a weight has the name ${show(name)}`);
  const dims = listAt(where, `the shape of weight ${show(name)}`, shape);
  if (!dims.every((n) => Number.isSafeInteger(n) && (n as number) >= 0))
    throw broken(where, `weight ${show(name)} has the shape [${dims.map(show).join(', ')}]`);
  const count = (dims as number[]).reduce((product, n) => product * n, 1);
  const packing =
    quantization === undefined || quantization === null
      ? undefined
      : recordAt(where, `the quantization of weight ${show(name)}`, quantization);
  const type = packing ? packing['dtype'] : dtype;
  const isKnown = packing
    ? dtype === 'float32' && ['uint8', 'uint16', 'float16'].includes(String(type))
    : ['float32', 'int32', 'bool'].includes(String(type));
  if (!isKnown) throw unsupported(where, `weight ${show(name)} of type ${show(type)} is not supported`);
  const size = count * (sizes[String(type)] as number);
  if (!(at + size <= bytes.length))
    throw broken(
      where,
      `weight ${show(name)} of shape ${dims.join('×')} needs ${size} bytes, its shards have ${bytes.length - at} left`,
    );
  const data = numbers(String(type), bytes, at, count);
  if (packing && type !== 'float16') {
    const { scale, min } = packing;
    if (!Number.isFinite(scale) || !Number.isFinite(min))
      throw broken(where, `weight ${show(name)} is packed with scale ${show(scale)} and min ${show(min)}`);
    for (const [i, value] of data.entries()) data[i] = value * (scale as number) + (min as number);
  }
  return { name, weight: { shape: dims as number[], data }, size, isOptimizer: group === 'optimizer' };
}

function numbers(type: string, bytes: Uint8Array, from: number, count: number): Float32Array {
  if (type === 'float32') return floatsOf(bytes.subarray(from, from + 4 * count));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read: Readonly<Record<string, (i: number) => number>> = {
    int32: (i) => view.getInt32(from + 4 * i, true),
    bool: (i) => view.getUint8(from + i),
    uint8: (i) => view.getUint8(from + i),
    uint16: (i) => view.getUint16(from + 2 * i, true),
    float16: (i) => half(view.getUint16(from + 2 * i, true)),
  };
  const element = read[type] as (i: number) => number;
  const data = new Float32Array(count);
  for (let i = 0; i < count; i++) data[i] = element(i);
  return data;
}

/** The weights of layers, by 'layer/weight', by 'layer/number' as converted SavedModels have them, or with a name between as TensorFlow 2 writes it. */
export class TfjsWeights implements WeightSource {
  readonly #weights: Map<string, Weight>;
  readonly #unused: Set<string>;
  readonly #names = new Map<string, string>();

  constructor(manifest: unknown, shards: Readonly<Record<string, Uint8Array>>) {
    this.#weights = readManifest(manifest, shards);
    this.#unused = new Set(this.#weights.keys());
    for (const name of this.#weights.keys()) {
      const parts = name.split('/');
      const short = [...parts.slice(0, -2), parts.at(-1)].join('/');
      for (const key of [name, short].map((text) => text.replace(/:0$/, '')))
        if (!this.#names.has(key)) this.#names.set(key, name);
    }
  }

  of(layer: KerasLayer, names: readonly string[]): readonly Weight[] {
    return names.map((own, i) => {
      const name = [`${layer.name}/${own}`, `${layer.name}/${i}`].map((key) => this.#names.get(key)).find(Boolean);
      if (name === undefined)
        throw broken(where, `layer "${layer.name}" of class ${layer.type} has no weight "${own}"`);
      this.#unused.delete(name);
      return this.#weights.get(name) as Weight;
    });
  }

  checkAllUsed(): void {
    const [name] = this.#unused;
    if (name !== undefined) throw broken(where, `no layer takes the weight ${show(name)}`);
  }
}
