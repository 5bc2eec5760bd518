import { SimdenseError } from '../../base/errors.js';
import { visible } from '../../base/visible.js';
import type { Label } from '../../data/index.js';
import { classFigures } from '../../evaluate/index.js';
import type { RowGroups } from '../../evaluate/verdict/words.js';
import { saveFile } from '../../node/index.js';
import { report, reportText } from '../../report/index.js';
import { lineOf } from '../../table/lines.js';
import { type Call, type Command, exits } from '../command.js';
import { filesOf, titleOf } from '../files.js';
import { imagesOf } from '../images.js';
import { judge } from '../judge.js';
import { decisionWords, isSeveral, loadAny, type Model, networkOf } from '../model.js';
import { type ModelFile, readModelFile } from '../model-file.js';
import { type ModelRows, modelRows } from '../model-rows.js';
import { readModel, refuseNetwork } from '../models.js';
import { notesData, notesWords } from '../notes.js';
import { count } from '../numbers.js';
import { common, overwriting, reading, text, training } from '../options.js';
import { print, reportColumns } from '../output.js';
import { checkOutputs, pathOutput, reportOf } from '../outputs.js';
import { quoted } from '../repeat.js';
import { tableContents } from '../report-contents.js';
import { withoutSecrets } from '../secrets.js';
import { labellessWords, namesOf } from '../table-words.js';
import { type KnownRows, truthIn } from '../truth.js';

export const evaluate: Command = {
  name: 'evaluate',
  usage: 'MODEL DATA.csv',
  summary: 'says how good a model is on rows whose answers are known',
  options: {
    target: { ...training.target, help: 'the column with the answers; default the one that it was trained on' },
    group: {
      ...training.group,
      help: 'rows with the same value in this column, such as the patient, are alike: the interval is over groups',
    },
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
  const [path, data] = files as [string, string];
  using model = await readModel(path, (bytes) => {
    refuseNetwork(path, bytes, 'judge it in a program: loadModel, compile and evaluate');
    return loadAny(bytes);
  });
  const file = await readModelFile(data, values);
  const used = modelRows(model, file, values);
  const network = networkOf(model);
  const known = truthIn(network, file, text(values, 'target'));
  const { rows, truth, names, labelless } = known;
  const lost = file.found.rows - rows.length;
  const group = text(values, 'group');
  if (group !== undefined && names.includes(group))
    throw new SimdenseError('ARGUMENT', '--group: expected a column that is not the target');
  const groups = groupsIn(file, group, rows);
  const decided = decisionWords(model);
  const judged = { rows: used.select(rows), truth, groups, images: imagesOf(file.found.select(rows), names) };
  const { words, figures, contents } = judge(model, judged, {
    held: false,
    tryFirst: decided
      ? `${decided}, as it was told for another aim than to be right as often as can be.`
      : 'Check first that its columns mean the same, in the same units, as those that it was trained on.',
  });
  if (page !== undefined) {
    const line = (place: number): number => lineOf(file.found.data, rows[place] as number);
    const html = report({
      title: files.map((file) => visible(titleOf(file))).join(' on '),
      summary: words,
      history: network.history,
      course: `How ${isSeveral(model) ? 'the first network of the model' : 'the model'} was trained; it says nothing of these rows.`,
      judged: `Of ${count(rows.length)} of ${visible(titleOf(data))}.`,
      model: network.model,
      ...contents,
      ...(network.encoder && (await tableContents(model, judged, { targets: names, line }))),
      command: visible(
        ['npx simdense evaluate', quoted(path), quoted(withoutSecrets(data)), `--report ${quoted(page)}`].join(' '),
      ),
    });
    await saveFile(page, new TextEncoder().encode(html));
  }
  const { confusion, labels } = contents;
  const drawn = {
    title: 'Predictions',
    history: { epochs: [] },
    ...(confusion && { confusion }),
    ...(labels && { labels }),
  };
  const predictions = confusion || labels ? `\n\n${reportText(drawn, { columns: reportColumns() })}` : '';
  const first = [
    lost > 0
      ? `${count(lost)} ${lost === 1 ? 'has' : 'have'} no ${namesOf(names)} and ${lost === 1 ? 'is' : 'are'} left out.`
      : '',
    labellessWords(labelless),
    notesWords(used.notes),
  ].filter(Boolean);
  print(values, `${[...first, words].join('\n')}${predictions}`, {
    tableRows: file.found.rows,
    rowsWithoutTarget: lost,
    ...(network.pipeline.task === 'multilabel' && { rowsWithoutLabel: labelless }),
    ...notesData(used.notes),
    ...figuresOf(model, used, known),
    ...figures,
    ...(confusion && { confusion, byClass: classFigures(confusion) }),
  });
  return exits.done;
}

/** The groups of some rows, by the cells of a column as they stand in the file; each row without a cell is a group of its own. */
function groupsIn(file: ModelFile, name: string | undefined, rows: Int32Array): RowGroups | undefined {
  if (name === undefined) return undefined;
  const { texts, codes } = file.column(name).texts;
  return { name, of: rows.map((row) => ((codes[row] as number) < 0 ? texts.length + row : (codes[row] as number))) };
}

/** Loss and metrics, on the rows whose labels the model knows. */
function figuresOf(model: Model, used: ModelRows, { rows, truth }: KnownRows): Record<string, number> {
  // Of several networks, the judgement says what there is.
  if (isSeveral(model)) return {};
  if ('numbers' in truth) return model.evaluate(used.select(rows), truth.numbers);
  const known = new Set<Label>(model.classes);
  const places = Array.from(truth.labels.keys()).filter((i) => known.has(truth.labels[i] as Label));
  return model.evaluate(
    used.select(Int32Array.from(places, (i) => rows[i] as number)),
    places.map((i) => truth.labels[i] as Label),
  );
}
