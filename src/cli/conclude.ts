// What comes after a training: both files are written, and it is said how good the model is and how sure that is.
import { basename } from 'node:path';
import type { FittedPipeline } from '../evaluate/index.js';
import { saveFile } from '../node/index.js';
import { report } from '../report/index.js';
import { exits } from './command.js';
import type { Fitted } from './fit-table.js';
import { judge } from './judge.js';
import type { Values } from './options.js';
import { plain, print } from './output.js';
import type { Outputs } from './outputs.js';
import type { TrainingTable } from './table.js';

export interface Conclusion extends Fitted {
  /** The command that trained it, and the file with the rows. */
  readonly command: 'train' | 'tune';
  readonly file: string;
  readonly table: TrainingTable;
  readonly outputs: Outputs;
  /** What else there is to say. */
  readonly more: string;
  readonly interrupted: boolean;
  readonly values: Values;
  readonly seed: number;
}

/** Judges, writes both files, and says what came of it. */
export async function conclude(o: Conclusion): Promise<number> {
  const { file, table, outputs, model, test, diagnosis, more, interrupted, values } = o;
  const { words, figures, contents } = judge(model, test.x, test.labels, true);
  const summary = [words, more].filter(Boolean).join(' ');
  const { model: out, report: page } = outputs;
  await saveFile(out, model.save());
  if (page !== undefined) {
    const html = report({
      title: `${table.target} from ${basename(file)}`,
      summary,
      history: model.history,
      model: model.model,
      findings: diagnosis.findings,
      trace: diagnosis.trace,
      ...contents,
      configuration: configurationOf(model, table),
      command: commandOf(o),
    });
    await saveFile(page, new TextEncoder().encode(html));
  }
  const worst = diagnosis.findings.filter(({ severity }) => severity !== 'info');
  const noted = worst.map(({ message, advice }) => `- ${message}. ${advice}.`);
  const { epochs, stopped } = model.history;
  const ended = `Trained ${epochs.length} epochs on ${table.x.rows - test.x.rows} rows${interrupted ? ', until you ended it' : stopped ? ', until it gained no more' : ''}.`;
  const paragraphs = [
    ended,
    summary,
    ...(noted.length > 0 ? [`Worth a look:\n${noted.join('\n')}`] : []),
    `The model is in ${out}${page === undefined ? '' : `, the report in ${page}`}. Predict with it: npx simdense predict ${out} DATA.csv`,
  ];
  print(values, plain(paragraphs.join('\n\n')), {
    model: out,
    report: page,
    target: table.target,
    task: model.classes ? 'classification' : 'regression',
    ...figures,
    epochs: epochs.length,
    findings: diagnosis.findings,
    seed: o.seed,
    interrupted,
  });
  model.dispose();
  return interrupted ? exits.interrupted : exits.done;
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
function commandOf({ command, file, table, values, seed }: Conclusion): string {
  const quoted = (word: string): string => (/^[\w./:=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
  const skipped = ['json', 'quiet', 'target', 'seed'];
  const words = Object.entries(values)
    .filter(([name, value]) => !skipped.includes(name) && value !== undefined && value !== false)
    .map(([name, value]) => (value === true ? `--${name}` : `--${name} ${quoted(String(value))}`));
  return [`npx simdense ${command}`, quoted(file), `--target ${quoted(table.target)}`, `--seed ${seed}`, ...words].join(
    ' ',
  );
}
