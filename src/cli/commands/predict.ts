import { visible } from '../../base/visible.js';
import { loadModel } from '../../index.js';
import { saveFile } from '../../node/index.js';
import { file } from '../checks.js';
import { type Call, type Command, exits } from '../command.js';
import { csvParts } from '../csv-text.js';
import { filesOf } from '../files.js';
import { loadAny, type Model } from '../model.js';
import { type ModelFile, readModelFile } from '../model-file.js';
import { modelRows } from '../model-rows.js';
import { isNetwork, readModel } from '../models.js';
import { networkPredictions } from '../network.js';
import { Notes, notesData, notesWords } from '../notes.js';
import { common, overwriting, reading, text, type Values } from '../options.js';
import { note, print, safe } from '../output.js';
import { checkOutputs, pathOutput } from '../outputs.js';
import { freeName, type PredictedColumn, predictionsOf } from '../predictions.js';

export const predict: Command = {
  name: 'predict',
  usage: 'MODEL DATA.csv',
  summary: 'predicts each row of a table, and prints the table with the predictions as CSV',
  options: {
    probabilities: { type: 'boolean', help: 'with the probability of each class or label' },
    out: { type: 'string', short: 'o', value: 'FILE', check: file, help: 'writes a file instead of printing' },
    ...overwriting('out'),
    ...reading,
    ...common,
  },
  notes:
    'Every row is kept, in its order. A column note says what was done where a cell could not be used.\nDATA.csv may also be JSON or JSON Lines, compressed, or - for standard input. An imported network takes columns of numbers, in its order.',
  run,
};

async function run(call: Call): Promise<number> {
  const { values } = call;
  const files = filesOf(call, predict);
  const out = text(values, 'out');
  await checkOutputs(files, pathOutput('--out', 'predictions', out), values);
  const [path, data] = files as [string, string];
  using model = await readModel(path, (bytes) => (isNetwork(bytes) ? loadModel(bytes) : loadAny(bytes)));
  const table = await readModelFile(data, values);
  const names = table.found.columns.map(({ name }) => name);
  const withProbabilities = values['probabilities'] === true;
  const { predicted, notes } =
    'layers' in model
      ? { predicted: networkPredictions(model, table, withProbabilities, names), notes: new Notes() }
      : pipelinePredictions(model, table, values, names);
  const count = table.found.rows;
  const columns = [...predicted.columns];
  if (notes.any)
    columns.push({ name: freeName('note', new Set([...names, ...columns.map(({ name }) => name)])), of: notes.of });
  const words = notesWords(notes);
  const figures = {
    rows: count,
    ...predicted.data,
    ...notesData(notes),
    ...(notes.any && { notes: Array.from({ length: count }, (_, row) => notes.of(row)) }),
  };
  if (out !== undefined) {
    await saveFile(out, Buffer.concat(Array.from(csvOf(table, columns), (part) => Buffer.from(part))));
    const said = `${count} predictions are in ${visible(out)}.`;
    print(values, [said, words].filter(Boolean).join('\n'), { ...figures, out });
  } else if (values['json']) print(values, '', figures);
  else {
    if (words) note(words);
    for (const part of csvOf(table, columns))
      process.stdout.write(process.stdout.isTTY ? safe(part.replaceAll('\r\n', '\n')) : part);
  }
  return exits.done;
}

/** The predictions of a model of the command, and what was done with cells that could not be used. */
function pipelinePredictions(model: Model, table: ModelFile, values: Values, names: readonly string[]) {
  const { rows, notes } = modelRows(model, table, values);
  return { predicted: predictionsOf(model, rows, values['probabilities'] === true, names), notes };
}

/** The table as it stands in the file, with more columns, and written as the file is if that is CSV. */
function csvOf(
  { found, own, delimiter = ',', decimal = '.', lineEnd }: ModelFile,
  more: readonly PredictedColumn[],
): Generator<string> {
  return csvParts(found.rows, own, more, { delimiter, decimal, lineEnd });
}
