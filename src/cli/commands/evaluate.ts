import { basename } from 'node:path';
import type { Label } from '../../data/index.js';
import { saveFile } from '../../node/index.js';
import { report, reportText } from '../../report/index.js';
import { type Call, type Command, exits } from '../command.js';
import { judge } from '../judge.js';
import { common, reading, text, training } from '../options.js';
import { plain, print } from '../output.js';
import { filesOf, readBoth } from '../table.js';

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

async function run(call: Call): Promise<number> {
  const { values } = call;
  const files = filesOf(call, evaluate);
  const { model, table } = await readBoth(files, values, true);
  const labels = table.target as readonly Label[];
  const { words, figures, contents } = judge(model, table.x, labels, false);
  const { history } = model;
  const shown = {
    title: files.map((file) => basename(file)).join(' on '),
    summary: words,
    history,
    model: model.model,
    ...contents,
  };
  const page = text(values, 'report');
  if (page !== undefined) await saveFile(page, new TextEncoder().encode(report(shown)));
  const { confusion } = contents;
  const predictions = confusion
    ? `\n\n${reportText({ title: 'Predictions', history: { epochs: [] }, confusion })}`
    : '';
  print(values, plain(`${words}${predictions}`), {
    ...model.evaluate(table.x, labels),
    ...figures,
    ...(confusion && { confusion }),
  });
  model.dispose();
  return exits.done;
}
