import { basename } from 'node:path';
import { SimdenseError } from '../../base/errors.js';
import type { Label } from '../../data/index.js';
import { saveFile } from '../../node/index.js';
import { report, reportText } from '../../report/index.js';
import { type Call, type Command, exits } from '../command.js';
import { judge } from '../judge.js';
import { common, reading, text, training } from '../options.js';
import { plain, print } from '../output.js';
import { readFor, readModel } from '../table.js';

export const evaluate: Command = {
  name: 'evaluate',
  usage: 'MODEL DATA.csv',
  summary: 'says how good a model is on rows whose answers are known',
  options: {
    target: { ...training.target, help: 'the column with the answers; the one that it was trained on' },
    report: { type: 'string', value: 'FILE', help: 'writes a report' },
    ...reading,
    ...common,
  },
  run,
};

async function run({ values, positionals }: Call): Promise<number> {
  const [path, file, ...others] = positionals;
  if (path === undefined || file === undefined || others.length > 0)
    throw new SimdenseError('ARGUMENT', 'expected two files: simdense evaluate MODEL DATA.csv');
  using model = await readModel(path);
  const table = await readFor(model, file, values, true);
  const labels = table.target as readonly Label[];
  const { words, figures, contents } = judge(model, table.x, labels);
  const { history } = model;
  const shown = {
    title: `${basename(path)} on ${basename(file)}`,
    summary: words,
    history,
    model: model.model,
    ...contents,
  };
  const page = text(values, 'report');
  if (page !== undefined) await saveFile(page, new TextEncoder().encode(report(shown)));
  // The rows may be those that it was trained on.
  const said = words.replaceAll(' that it had not seen', '');
  const { confusion } = contents;
  const table2 = confusion ? `\n\n${reportText({ title: 'Predictions', history: { epochs: [] }, confusion })}` : '';
  print(values, plain(`${said}${table2}`), {
    ...model.evaluate(table.x, labels),
    ...figures,
    ...(confusion && { confusion }),
  });
  return exits.done;
}
