import { SimdenseError } from '../../base/errors.js';
import { visible } from '../../base/visible.js';
import { formatCsv } from '../../data/csv.js';
import type { Label, Matrix } from '../../data/index.js';
import type { FittedPipeline } from '../../evaluate/index.js';
import { saveFile } from '../../node/index.js';
import { file } from '../checks.js';
import { type Call, type Command, exits } from '../command.js';
import { common, overwriting, reading, text } from '../options.js';
import { note, print, safe } from '../output.js';
import { checkOutputs, pathOutput } from '../outputs.js';
import { filesOf, readBoth } from '../table.js';
import { skippedData, skippedWords } from '../table-words.js';

export const predict: Command = {
  name: 'predict',
  usage: 'MODEL DATA.csv',
  summary: 'predicts each row of a table, and prints CSV',
  options: {
    probabilities: { type: 'boolean', help: 'with the probability of each class' },
    out: { type: 'string', short: 'o', value: 'FILE', check: file, help: 'writes a file instead of printing' },
    ...overwriting('out'),
    ...reading,
    ...common,
  },
  run,
};

async function run(call: Call): Promise<number> {
  const { values } = call;
  const files = filesOf(call, predict);
  const out = text(values, 'out');
  await checkOutputs(files, pathOutput('--out', 'predictions', out), values);
  const { model, table } = await readBoth(files, values, false);
  try {
    const { x } = table;
    const { head, rows, data: predicted } = predictions(model, x, values['probabilities'] === true);
    const data = { ...predicted, ...skippedData(table) };
    // With skipped rows the predictions do not line up with the rows of the file, so say so.
    const skipped = skippedWords(table);
    const csv = `${formatCsv([head, ...rows])}\n`;
    if (out !== undefined) {
      await saveFile(out, new TextEncoder().encode(csv));
      const said = `${x.rows} predictions are in ${visible(out)}.`;
      print(values, [said, skipped].filter(Boolean).join('\n'), { ...data, out });
    } else if (values['json']) print(values, '', data);
    else {
      if (skipped) note(skipped);
      process.stdout.write(process.stdout.isTTY ? safe(csv.replaceAll('\r\n', '\n')) : csv);
    }
  } finally {
    model.dispose();
  }
  return exits.done;
}

interface Predictions {
  readonly head: readonly string[];
  readonly rows: readonly (readonly Label[])[];
  /** The content of the JSON output. */
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * One prediction a row: a label, with its probabilities if asked for, or all outputs of a regression. Throws SimdenseError 'ARGUMENT' if probabilities are asked
 * for in a regression.
 */
function predictions(model: FittedPipeline, x: Matrix, withProbabilities: boolean): Predictions {
  const name = model.target ?? 'prediction';
  const { classes } = model;
  if (!classes) {
    if (withProbabilities)
      throw new SimdenseError('ARGUMENT', '--probabilities: the model predicts numbers, which have none; leave it out');
    const { outputs } = model.model;
    if (outputs > 1) {
      const rows = model.predictProbabilities(x).toArrays();
      const head = Array.from({ length: outputs }, (_, i) => `${name} ${i}`);
      return { head, rows, data: { rows: x.rows, predictions: rows } };
    }
  }
  const labels = model.predict(x);
  if (!classes || !withProbabilities)
    return { head: [name], rows: labels.map((label) => [label]), data: { rows: x.rows, predictions: labels } };
  const probabilities = model.predictProbabilities(x).toArrays();
  return {
    head: [name, ...classes.map((label) => `p(${label})`)],
    rows: labels.map((label, row) => [label, ...(probabilities[row] ?? [])]),
    data: { rows: x.rows, predictions: labels, classes, probabilities },
  };
}
