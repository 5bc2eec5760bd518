import { show } from '../../base/checks.js';
import { didYouMean } from '../../base/did-you-mean.js';
import { SimdenseError } from '../../base/errors.js';
import { listed } from '../../base/listed.js';
import type { Label } from '../../data/index.js';
import type { FittedPipeline } from '../../evaluate/index.js';
import { integratedGradients, partialDependence, worstRows } from '../../explain/index.js';
import { lineOf, rowOfLine } from '../../table/lines.js';
import { notEmpty, wholeFrom } from '../checks.js';
import { type Call, type Command, exits } from '../command.js';
import { answeredRows, areSame, inFileWords, sampleOf } from '../explained-rows.js';
import { columnWords, importanceWords, rowWords, worstWords } from '../explained-words.js';
import { filesOf } from '../files.js';
import { FEW_ROWS, measured } from '../importance.js';
import { Interrupt, Interruption, interruptedExit } from '../interrupt.js';
import { decisionWords, isSeveral, loadAny, type Model, networkOf, networksOf } from '../model.js';
import { type ModelFile, readModelFile } from '../model-file.js';
import { type ModelRows, modelRows } from '../model-rows.js';
import { readModel, refuseNetwork } from '../models.js';
import { notesData, notesWords } from '../notes.js';
import { count } from '../numbers.js';
import { common, reading, text, training, type Values } from '../options.js';
import { print, reportColumns } from '../output.js';
import { namesOf } from '../table-words.js';
import { answerOf } from '../truth.js';

export const explain: Command = {
  name: 'explain',
  usage: 'MODEL DATA.csv',
  summary: 'says which columns a model needs, which rows it gets most wrong, and why it predicts what it does',
  options: {
    row: {
      type: 'string',
      value: 'N',
      check: wholeFrom(1),
      help: 'only this: why this row is predicted as it is; by its number in a spreadsheet, where a header is row 1 and blank rows count',
    },
    column: {
      type: 'string',
      value: 'NAME',
      check: notEmpty('the name of a column'),
      help: 'only this: what is predicted on average for each value of this column',
    },
    output: {
      type: 'string',
      value: 'NAME',
      check: notEmpty('a class, label or target'),
      help: 'the class, label or target that is explained; default the predicted class',
    },
    target: { ...training.target, help: 'the column with the answers; default the one that it was trained on' },
    ...reading,
    ...common,
  },
  notes:
    'What takes many predictions takes at most 2000 rows, drawn at random, and of many columns only those that may matter. Ctrl-C keeps what is measured.\nTake rows that the model has not learnt from: on others, a column counts too that was learnt by heart.',
  run,
};

/** The most rows that are used for what takes predictions for each value of a column. */
const MOST_ROWS = 2000;
/** Values of a column of numbers. */
const POINTS = 10;

/** What is asked, and of which rows. */
interface Question {
  readonly model: Model;
  readonly file: ModelFile;
  readonly used: ModelRows;
  /** Of several numbers the one that is meant. */
  readonly output: { readonly output?: Label };
  readonly width: number;
  readonly values: Values;
  readonly interrupt: Interrupt;
}

/** A part of the answer, in words and for JSON output. */
interface Answer {
  readonly words: string;
  readonly data: Readonly<Record<string, unknown>>;
}

async function run(call: Call): Promise<number> {
  const { values } = call;
  const [path, data] = filesOf(call, explain) as [string, string];
  using interrupt = new Interrupt();
  using model = await readModel(path, (bytes) => {
    refuseNetwork(path, bytes, 'what npx simdense train makes can be explained');
    return loadAny(bytes);
  });
  const output = outputOf(model, text(values, 'output'));
  const column = columnOf(model, text(values, 'column'));
  const file = await readModelFile(data, values);
  const row = rowOf(file, text(values, 'row'));
  if (row !== undefined) checkChosen(model, output);
  const used = modelRows(model, file, values);
  const asked: Question = { model, file, used, output, width: reportColumns(), values, interrupt };
  const answers = await orSaid(async () => [
    ...(row === undefined ? [] : [await rowExplained(asked, row)]),
    ...(column === undefined ? [] : [await columnExplained(asked, column)]),
    // What is asked for is answered alone.
    ...(row === undefined && column === undefined ? [await judged(asked, text(values, 'target'))] : []),
  ]);
  const words = [notesWords(used.notes), ...answers.map(({ words }) => words)].filter(Boolean).join('\n\n');
  const figures = Object.fromEntries(answers.flatMap(({ data }) => Object.entries(data)));
  print(values, words, { tableRows: file.found.rows, ...notesData(used.notes), ...figures });
  return interrupt.happened ? interruptedExit() : exits.done;
}

/** Work that Ctrl-C ends before there is anything to show says so. */
async function orSaid<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Interruption)) throw error;
    throw new Interruption('you ended it before anything was found out, so there is nothing to show');
  }
}

/** Which columns the model needs, and which rows it gets most wrong. */
async function judged(
  { model, file, used, output, width, values, interrupt }: Question,
  target: string | undefined,
): Promise<Answer> {
  const { rows, lost, unknown, names, answers } = answeredRows(model, file, target);
  const { task } = networkOf(model).pipeline;
  const all = sampleOf(rows.length, rows.length);
  const y = answers(all);
  const [first] = outputsOf(model);
  const one = task !== 'regression' ? {} : { output: output.output ?? (first as Label) };
  // First, since it takes a prediction of each row and no more.
  const found = await worstRows(model, used.select(rows), { y, ...one, signal: interrupt.signal });
  const few = rows.length < FEW_ROWS;
  const select = (places: Int32Array) => used.select(places.map((place) => rows[place] as number));
  const importance =
    few || areSame(y) ? undefined : await measured(model, rows.length, { select, answers }, { values, interrupt });
  const worst = found.map(({ row, ...others }) => ({ row: lineOf(file.found.data, rows[row] as number), ...others }));
  const left = [
    ...(lost > 0
      ? [
          `${count(lost)} ${lost === 1 ? 'has' : 'have'} no ${namesOf(names)} and ${lost === 1 ? 'is' : 'are'} left out.`,
        ]
      : []),
    ...(unknown > 0
      ? [
          `${count(unknown)} ${unknown === 1 ? 'has' : 'have'} an answer that the model does not know, and ${unknown === 1 ? 'is' : 'are'} left out.`,
        ]
      : []),
  ];
  const meant = task === 'regression' && outputsOf(model).length > 1 ? String(one.output) : namesOf(names);
  return {
    words: [
      [...left, FLATTERED].join('\n'),
      importance
        ? importance.columns.length > 0
          ? importanceWords(importance, { task, width })
          : 'You ended it before a column was measured.'
        : few
          ? `${count(rows.length)} ${rows.length === 1 ? 'is' : 'are'} too few to tell which columns the model needs: that takes ${FEW_ROWS}.`
          : 'All of these rows have the same answer, which does not tell which columns the model needs.',
      worstWords(worst, { task, target: meant, width }),
    ].join('\n\n'),
    data: {
      rowsWithoutTarget: lost,
      rowsOfUnknownClass: unknown,
      rows: rows.length,
      ...(importance && {
        importanceRows: importance.rows,
        importance: importance.columns,
        ...(importance.columns.length < importance.of && {
          columnsNotMeasured: importance.of - importance.columns.length,
        }),
      }),
      worstRows: worst,
    },
  };
}

/** A file does not tell whether the model has learnt from it. */
const FLATTERED =
  'This is of the rows of this file. Where the model was trained on them, a column also counts that was learnt by heart, and fewer rows look wrong than on new rows: the figures of the training, and of its report, are of rows that were not learnt from.';

/** Why a row is predicted as it is, compared with the middle of the training rows where the model knows that, and else with the average of the file. */
async function rowExplained(
  { model, file, used, output, width, values, interrupt: { signal } }: Question,
  row: number,
): Promise<Answer> {
  const known = networksOf(model).every(knowsMiddle);
  if (!known && file.found.rows < 2)
    throw new SimdenseError(
      'ARGUMENT',
      '--row: the model does not know what its training rows were like, so a row is compared with the average of the file; give a file of several rows',
    );
  const baseline = known ? {} : { baseline: used.select(sampleOf(file.found.rows, MOST_ROWS)) };
  const found = await integratedGradients(model, used.select(Int32Array.of(row)), { ...baseline, ...output, signal });
  const { columns } = file.found;
  const actual = answerOf(networkOf(model), file, text(values, 'target'), { row, output: found.output });
  const cell = (name: string) => file.own[columns.findIndex((column) => column.name === name)]?.of(row);
  const line = lineOf(file.found.data, row);
  const tempered =
    isSeveral(model) && model.temperature !== 1
      ? model.predictProbabilities(used.select(Int32Array.of(row)))
      : undefined;
  return {
    words: rowWords(found, {
      line,
      isShare: isShare(model),
      cell,
      width,
      actual,
      decided: decisionWords(model),
      middle: known ? ofTraining(model) : 'the average of the rows of this file',
      ...(tempered && {
        predicted: tempered.data[outputsOf(model).indexOf(found.output)] as number,
        surer: isSeveral(model) && model.temperature < 1,
      }),
    }),
    data: { row: { row: line, ...(actual !== undefined && { actual }), ...found } },
  };
}

/** Whether a network's file tells what its training rows were like: an encoder does, and a scaler that has a mean or a median. */
const knowsMiddle = ({ encoder, scaler }: FittedPipeline): boolean =>
  encoder !== undefined || scaler.type === 'standard' || scaler.type === 'robust';

/** What the middle of the training rows is. */
function ofTraining(model: Model): string {
  const { encoder, scaler } = networkOf(model);
  if (!encoder) return `the ${scaler.type === 'robust' ? 'medians' : 'means'} of the training rows`;
  const kinds = new Set<string>(Object.values(encoder.kinds));
  const parts = [
    ...(kinds.has('number') || kinds.has('date') ? ['the medians of the training rows'] : []),
    ...(kinds.has('boolean') ? ['the commoner of true and false'] : []),
    ...(kinds.has('category') ? ['an even mix of the categories'] : []),
    ...(kinds.has('text') ? ['no words'] : []),
  ];
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

/** What is predicted on average for each value of a column. */
async function columnExplained(
  { model, file, used, output, width, interrupt: { signal } }: Question,
  column: string,
): Promise<Answer> {
  const places = sampleOf(file.found.rows, MOST_ROWS);
  const found = await partialDependence(model, used.select(places), column, { points: POINTS, ...output, signal });
  return {
    words: columnWords(inFileWords(model, found), { isShare: isShare(model), width, rows: places.length }),
    data: { column: found },
  };
}

const isShare = (model: Model): boolean => networkOf(model).pipeline.task !== 'regression';

/** The names of what is predicted. */
function outputsOf(model: Model): readonly Label[] {
  const { outputNames, model: network } = networkOf(model);
  return outputNames ?? Array.from({ length: network.outputs }, (_, i) => i);
}

/** The output of a name. Throws SimdenseError 'ARGUMENT' if there is none. */
function outputOf(model: Model, name: string | undefined): { readonly output?: Label } {
  if (name === undefined) return {};
  const known = outputsOf(model);
  const output = known.find((each) => String(each) === name);
  if (output !== undefined) return { output };
  const names = known.map(String);
  throw new SimdenseError(
    'ARGUMENT',
    `--output: expected one of ${listed(names)}, got ${show(name)}${didYouMean(name, names)}`,
  );
}

/** Throws SimdenseError 'ARGUMENT' where it must be said which of several outputs is meant. */
function checkChosen(model: Model, { output }: { readonly output?: Label }): void {
  const known = outputsOf(model);
  if (output !== undefined || model.classes || known.length === 1) return;
  throw new SimdenseError(
    'ARGUMENT',
    `--row: the model predicts several things; give --output one of ${listed(known.map(String))}`,
  );
}

/** A column that the model reads. Throws SimdenseError 'ARGUMENT' for others. */
function columnOf(model: Model, name: string | undefined): string | undefined {
  const known = new Set(networksOf(model).flatMap(({ columns = [] }) => columns));
  if (name === undefined || known.has(name)) return name;
  const names = [...known];
  throw new SimdenseError(
    'ARGUMENT',
    `--column: expected a column that the model reads, ${listed(names)}, got ${show(name)}${didYouMean(name, names)}`,
  );
}

/** The row of a number as in a spreadsheet. Throws SimdenseError 'ARGUMENT' if the file has none. */
function rowOf({ found: { data } }: ModelFile, line: string | undefined): number | undefined {
  if (line === undefined) return undefined;
  const row = rowOfLine(data, Number(line));
  if (row !== undefined) return row;
  const [first, last] = [lineOf(data, 0), lineOf(data, data.rows - 1)];
  const between = Number(line) > first && Number(line) < last;
  throw new SimdenseError(
    'ARGUMENT',
    between ? `--row: row ${line} of the file is blank` : `--row: expected a row from ${first} to ${last}, got ${line}`,
  );
}
