// The end of a training run: saves the model, writes the report, and prints how good the model is and how certain that is.

import { visible } from '../base/visible.js';
import type { FindingCode } from '../diagnose/index.js';
import type { FittedPipeline } from '../evaluate/index.js';
import { saveFile } from '../node/index.js';
import { report } from '../report/index.js';
import { exits } from './command.js';
import { titleOf } from './files.js';
import { commandFindings } from './findings.js';
import type { Fitted } from './fit-table.js';
import { kept } from './from.js';
import { interruptedExit } from './interrupt.js';
import { judge } from './judge.js';
import { number, type Options, type Values } from './options.js';
import { print } from './output.js';
import type { Outputs } from './outputs.js';
import { textsOf } from './pipeline.js';
import { bestEpoch, type Refit } from './refit.js';
import { commandOf, quoted } from './repeat.js';
import { firstData, namesOf } from './table-words.js';
import type { TrainingTable } from './training-table.js';

export interface Conclusion extends Fitted {
  /** The command that trained the model, and the file with the rows. */
  readonly command: 'train' | 'tune';
  readonly options: Options;
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
  const { outputs, model, refit } = o;
  try {
    await saveFile(outputs.model, (refit.model ?? model).save());
    try {
      await tell(o);
    } catch (cause) {
      // The model is saved already, so say so beside the error.
      throw Object.assign(cause as Error, { note: `The model itself is saved in ${outputs.model}` });
    }
  } finally {
    model.dispose();
    refit.model?.dispose();
  }
  return o.interrupted ? interruptedExit() : exits.done;
}

async function tell(o: Conclusion): Promise<void> {
  const { file, table, outputs, model, test, testRows, diagnosis, more, interrupted, values, refit } = o;
  const further = values['from'] !== undefined;
  // A network that has learnt before begins with a small loss.
  const found = diagnosis.findings.filter(({ code }) => !further || code !== 'first-loss');
  const findings = commandFindings(found, model, { options: o.options, without: further ? kept : [], values });
  const { words, figures, contents } = judge(model, test, {
    // The saved model may have seen any of these rows.
    held: !further,
    trained: true,
    latest: table.together.time !== undefined,
    tryFirst: tryFirst(o),
  });
  const rows = table.table.rows;
  const trainedRows = rows - testRows;
  const summary = [words, more].filter(Boolean).join(words.includes('\n') ? '\n' : ' ');
  const shipped = shippedWords(refit, rows, trainedRows);
  const { model: out, report: page } = outputs;
  if (page !== undefined) {
    const html = report({
      title: `${namesOf(table.targets)} from ${visible(titleOf(file))}`,
      summary: `${summary} ${shipped}`,
      history: model.history,
      model: model.model,
      findings,
      trace: diagnosis.trace,
      ...contents,
      configuration: configurationOf(model, table, refit),
      command: visible(commandOf(o.command, file, table.targets, o.seed, values)),
    });
    await saveFile(page, new TextEncoder().encode(html));
  }
  const worst = findings.filter(({ severity }) => severity !== 'info');
  // List an explained finding below its cause, without advice.
  const noted = worst.map(({ message, advice, because }) => (because ? `  - ${message}.` : `- ${message}. ${advice}.`));
  const { epochs, stopped } = model.history;
  const paragraphs = [
    trainedWords(o, trainedRows),
    summary,
    ...(noted.length > 0 ? [`Worth a look:\n${noted.join('\n')}`] : []),
    `${shipped} It is in ${visible(out)}${page === undefined ? '' : `, the report in ${visible(page)}`}. Predict with it: npx simdense predict ${visible(quoted(out))} DATA.csv`,
  ];
  print(values, paragraphs.join('\n\n'), {
    model: out,
    report: page,
    ...firstData({ ...table, texts: textsOf(values) }),
    trainedRows,
    ...figures,
    epochs: epochs.length,
    bestEpoch: bestEpoch(model),
    refit: refit.model ? { rows, epochs: refit.epochs } : { reason: refit.reason },
    ...(stopped && { stopped }),
    ...o.moreData,
    findings,
    seed: o.seed,
    interrupted,
  });
}

/** 'Trained 40 epochs on 112 rows, until it gained no more; the best was epoch 20.' */
function trainedWords({ model, interrupted }: Conclusion, rows: number): string {
  const { epochs, stopped } = model.history;
  const why = interrupted ? ', until you ended it' : stopped ? ', until it gained no more' : '';
  const best = bestEpoch(model);
  const kept = best < epochs.length ? `; it is judged as it was after ${counted(best)}` : '';
  return `Trained ${counted(epochs.length)} on ${rows} rows${why}${kept}.`;
}

const counted = (epochs: number): string => `${epochs} epoch${epochs === 1 ? '' : 's'}`;

/** Which model is saved. */
function shippedWords(refit: Refit, rows: number, trained: number): string {
  if (refit.model)
    return `The model that is saved was trained again on all ${rows} rows, for ${counted(refit.epochs)}.`;
  return `The model that is saved is the judged one, trained on ${trained} of ${rows} rows, since ${refit.reason}.`;
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

function configurationOf(
  { pipeline, encoder }: FittedPipeline,
  { read, table, targets, task }: TrainingTable,
  refit: Refit,
): Record<string, unknown> {
  const used = new Set([...targets, ...Object.keys(encoder?.kinds ?? {})]);
  const left = read.columns.map(({ name }) => name).filter((name) => !used.has(name));
  const { encode, optimizer, loss, fit, earlyStopping } = pipeline;
  const byKind = new Map<string, string[]>();
  for (const [name, kind] of Object.entries(encoder?.kinds ?? {}))
    byKind.set(kind, [...(byKind.get(kind) ?? []), visible(name)]);
  const columns = Array.from(byKind, ([kind, names]) => [`columns of kind ${kind}`, names.join(', ')]);
  return {
    rows: table.rows,
    task,
    ...Object.fromEntries(columns),
    'columns left out': left.length > 0 ? left.map(visible).join(', ') : undefined,
    features: encoder?.features.length,
    ...(Object.keys(encode ?? {}).length > 0 && { encode }),
    optimizer,
    loss,
    ...fit,
    ...(earlyStopping && { earlyStopping }),
    ...(refit.model && { 'epochs on all rows': refit.epochs }),
  };
}
