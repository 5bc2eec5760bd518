import { visible } from '../../base/visible.js';
import { loadPipeline } from '../../evaluate/index.js';
import { loadModel } from '../../index.js';
import { saveFile } from '../../node/index.js';
import { toOnnx } from '../../onnx/index.js';
import { file, oneOf } from '../checks.js';
import { type Call, type Command, exits } from '../command.js';
import { common, overwriting, text } from '../options.js';
import { print } from '../output.js';
import { checkOutputs, type OutputKind } from '../outputs.js';
import { filesOf, isPipeline, readModel, stem } from '../table.js';

/** Makers of the bytes, by format. */
const formats: Readonly<Record<string, (bytes: Uint8Array) => Uint8Array>> = {
  json: asJson,
  onnx: asOnnx,
  weights: (bytes) => {
    using model = loadModel(bytes);
    return model.save();
  },
};
const kinds: Readonly<Record<string, OutputKind>> = { json: 'json', onnx: 'onnx', weights: 'model' };
const endings: Readonly<Record<string, string>> = { json: '.json', onnx: '.onnx', weights: '.weights.safetensors' };

export const exportModel: Command = {
  name: 'export',
  usage: 'MODEL',
  summary: 'writes a model in another format',
  options: {
    to: {
      type: 'string',
      value: 'FORMAT',
      check: oneOf('json', 'onnx', 'weights'),
      help: 'onnx, json (layers and weights as plain numbers) or weights (the network alone, safetensors); default onnx',
    },
    out: { type: 'string', short: 'o', value: 'FILE', check: file, help: 'default NAME with the ending of the format' },
    ...overwriting,
    ...common,
  },
  run,
};

async function run(call: Call): Promise<number> {
  const { values } = call;
  const [path] = filesOf(call, exportModel) as [string];
  const to = text(values, 'to') ?? 'onnx';
  const out = text(values, 'out') ?? `${stem(path)}${endings[to]}`;
  await checkOutputs([path], [{ option: '--out', kind: kinds[to] as OutputKind, path: out }], values);
  const bytes = await readModel(path, formats[to] as (bytes: Uint8Array) => Uint8Array);
  await saveFile(out, bytes);
  print(values, `${visible(out)} has ${bytes.length.toLocaleString('en')} bytes.`, { out, bytes: bytes.length });
  return exits.done;
}

/** A pipeline's scaler is part of it. */
function asOnnx(bytes: Uint8Array): Uint8Array {
  using model = isPipeline(bytes) ? loadPipeline(bytes) : loadModel(bytes);
  return toOnnx(model);
}

function asJson(bytes: Uint8Array): Uint8Array {
  using model = loadModel(bytes);
  const weights = Object.fromEntries(
    Array.from(model.getWeights(), ([path, { shape, data }]) => [path, { shape, data: Array.from(data) }]),
  );
  const { inputs, layers, name } = model;
  return new TextEncoder().encode(`${JSON.stringify({ name, inputs, layers, weights })}\n`);
}
