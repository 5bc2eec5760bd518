import { SimdenseError } from '../../base/errors.js';
import { visible } from '../../base/visible.js';
import { saveFile } from '../../node/index.js';
import { narrowed } from '../../report/words.js';
import { file, positive } from '../checks.js';
import { type Call, type Command, exits } from '../command.js';
import { filesOf, stem } from '../files.js';
import { type Foreign, readForeign } from '../foreign.js';
import { modelData } from '../model-data.js';
import { common, number, overwriting, text } from '../options.js';
import { columnsOf, print } from '../output.js';
import { checkOutputs } from '../outputs.js';
import { prove } from '../proof.js';

export const importModel: Command = {
  name: 'import',
  usage: 'FILE',
  summary: "reads another library's model: TensorFlow.js, Keras, brain.js, PyTorch, ONNX",
  options: {
    out: { type: 'string', short: 'o', value: 'FILE', check: file, help: 'the model; default NAME.safetensors' },
    check: {
      type: 'string',
      value: 'FILE',
      check: file,
      help: 'JSON { "x": rows, "y": what the original gives for them }, with which the model is compared',
    },
    tolerance: {
      type: 'string',
      value: 'X',
      check: positive,
      needs: ['check'],
      help: 'the largest difference that --check allows, as a share of the largest number of y from 1 on; default 0.0001',
    },
    layers: {
      type: 'string',
      value: 'FILE',
      check: file,
      help: 'the layers of a state dict, which has none: JSON such as [{ "type": "dense", "units": 64, "activation": "relu" }, …]',
    },
    ...overwriting(),
    ...common,
  },
  notes:
    'FILE is a model.json of TensorFlow.js with its shards beside it, a .keras or .h5 file of Keras, the JSON of a brain.js network, a state dict of PyTorch as safetensors, or ONNX. Which it is, is found out.',
  run,
};

async function run(call: Call): Promise<number> {
  const { values } = call;
  const [path] = filesOf(call, importModel) as [string];
  const out = text(values, 'out') ?? `${stem(path)}.safetensors`;
  const [check, layers] = [text(values, 'check'), text(values, 'layers')];
  const read = [path, check, layers].filter((each) => each !== undefined);
  await checkOutputs(read, [{ option: '--out', kind: 'model', path: out }], values);
  const foreign = await namingFile(path, () => readForeign(path, layers));
  using model = foreign.model;
  const proof = check === undefined ? undefined : await prove(foreign, check, number(values, 'tolerance', 1e-4));
  const bytes = model.save();
  await saveFile(out, bytes);
  const { format, inputs, outputs } = foreign;
  const compared = proof
    ? `It gives what the original gives, to ${proof.difference.toPrecision(2)} of the largest number, for ${proof.rows} row${proof.rows === 1 ? '' : 's'}.`
    : format === 'ONNX'
      ? 'Rows that were tried agree with the operators of the file. It was not compared with what the original gives: --check does.'
      : 'It was not compared with what the original gives: --check does.';
  const parts = [
    `Format of ${visible(path)}: ${format}`,
    narrowed(model.summary(), columnsOf(process.stdout)),
    ...namesIn(foreign),
    `${compared} ${visible(out)} has ${bytes.length.toLocaleString('en')} bytes.`,
  ];
  print(values, parts.join('\n\n'), {
    format,
    ...modelData(model),
    ...(inputs && { columns: inputs }),
    ...(outputs && { targets: outputs }),
    ...(proof && { check: proof }),
    out,
    bytes: bytes.length,
  });
  return exits.done;
}

/** The names of the columns, in words. */
function namesIn({ inputs, outputs }: Foreign): string[] {
  const list = (names: readonly string[]) => names.map(visible).join(', ');
  const lines = [...(inputs ? [`columns: ${list(inputs)}`] : []), ...(outputs ? [`predicts: ${list(outputs)}`] : [])];
  return lines.length > 0 ? [lines.join('\n')] : [];
}

/** Puts the name of the file before the reader's errors, instead of the reader's. */
async function namingFile<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof SimdenseError) error.message = error.message.replace(/^from\w+(?:\([^)]*\))?: /, `${path}: `);
    throw error;
  }
}
