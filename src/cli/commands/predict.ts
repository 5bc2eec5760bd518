import { SimdenseError } from '../../base/errors.js';
import { formatCsv } from '../../data/csv.js';
import { saveFile } from '../../node/index.js';
import { type Call, type Command, exits } from '../command.js';
import { common, reading, text } from '../options.js';
import { print } from '../output.js';
import { readFor, readModel } from '../table.js';

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

async function run({ values, positionals }: Call): Promise<number> {
  const [path, file, ...others] = positionals;
  if (path === undefined || file === undefined || others.length > 0)
    throw new SimdenseError('ARGUMENT', 'expected two files: simdense predict MODEL DATA.csv');
  using model = await readModel(path);
  const { x } = await readFor(model, file, values, false);
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
  return exits.done;
}
