import iris from '../../../examples/data/iris.csv';
import { holdOut, type Label, parseCsv } from '../../data/index.js';
import { diagnose } from '../../diagnose/index.js';
import { fitPipeline } from '../../evaluate/index.js';
import { adam, dense } from '../../index.js';
import { saveFile } from '../../node/index.js';
import { report, reportText } from '../../report/index.js';
import { type Call, type Command, exits } from '../command.js';
import { judge } from '../judge.js';
import { common, number, text, training } from '../options.js';
import { print } from '../output.js';

export const demo: Command = {
  name: 'demo',
  usage: '',
  summary: 'learns to tell three kinds of iris apart, and shows how that went',
  options: {
    seed: training.seed,
    report: { type: 'string', value: 'FILE', help: 'writes the report as a page' },
    csv: { type: 'string', value: 'FILE', help: 'writes the 150 flowers, to train on: simdense train FILE' },
    ...common,
  },
  run,
};

async function run({ values }: Call): Promise<number> {
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
  const { words, figures, contents } = judge(model, ...of((split as { test: Int32Array }).test), true);
  const shown = {
    title: 'Iris: which of three kinds is it?',
    summary: words,
    history: model.history,
    model: model.model,
    findings: diagnosis.findings,
    trace: diagnosis.trace,
    ...contents,
    command: `npx simdense demo --seed ${seed}`,
  };
  const [page, csv] = [text(values, 'report'), text(values, 'csv')];
  const written: string[] = [];
  const write = async (file: string | undefined, content: () => string): Promise<void> => {
    if (file === undefined) return;
    await saveFile(file, new TextEncoder().encode(content()));
    written.push(file);
  };
  await write(page, () => report(shown));
  await write(csv, () => iris);
  const colors = process.stdout.isTTY && !process.env['NO_COLOR'];
  const next =
    written.length > 0
      ? `Written: ${written.join(', ')}.`
      : 'Your own data: npx simdense train DATA.csv --target COLUMN';
  print(values, `${reportText(shown, { colors })}\n\n${next}`, { ...figures, seed, written });
  return exits.done;
}
