// The formats to which a model can be exported. The help, the checks and the export all use this table.
import { extname } from 'node:path';
import { show } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { written } from '../base/written.js';
import { areFiles } from '../evaluate/files.js';
import { loadPipeline } from '../evaluate/index.js';
import { loadModel } from '../index.js';
import { toOnnx } from '../onnx/index.js';
import { choices } from './checks.js';
import { isPipeline } from './models.js';
import type { OutputKind } from './own-files.js';

export interface Format {
  readonly name: string;
  /** The explanation in the help; absent if the name is enough. */
  readonly help?: string;
  /** The ending of the default file name, which is that of the model. */
  readonly ending: string;
  /** Endings of file names from which this format is inferred. */
  readonly endings: readonly string[];
  readonly kind: OutputKind;
  /** Whether it holds the network alone, of a pipeline too. */
  readonly networkOnly?: true;
  /** Converts the bytes of a saved model. */
  write(bytes: Uint8Array): Uint8Array;
}

/** The first format is the default. */
export const formats: readonly Format[] = [
  { name: 'onnx', ending: '.onnx', endings: ['.onnx'], kind: 'onnx', write: asOnnx },
  {
    name: 'json',
    help: 'layers and weights as plain numbers',
    ending: '.json',
    endings: ['.json'],
    kind: 'json',
    networkOnly: true,
    write: asJson,
  },
  {
    name: 'weights',
    help: 'the network alone, safetensors',
    ending: '.weights.safetensors',
    endings: ['.safetensors'],
    kind: 'model',
    networkOnly: true,
    write: asWeights,
  },
];

/** The format of this name, else the one of the file's ending, else the first. Throws SimdenseError 'ARGUMENT' for an unknown ending. */
export function formatOf(name: string | undefined, file: string | undefined): Format {
  const found =
    name === undefined
      ? formats.find(({ endings }) => endings.some((ending) => file?.toLowerCase().endsWith(ending)))
      : formats.find((format) => format.name === name);
  if (found === undefined && file !== undefined && extname(file) !== '') {
    const known = choices(formats.flatMap(({ endings }) => endings));
    throw new SimdenseError('ARGUMENT', `--out: ${show(file)} ends in none of ${known}; say the format with --to`);
  }
  return found ?? (formats[0] as Format);
}

/** The parts of a saved pipeline that a file of its network alone lacks; none of a model. */
export function partsBeside(bytes: Uint8Array): string[] {
  if (!isPipeline(bytes)) return [];
  using pipeline = loadPipeline(bytes);
  const { scaler, encoder, targetScaler, classes } = pipeline;
  return [
    ...(encoder ? ['the encoder of the columns'] : []),
    ...(scaler.type === 'none' ? [] : [`the scaler of the columns (${scaler.type})`]),
    ...(targetScaler.type === 'none' ? [] : [`the scaler of the target (${targetScaler.type})`]),
    ...(classes ? ['the names of the classes'] : []),
  ];
}

/** Throws SimdenseError 'UNSUPPORTED' for a file of several networks: the other formats hold one. */
export function refuseSeveral(path: string, bytes: Uint8Array): void {
  if (!areFiles(bytes)) return;
  const message = `${path} holds several networks that predict together, and the format holds one; train --quick makes one`;
  throw new SimdenseError('UNSUPPORTED', message);
}

/** Writes ONNX. For a pipeline, the graph includes its scalers. */
function asOnnx(bytes: Uint8Array): Uint8Array {
  using model = isPipeline(bytes) ? loadPipeline(bytes) : loadModel(bytes, { networkOnly: true });
  return toOnnx(model);
}

function asJson(bytes: Uint8Array): Uint8Array {
  using model = loadModel(bytes, { networkOnly: true });
  const weights = Object.fromEntries(
    Array.from(model.getWeights(), ([path, { shape, data }]) => [path, { shape, data: Array.from(data) }]),
  );
  const { inputs, layers, name } = model;
  return new TextEncoder().encode(`${JSON.stringify({ name, inputs, layers, weights, ...written })}\n`);
}

function asWeights(bytes: Uint8Array): Uint8Array {
  using model = loadModel(bytes, { networkOnly: true });
  return model.save();
}
