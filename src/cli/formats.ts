// What a model can be exported as. The help, the checks and the writing all read this table.
import { extname } from 'node:path';
import { show } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { written } from '../base/written.js';
import { loadPipeline } from '../evaluate/index.js';
import { loadModel } from '../index.js';
import { toOnnx } from '../onnx/index.js';
import { choices } from './checks.js';
import type { OutputKind } from './own-files.js';
import { isPipeline } from './table.js';

export interface Format {
  readonly name: string;
  /** What stands behind its name in the help; nothing where that says all. */
  readonly help?: string;
  /** Of a file that is named after the model. */
  readonly ending: string;
  /** Of a file whose name alone says that it is to be of this format. */
  readonly endings: readonly string[];
  readonly kind: OutputKind;
  /** Its bytes, from those of a saved model. */
  write(bytes: Uint8Array): Uint8Array;
}

/** The first is the default. */
export const formats: readonly Format[] = [
  { name: 'onnx', ending: '.onnx', endings: ['.onnx'], kind: 'onnx', write: asOnnx },
  {
    name: 'json',
    help: 'layers and weights as plain numbers',
    ending: '.json',
    endings: ['.json'],
    kind: 'json',
    write: asJson,
  },
  {
    name: 'weights',
    help: 'the network alone, safetensors',
    ending: '.weights.safetensors',
    endings: ['.safetensors'],
    kind: 'model',
    write: asWeights,
  },
];

/** The format of this name, else that of the file's ending; the first where there is neither. Throws SimdenseError 'ARGUMENT' for an ending of none. */
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

/** A pipeline's scaler is part of it. */
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
