import { formatCsv } from '../../data/csv.js';
import { saveFile } from '../../node/index.js';
import { type Call, type Command, exits } from '../command.js';
import { common, reading, text } from '../options.js';
import { print } from '../output.js';
import { filesOf, readBoth } from '../table.js';

export const predict: Command = {
  name: 'predict',
  usage: 'MODEL DATA.csv',
  summary: 'predicts each row of a table, as CSV',
  options: {
    probabilities: { type: 'boolean', help: 'with the probability of each class' },
    out: { type: 'string', short: 'o', value: 'FILE', help: 'where to; here' },
    ...reading,
    ...common,
  },
  run,
};

async function run(call: Call): Promise<number> {
  const { values } = call;
  const { model, table } = await readBoth(filesOf(call, predict), values, false);
  const { x } = table;
  const predicted = model.predict(x);
  const classes = values['probabilities'] === true ? model.classes : undefined;
  const probabilities = classes && model.predictProbabilities(x);
  const head = [model.target ?? 'prediction', ...(classes ?? []).map((label) => `p(${label})`)];
  const rows = predicted.map((label, row) => [label, ...(probabilities ? Array.from(probabilities.row(row)) : [])]);
  const csv = `${formatCsv([head, ...rows])}\n`;
  const out = text(values, 'out');
  const data = {
    rows: x.rows,
    predictions: predicted,
    ...(probabilities && { classes, probabilities: probabilities.toArrays() }),
  };
  if (out !== undefined) {
    await saveFile(out, new TextEncoder().encode(csv));
    print(values, `${x.rows} predictions are in ${out}.`, { ...data, out });
  } else if (values['json']) print(values, '', data);
  else process.stdout.write(csv);
  model.dispose();
  return exits.done;
}
