import iris from '../../../examples/data/iris.csv';
import { visible } from '../../base/visible.js';
import { holdOut, type Label, parseCsv } from '../../data/index.js';
import { diagnose } from '../../diagnose/index.js';
import { classFigures, fitPipeline } from '../../evaluate/index.js';
import { adam, dense } from '../../index.js';
import { saveFile } from '../../node/index.js';
import { report, reportText } from '../../report/index.js';
import { file } from '../checks.js';
import { type Call, type Command, exits } from '../command.js';
import { filesOf } from '../files.js';
import { namesIn } from '../findings.js';
import { judge } from '../judge.js';
import { modelData } from '../model-data.js';
import { common, number, overwriting, text, training } from '../options.js';
import { reportColumns, write } from '../output.js';
import { checkOutputs, pathOutput, reportOf } from '../outputs.js';

import { wrapped } from '../wrap.js';

export const demo: Command = {
  name: 'demo',
  usage: '',
  summary: 'learns to tell three kinds of iris apart, and shows how that went',
  options: {
    seed: training.seed,
    report: { ...training.report, help: 'writes the report as a page' },
    csv: {
      type: 'string',
      value: 'FILE',
      check: file,
      help: 'writes the 150 flowers, to train on: simdense train FILE',
    },
    ...overwriting('report', 'csv'),
    ...common,
  },
  run,
};

async function run(call: Call): Promise<number> {
  const { values } = call;
  filesOf(call, demo);
  const [page, csv] = [reportOf(values), text(values, 'csv')];
  await checkOutputs([], [...pathOutput('--report', 'report', page), ...pathOutput('--csv', 'flowers', csv)], values);
  const seed = number(values, 'seed', 0);
  const { x, names, target, targetName } = parseCsv(iris, { target: 'species' });
  const labels = target as readonly Label[];
  const kinds = [...new Set(labels)];
  const stratify = Int32Array.from(labels, (label) => kinds.indexOf(label));
  const [split] = holdOut(x.rows, { testSize: 0.3, stratify, seed });
  const of = (rows: Int32Array) => [x.select(rows), Array.from(rows, (row) => labels[row] as Label)] as const;
  const diagnosis = diagnose();
  using model = await fitPipeline(
    {
      layers: [dense({ units: 16, activation: 'relu' })],
      optimizer: adam({ learningRate: 0.01 }),
      fit: { epochs: 40, batchSize: 16, validationSplit: 0.2 },
    },
    ...of((split as { train: Int32Array }).train),
    { seed, callbacks: [diagnosis], columns: names, target: targetName as string },
  );
  const [tested, known] = of((split as { test: Int32Array }).test);
  const { words, figures, contents } = judge(
    model,
    { rows: tested, truth: { labels: known } },
    {
      held: true,
      tryFirst: 'Try another --seed first.',
    },
  );
  const shown = {
    title: 'Iris: which of three kinds is it?',
    summary: words,
    history: model.history,
    model: model.model,
    findings: diagnosis.findings,
    names: namesIn(model),
    trace: diagnosis.trace,
    ...contents,
    command: `npx simdense demo --seed ${seed}`,
  };
  const written: string[] = [];
  const save = async (path: string | undefined, content: () => string): Promise<void> => {
    if (path === undefined) return;
    await saveFile(path, new TextEncoder().encode(content()));
    written.push(path);
  };
  await save(page, () => report(shown));
  await save(csv, () => iris);
  const columns = reportColumns();
  const colors = process.stdout.isTTY && !process.env['NO_COLOR'];
  const next =
    written.length > 0
      ? `Written: ${written.map(visible).join(', ')}.`
      : 'Your own data: npx simdense train DATA.csv --target COLUMN';
  // Do not escape this text: it contains colour codes, and reportText has already escaped the names.
  write(values, `${reportText(shown, { colors, columns })}\n\n${wrapped(next, columns)}`, {
    ...figures,
    epochs: model.history.epochs.length,
    history: model.history,
    findings: diagnosis.findings,
    trace: diagnosis.trace,
    ...contents,
    ...(contents.confusion && { byClass: classFigures(contents.confusion) }),
    model: modelData(model.model),
    seed,
    written,
  });
  return exits.done;
}
