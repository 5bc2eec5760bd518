// The end of a training run: saves the model, writes the report, and prints how good the model is and how certain that is.

import { visible } from '../base/visible.js';
import type { FittedPipeline } from '../evaluate/index.js';
import { saveFile } from '../node/index.js';
import { report } from '../report/index.js';
import { exits } from './command.js';
import type { Conclusion } from './conclusion.js';
import { titleOf } from './files.js';
import { commandFindings } from './findings.js';
import { kept } from './from.js';
import { interruptedExit } from './interrupt.js';
import { judge } from './judge.js';
import { decisionOf, isSeveral, networkOf } from './model.js';
import { count } from './numbers.js';
import { print } from './output.js';
import { ofOneNetwork, textsOf } from './pipeline.js';
import { provenanceOf } from './provenance.js';
import { bestEpoch } from './refit.js';
import { commandOf, quoted } from './repeat.js';
import { tableContents, trainingTableOf } from './report-contents.js';
import { firstData, firstWords, namesOf } from './table-words.js';
import { configurationOf, shippedWords, trainedWords, tryFirst } from './trained-words.js';

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
  const network = networkOf(model);
  const findings = commandFindings(found, network, {
    options: o.options,
    without: withoutOf(o),
    ours: isSeveral(model),
    values,
  });
  const { words, figures, contents } = judge(model, test, {
    // The saved model may have seen any of these rows.
    held: further ? false : test.outputs && isSeveral(model) && model.members.length > 1 ? 'by fold' : true,
    // Weights of classes are no advice where the answers are shifted on purpose.
    trained: decisionOf(model) === undefined,
    latest: table.together.time !== undefined,
    ...table.set.suspicions,
    tryFirst: tryFirst(o),
  });
  const rows = table.table.rows;
  const trainedRows = rows - testRows;
  const summary = [words, more].filter(Boolean).join(words.includes('\n') ? '\n' : ' ');
  const shipped = shippedWords(o, rows, trainedRows);
  const { model: out, report: page } = outputs;
  if (page !== undefined) {
    const html = report({
      title: `${namesOf(table.targets)} from ${visible(titleOf(file))}`,
      summary: `${summary} ${shipped}`,
      history: network.history,
      ...(isSeveral(model) && {
        course: `The first of ${model.members.length} networks; the others learn likewise, from other rows.`,
      }),
      ...(network.pipeline.earlyStopping && { kept: bestEpoch(network) }),
      judged: judgedRows(o),
      model: network.model,
      findings,
      trace: diagnosis.trace,
      ...contents,
      ...(await tableContents(model, test, trainingTableOf(table, test))),
      ...(o.search && { search: o.search }),
      table: firstWords({ ...table, texts: textsOf(values) }).split('\n'),
      configuration: { ...configurationOf(o), ...(await provenanceOf(file)) },
      command: visible(commandOf(o.command, file, table.targets, o.seed, values)),
    });
    await saveFile(page, new TextEncoder().encode(html));
  }
  const worst = findings.filter(({ severity }) => severity !== 'info');
  // List an explained finding below its cause, without advice.
  const noted = worst.map(({ message, advice, because }) => (because ? `  - ${message}.` : `- ${message}. ${advice}.`));
  const { epochs, stopped } = network.history;
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
    bestEpoch: bestEpoch(network),
    ...(isSeveral(model) && { networks: model.members.map(epochsOf) }),
    refit: refit.model ? { rows, epochs: refit.epochs } : { reason: refit.reason },
    ...(stopped && { stopped }),
    ...o.moreData,
    findings,
    seed: o.seed,
    interrupted,
  });
}

/** Which rows the report's figures are of. */
function judgedRows({ test, model, values }: Conclusion): string {
  const rows = 'labels' in test.truth ? test.truth.labels.length : test.truth.numbers.rows;
  if (values['from'] !== undefined) return `Of ${count(rows)}, some of which the model may have learnt from before.`;
  return test.outputs && isSeveral(model)
    ? `Of ${count(rows)}, each as a network predicts it that has not learnt from it. explain shows other figures: it asks all networks.`
    : `Of ${count(rows)} that were not learnt from.`;
}

/** Options that would not help: those that a saved model has answered, and those about one network where we choose several. */
function withoutOf({ model, values }: Conclusion): readonly string[] {
  if (values['from'] !== undefined) return kept;
  return isSeveral(model) ? ofOneNetwork : [];
}

const epochsOf = (network: FittedPipeline): Record<string, number> => ({
  epochs: network.history.epochs.length,
  bestEpoch: bestEpoch(network),
});
