import { basename } from 'node:path';
import { visible } from '../../base/visible.js';
import type { Label, Matrix } from '../../data/index.js';
import { classFigures, type FittedPipeline } from '../../evaluate/index.js';
import { saveFile } from '../../node/index.js';
import { report, reportText } from '../../report/index.js';
import { type Call, type Command, exits } from '../command.js';
import { judge } from '../judge.js';
import { common, overwriting, reading, training } from '../options.js';
import { print, reportColumns } from '../output.js';
import { checkOutputs, pathOutput, reportOf } from '../outputs.js';
import { filesOf, readBoth } from '../table.js';
import { skippedData, skippedWords } from '../table-words.js';

export const evaluate: Command = {
  name: 'evaluate',
  usage: 'MODEL DATA.csv',
  summary: 'says how good a model is on rows whose answers are known',
  options: {
    target: { ...training.target, help: 'the column with the answers; default the one that it was trained on' },
    report: { ...training.report, help: 'writes a report' },
    ...overwriting('report'),
    ...reading,
    ...common,
  },
  run,
};

async function run(call: Call): Promise<number> {
  const { values } = call;
  const files = filesOf(call, evaluate);
  const page = reportOf(values);
  await checkOutputs(files, pathOutput('--report', 'report', page), values);
  const { model: read, table } = await readBoth(files, values, true);
  using model = read;
  const labels = table.target as readonly Label[];
  const { words, figures, contents } = judge(model, table.x, labels, {
    held: false,
    tryFirst: 'Check first that its columns mean the same, in the same units, as those that it was trained on.',
  });
  const { history } = model;
  const shown = {
    title: files.map((file) => visible(basename(file))).join(' on '),
    summary: words,
    history,
    model: model.model,
    ...contents,
  };
  if (page !== undefined) await saveFile(page, new TextEncoder().encode(report(shown)));
  const { confusion } = contents;
  const predictions = confusion
    ? `\n\n${reportText({ title: 'Predictions', history: { epochs: [] }, confusion }, { columns: reportColumns() })}`
    : '';
  const skipped = skippedWords(table);
  print(values, `${skipped && `${skipped}\n`}${words}${predictions}`, {
    ...skippedData(table),
    ...figuresOf(model, table.x, labels),
    ...figures,
    ...(confusion && { confusion, byClass: classFigures(confusion) }),
  });
  return exits.done;
}

/** Loss and metrics, on the rows whose labels the model knows. */
function figuresOf(model: FittedPipeline, x: Matrix, labels: readonly Label[]): Record<string, number> {
  const { classes } = model;
  const known = new Set(classes);
  const rows = Int32Array.from(labels.keys()).filter((row) => !classes || known.has(labels[row] as Label));
  if (rows.length === labels.length) return model.evaluate(x, labels);
  return model.evaluate(
    x.select(rows),
    Array.from(rows, (row) => labels[row] as Label),
  );
}
