// The end of a training run: saves the model, writes the report, and prints how good the model is and how certain that is.

import { basename } from 'node:path';
import { visible } from '../base/visible.js';
import type { FindingCode } from '../diagnose/index.js';
import type { FittedPipeline } from '../evaluate/index.js';
import { saveFile } from '../node/index.js';
import { report } from '../report/index.js';
import { exits } from './command.js';
import type { Fitted } from './fit-table.js';
import { interruptedExit } from './interrupt.js';
import { judge } from './judge.js';
import { number, type Values } from './options.js';
import { print } from './output.js';
import type { Outputs } from './outputs.js';
import { commandOf, quoted } from './repeat.js';
import type { TrainingTable } from './table.js';
import { skippedData, skippedWords, taskWords } from './table-words.js';

export interface Conclusion extends Fitted {
  /** The command that trained the model, and the file with the rows. */
  readonly command: 'train' | 'tune';
  readonly file: string;
  readonly table: TrainingTable;
  readonly outputs: Outputs;
  /** Further sentences for the summary, and their figures for the JSON output. */
  readonly more: string;
  readonly moreData: Readonly<Record<string, unknown>>;
  readonly interrupted: boolean;
  readonly values: Values;
  readonly seed: number;
}

/** Saves the model first, then judges it, writes the report and prints the result. */
export async function conclude(o: Conclusion): Promise<number> {
  const { outputs, model } = o;
  await saveFile(outputs.model, model.save());
  try {
    await tell(o);
  } catch (cause) {
    // The model is saved already, so say so beside the error.
    throw Object.assign(cause as Error, { note: `The model itself is saved in ${outputs.model}` });
  } finally {
    model.dispose();
  }
  return o.interrupted ? interruptedExit() : exits.done;
}

async function tell(o: Conclusion): Promise<void> {
  const { file, table, outputs, model, test, diagnosis, more, interrupted, values } = o;
  const { words, figures, contents } = judge(model, test.x, test.labels, {
    held: true,
    trained: true,
    tryFirst: tryFirst(o),
  });
  const summary = [words, more].filter(Boolean).join(' ');
  const { model: out, report: page } = outputs;
  if (page !== undefined) {
    const html = report({
      title: `${visible(table.target)} from ${visible(basename(file))}`,
      summary,
      history: model.history,
      model: model.model,
      findings: diagnosis.findings,
      trace: diagnosis.trace,
      ...contents,
      configuration: configurationOf(model, table),
      command: visible(commandOf(o.command, file, table.target, o.seed, values)),
    });
    await saveFile(page, new TextEncoder().encode(html));
  }
  const worst = diagnosis.findings.filter(({ severity }) => severity !== 'info');
  // List an explained finding below its cause, without advice.
  const noted = worst.map(({ message, advice, because }) => (because ? `  - ${message}.` : `- ${message}. ${advice}.`));
  const { epochs, stopped } = model.history;
  const task = taskWords(table);
  const why = interrupted ? ', until you ended it' : stopped ? ', until it gained no more' : '';
  const count = epochs.length === 1 ? '1 epoch' : `${epochs.length} epochs`;
  const trainedRows = table.x.rows - test.x.rows;
  const paragraphs = [
    [task, skippedWords(table), `Trained ${count} on ${trainedRows} rows${why}.`].filter(Boolean).join('\n'),
    summary,
    ...(noted.length > 0 ? [`Worth a look:\n${noted.join('\n')}`] : []),
    `The model is in ${visible(out)}${page === undefined ? '' : `, the report in ${visible(page)}`}. Predict with it: npx simdense predict ${visible(quoted(out))} DATA.csv`,
  ];
  print(values, paragraphs.join('\n\n'), {
    model: out,
    report: page,
    target: table.target,
    task: table.task,
    why: table.why,
    ...skippedData(table),
    trainedRows,
    ...figures,
    epochs: epochs.length,
    ...(stopped && { stopped }),
    ...o.moreData,
    findings: diagnosis.findings,
    seed: o.seed,
    interrupted,
  });
}

/** Findings that mean that a run learns too slowly. */
const SLOW: readonly FindingCode[] = ['update-too-small', 'too-few-epochs'];

/** What to try first if the model is not good. */
function tryFirst({ command, model, values, interrupted, diagnosis }: Conclusion): string {
  const { epochs, stopped } = model.history;
  if (interrupted) return 'Let it train to the end first.';
  if (!stopped && number(values, 'patience', 20) !== 0) return `Try more epochs first: --epochs ${10 * epochs.length}.`;
  if (command === 'tune')
    return values['strategy'] === 'grid' ? 'Try other columns first.' : 'Try more trials first, or other columns.';
  const slow = diagnosis.findings.find(({ code }) => SLOW.includes(code));
  if (slow?.message.includes('clipNorm')) return 'Try it without --clip-norm first.';
  if (slow) {
    const { learningRate } = model.pipeline.optimizer as { learningRate?: unknown };
    const tenfold =
      typeof learningRate === 'number' ? `: --learning-rate ${Number((10 * learningRate).toPrecision(3))}` : '';
    return `Try a higher learning rate first${tenfold}. If that does not help, it needs more rows, or columns that say more about it.`;
  }
  // The run ended because the model stopped improving.
  return 'Check first that each label belongs to its row. If so, it needs more rows, or columns that say more about it.';
}

function configurationOf({ pipeline }: FittedPipeline, { names, x }: TrainingTable): Record<string, unknown> {
  const { scale, optimizer, loss, fit, earlyStopping } = pipeline;
  return {
    rows: x.rows,
    columns: names.map(visible).join(', '),
    scale,
    optimizer,
    loss,
    ...fit,
    ...(earlyStopping && { earlyStopping }),
  };
}
