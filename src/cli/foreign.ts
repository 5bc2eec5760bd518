// Models of other libraries, read from their files: which format it is follows from the first bytes.
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isRecord, show } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { fromBrainJs, fromKeras, fromStateDict, fromTensorFlowJs } from '../convert/index.js';
import { refusePickle } from '../convert/pytorch/saved.js';
import type { Layer, Sequential } from '../index.js';
import { fromOnnx } from '../onnx/index.js';

/** A model that was read, and what is known of where it comes from. */
export interface Foreign {
  readonly model: Sequential;
  /** The format, such as 'Keras (.h5)'. */
  readonly format: string;
  /** Names of the columns of x and of what is predicted, where the format has them. */
  readonly inputs?: readonly string[] | undefined;
  readonly outputs?: readonly string[] | undefined;
}

/** Reads a file. The system's error names the path. */
const bytesAt = (path: string): Promise<Uint8Array> =>
  readFile(path).catch((error: Error) => Promise.reject(Object.assign(error, { path })));

/** Reads JSON from a file. Throws SimdenseError 'FORMAT' that names it. */
export async function jsonAt(path: string): Promise<unknown> {
  const bytes = await bytesAt(path);
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new SimdenseError('FORMAT', `${path} is not JSON`, { cause });
  }
}

/** Reads the model at a path. `layers` is the path of a list of layers, for a state dict. */
export async function readForeign(path: string, layers: string | undefined): Promise<Foreign> {
  const bytes = await bytesAt(path);
  const head = Buffer.from(bytes.subarray(0, 16)).toString('latin1');
  refusePickle('fromStateDict', bytes);
  if (isTable(bytes))
    throw new SimdenseError(
      'FORMAT',
      `${path} is no model, and looks like a table; npx simdense train makes a model of one`,
    );
  const isStateDict = isSafetensors(bytes);
  if (layers !== undefined && !isStateDict)
    throw new SimdenseError('ARGUMENT', `--layers: ${path} is no state dict, and says its layers itself`);
  if (isStateDict) return stateDict(path, bytes, layers);
  if (head.startsWith('\x89HDF')) return { model: await fromKeras(bytes), format: 'Keras (HDF5)' };
  if (head.startsWith('PK')) return { model: await fromKeras(bytes), format: 'Keras (.keras)' };
  if (/^(\xef\xbb\xbf)?\s*\{/.test(head)) return ofJson(path);
  const external = await bytesAt(`${path}.data`).catch(() => undefined);
  const model = fromOnnx(bytes, external && { external: { [`${basename(path)}.data`]: external } });
  return { model, format: 'ONNX' };
}

/** Whether a file begins as safetensors do: with the length of a JSON object, and that object. */
function isSafetensors(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.subarray(0, 9));
  return head.length === 9 && head[8] === 0x7b && head.readBigUInt64LE() <= bytes.length - 8;
}

/** Whether a file looks like CSV: lines of text, the first of them cells, and none of the bytes that ONNX has at its beginning. */
function isTable(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.subarray(0, 4096))
    .toString('latin1')
    .replace(/^\xef\xbb\xbf/, '');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they tell what is no text.
  return /^[^\n]*[,;\t][^\n]*\n/.test(head) && !/^\s*[[{<]/.test(head) && !/[\x00-\x08\x0e-\x1f]/.test(head);
}

async function stateDict(path: string, bytes: Uint8Array, layers: string | undefined): Promise<Foreign> {
  if (Buffer.from(bytes.subarray(0, 4096)).toString('latin1').includes('"simdense":'))
    throw new SimdenseError('ARGUMENT', `${path} is a model of simdense already`);
  const example = '[{ "type": "dense", "units": 64, "activation": "relu" }, { "type": "dense", "units": 1 }]';
  if (layers === undefined)
    throw new SimdenseError(
      'ARGUMENT',
      `${path} is a state dict, which has no layers; list them in a file for --layers: ${example}`,
    );
  const list = await jsonAt(layers);
  if (!Array.isArray(list))
    throw new SimdenseError('ARGUMENT', `--layers: ${layers} is no list of layers such as ${example}`);
  return { model: fromStateDict(bytes, list as Layer[]), format: 'PyTorch state dict (safetensors)' };
}

async function ofJson(path: string): Promise<Foreign> {
  const json = await jsonAt(path);
  if (!isRecord(json)) throw new SimdenseError('FORMAT', `${path} is JSON, but no model`);
  if (json['modelTopology'] !== undefined || json['weightsManifest'] !== undefined)
    return { model: fromTensorFlowJs(json, await shardsOf(path, json)), format: 'TensorFlow.js' };
  const { model, inputs, outputs } = fromBrainJs(json);
  return { model, format: 'brain.js', inputs, outputs };
}

/** The files of weights that a model.json names, which lie beside it or in folders below. */
async function shardsOf(path: string, { weightsManifest: groups }: Record<string, unknown>) {
  const paths = (Array.isArray(groups) ? groups : [])
    .flatMap((group: unknown) => (isRecord(group) && Array.isArray(group['paths']) ? group['paths'] : []))
    .filter((shard) => typeof shard === 'string');
  const shards: Record<string, Uint8Array> = {};
  for (const shard of paths) {
    if (/^[/\\]|^[a-z]:|(^|[/\\])\.\.([/\\]|$)/i.test(shard))
      throw new SimdenseError('FORMAT', `${path} names the shard ${show(shard)}, which is not beside it`);
    shards[shard] = await bytesAt(join(dirname(path), shard));
  }
  return shards;
}
