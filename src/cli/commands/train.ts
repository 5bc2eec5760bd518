import { basename } from 'node:path';
import { SimdenseError } from '../../base/errors.js';
import { holdOut, kFold, type Label, type Matrix } from '../../data/index.js';
import { type Diagnosis, diagnose } from '../../diagnose/index.js';
import { crossValidate, type FittedPipeline, fitPipeline, type Pipeline } from '../../evaluate/index.js';
import type { Callback } from '../../index.js';
import { saveFile } from '../../node/index.js';
import { report } from '../../report/index.js';
import { type Call, type Command, exits } from '../command.js';
import { Interrupt } from '../interrupt.js';
import { judge } from '../judge.js';
import { common, number, reading, text, training, type Values } from '../options.js';
import { plain, print, progress } from '../output.js';
import { executorOf, pipelineOf } from '../pipeline.js';
import { onlyFile, readTraining, stem, type TrainingTable } from '../table.js';
import { judgeFolds } from '../words.js';

export const train: Command = {
  name: 'train',
  usage: 'DATA.csv',
  summary: 'learns to predict a column from the others; writes a model and a report',
  options: {
    ...training,
    cv: { type: 'string', value: 'FOLDS', help: 'judges it by cross-validation as well; none' },
    ...reading,
    ...common,
  },
  notes: 'Ctrl-C ends it cleanly, with the best model so far saved; once more ends it at once.',
  run,
};

async function run({ values, positionals }: Call): Promise<number> {
  const file = onlyFile(positionals, 'one file: simdense train DATA.csv --target COLUMN');
  const pipeline = pipelineOf(values);
  const seed = number(values, 'seed', 0);
  const table = await readTraining(file, values);
  using interrupt = new Interrupt();
  const folds = await crossValidated(pipeline, table, values, seed, interrupt);
  const diagnosis = diagnose();
  const { model, test } = await fitted(pipeline, table, values, seed, interrupt, diagnosis);
  return finish({ file, table, model, test, diagnosis, folds, interrupt, values, seed });
}

interface Rows {
  readonly x: Matrix;
  readonly labels: readonly Label[];
}

const pick = ({ x, labels }: Rows, rows: Int32Array): Rows => ({
  x: x.select(rows),
  labels: Array.from(rows, (row) => labels[row] as Label),
});

/** Trains on some rows, and sets the others aside. */
export async function fitted(
  pipeline: Pipeline,
  table: TrainingTable,
  values: Values,
  seed: number,
  interrupt: Interrupt,
  diagnosis: Diagnosis,
): Promise<{ model: FittedPipeline; test: Rows }> {
  const testSize = number(values, 'test', 0.25);
  const split = splitOf(table, testSize, seed);
  const { x, labels } = pick(table, split.train);
  const bar = progress(values, 'training');
  const watch: Callback = {
    onBatchEnd(t) {
      if (interrupt.happened) t.stop('interrupted');
    },
    onEpochEnd({ epoch, epochs, logs }) {
      const { loss = 0, accuracy, valLoss } = logs;
      const accurate = accuracy === undefined ? '' : `  accuracy ${(accuracy * 100).toFixed(1)} %`;
      bar.update(
        epoch + 1,
        epochs,
        `loss ${loss.toFixed(4)}${valLoss === undefined ? '' : ` (validation ${valLoss.toFixed(4)})`}${accurate}`,
      );
    },
  };
  try {
    const names = { columns: table.names, target: table.target };
    const model = await fitPipeline(pipeline, x, labels, { seed, callbacks: [diagnosis, watch], ...names });
    return { model, test: pick(table, split.test) };
  } finally {
    bar.stop();
  }
}

/** Each class keeps its share, where it has rows enough. */
function splitOf({ x, labels }: Rows, testSize: number, seed: number): { train: Int32Array; test: Int32Array } {
  const kinds = [...new Set(labels)];
  const classes = kinds.length <= Math.sqrt(labels.length) * 2;
  const numbers = new Map(kinds.map((kind, i) => [kind, i]));
  const stratify = classes ? { stratify: Int32Array.from(labels, (label) => numbers.get(label) as number) } : {};
  const [split] = holdOut(x.rows, { testSize, seed, ...stratify });
  if (!split) throw new SimdenseError('DATA', 'there are no rows to train on');
  return split;
}

async function crossValidated(
  pipeline: Pipeline,
  { x, labels }: Rows,
  values: Values,
  seed: number,
  interrupt: Interrupt,
): Promise<string> {
  const count = number(values, 'cv', 0);
  if (count === 0) return '';
  const executor = await executorOf(values);
  const bar = progress(values, 'folds');
  try {
    const onProgress = (done: number, total: number): void => bar.update(done, total, '');
    const scores = await crossValidate(pipeline, x, labels, kFold(x.rows, { folds: count, seed }), {
      seed,
      executor,
      signal: interrupt.signal,
      onProgress,
    });
    return judgeFolds(scores, count);
  } finally {
    bar.stop();
    await executor.close();
  }
}

interface Finished {
  readonly file: string;
  readonly table: TrainingTable;
  readonly model: FittedPipeline;
  readonly test: Rows;
  readonly diagnosis: Diagnosis;
  readonly folds: string;
  readonly interrupt: Interrupt;
  readonly values: Values;
  readonly seed: number;
}

/** Judges, writes both files, and says what came of it. */
export async function finish(done: Finished): Promise<number> {
  const { file, table, model, test, diagnosis, folds, interrupt, values, seed } = done;
  const out = text(values, 'out') ?? `${stem(file)}.safetensors`;
  const page = text(values, 'report') ?? `${stem(out)}.html`;
  const { words, figures, contents } = judge(model, test.x, test.labels);
  const summary = [words, folds].filter(Boolean).join(' ');
  await saveFile(out, model.save());
  if (page !== 'none') {
    const html = report({
      title: `${table.target} from ${basename(file)}`,
      summary,
      history: model.history,
      model: model.model,
      findings: diagnosis.findings,
      trace: diagnosis.trace,
      ...contents,
      configuration: configurationOf(model, table),
      command: commandOf(file, table.target, values, seed),
    });
    await saveFile(page, new TextEncoder().encode(html));
  }
  const worst = diagnosis.findings.filter(({ severity }) => severity !== 'info');
  const noted = worst.map(({ message, advice }) => `- ${message}. ${advice}.`);
  const { epochs, stopped } = model.history;
  const ended = `Trained ${epochs.length} epochs on ${table.x.rows - test.x.rows} rows${interrupt.happened ? ', until you ended it' : stopped ? ', until it gained no more' : ''}.`;
  const paragraphs = [
    ended,
    summary,
    ...(noted.length > 0 ? [`Worth a look:\n${noted.join('\n')}`] : []),
    `The model is in ${out}${page === 'none' ? '' : `, the report in ${page}`}. Predict with it: npx simdense predict ${out} DATA.csv`,
  ];
  print(values, plain(paragraphs.join('\n\n')), {
    model: out,
    report: page === 'none' ? undefined : page,
    target: table.target,
    task: model.classes ? 'classification' : 'regression',
    ...figures,
    epochs: epochs.length,
    findings: diagnosis.findings,
    seed,
    interrupted: interrupt.happened,
  });
  model.dispose();
  return interrupt.happened ? exits.interrupted : exits.done;
}

function configurationOf({ pipeline }: FittedPipeline, { names, x }: TrainingTable): Record<string, unknown> {
  const { scale, optimizer, loss, fit, earlyStopping } = pipeline;
  return {
    rows: x.rows,
    columns: names.join(', '),
    scale,
    optimizer,
    loss,
    ...fit,
    ...(earlyStopping && { earlyStopping }),
  };
}

/** The command line that does the same again. */
function commandOf(file: string, target: string, values: Values, seed: number): string {
  const quoted = (word: string): string => (/^[\w./:=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
  const skipped = ['json', 'quiet', 'target', 'seed'];
  const words = Object.entries(values)
    .filter(([name, value]) => !skipped.includes(name) && value !== undefined && value !== false)
    .map(([name, value]) => (value === true ? `--${name}` : `--${name} ${quoted(String(value))}`));
  return ['npx simdense train', quoted(file), `--target ${quoted(target)}`, `--seed ${seed}`, ...words].join(' ');
}
