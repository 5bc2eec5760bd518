// What the report of a training shows of a table: how the predictions are wrong, and what they go by.
import type { Label, Matrix } from '../data/index.js';
import { range } from '../data/random.js';
import { isMatrix } from '../data/rows.js';
import { operatingPoints, partialDependence, permutationImportance } from '../explain/index.js';
import { worstIn } from '../explain/worst-rows.js';
import type { ReportContents } from '../report/index.js';
import type { Table } from '../table/index.js';
import { lineOf } from '../table/lines.js';
import { cellWords } from './cell-words.js';
import { areOrdered } from './deciding.js';
import { areSame, inFileWords, sampleOf } from './explained-rows.js';
import { foldImportance } from './fold-importance.js';
import type { JudgedRows } from './judge.js';
import { decisionOf, isSeveral, type Model, networkOf } from './model.js';
import { count, percent } from './numbers.js';
import { knownRows, type TrainingTable } from './training-table.js';

/** Cells, columns times rows, that are predicted for the importance of columns, and the most and the fewest rows. */
const [CELLS, MOST_ROWS, FEWEST_ROWS] = [20_000, 500, 50];
/** Of more columns no importance is measured: it takes a prediction of the rows for each. */
const MOST_COLUMNS = 200;
const REPEATS = 3;
/** Columns whose values are followed, and points of each. */
const [FOLLOWED, POINTS, FOLLOWED_ROWS] = [4, 15, 300];
/** Rows that are predicted worst, and the cells of each that are shown. */
const [WORST, WORST_CELLS] = [10, 4];
/** Targets of which charts are made. */
const MOST_TARGETS = 3;

/** The table that rows are of. */
export interface ReportTable {
  readonly targets: readonly string[];
  /** The class that was asked for as the positive one. */
  readonly positive?: Label | undefined;
  /** The row of the file of each of the judged rows. */
  line(place: number): number;
}

/** The table of a training. */
export const trainingTableOf = (table: TrainingTable, { places = new Int32Array() }: JudgedRows): ReportTable => ({
  targets: table.targets,
  positive: table.wanted.positive,
  line: rowsOf(table, places),
});

/** The parts of a report about rows of a table. */
export async function tableContents(
  model: Model,
  { rows, truth, outputs: given, members }: JudgedRows,
  table: ReportTable,
): Promise<Partial<ReportContents>> {
  const outputs = given ?? model.predictProbabilities(rows);
  const { classes, pipeline, targets, columns = [] } = networkOf(model);
  const target = table.targets.join(', ');
  const known = knownPlaces(truth, outputs.rows, classes);
  const worst = worstOf(model, answersAt(truth, known), outputs.select(known));
  const rowsShown = worst.map(({ place, ...row }) => ({ row: String(table.line(known[place] as number)), ...row }));
  const shown: Partial<ReportContents> = {
    worstBy: pipeline.task === 'regression' ? 'absolute error' : 'log loss',
    lossName: wordsOf(pipeline.loss),
    worst: rowsShown,
  };
  if ('labels' in truth) {
    if (classes?.length === 2 && known.length === outputs.rows) {
      const positive = decisionOf(model)?.positive ?? positiveOf(classes, truth.labels, table.positive);
      const points = operatingPoints(truth.labels, outputs, { classes, positive });
      const threshold = decisionOf(model)?.threshold ?? 0.5;
      shown.ranking = { points, positive: positiveWords(target, positive), threshold };
    }
  } else if (pipeline.task === 'regression') {
    const { numbers, names } = truth;
    shown.numbers = names.slice(0, MOST_TARGETS).map((name, c) => ({
      target: name,
      actual: columnOf(numbers, c),
      predicted: columnOf(outputs, c),
    }));
  }
  const all = rows as Table;
  const size = Math.min(MOST_ROWS, Math.max(FEWEST_ROWS, Math.round(CELLS / columns.length)));
  const drawn = sampleOf(known.length, size).map((at) => known[at] as number);
  const y = answersAt(truth, drawn);
  if (!targets || drawn.length === 0 || columns.length > MOST_COLUMNS || areSame(y)) return shown;
  const some = all.select(drawn);
  const by = members && drawn.map((at) => members[at] as number);
  const importance =
    by && isSeveral(model)
      ? await foldImportance(model, { rows: some, y, members: Int32Array.from(by) }, REPEATS)
      : await permutationImportance(model, some, { y, repeats: REPEATS });
  shown.importance = {
    columns: importance,
    figure: pipeline.task === 'regression' ? 'r2 falls' : 'the log loss rises',
    rows: by
      ? `Of ${count(drawn.length)}, each as a network predicts it that has not learnt from it.`
      : given
        ? `Of ${count(drawn.length)} that the networks have learnt from: a column also counts that was learnt by heart.`
        : `Of ${count(drawn.length)} that were not learnt from.`,
  };
  const telling = importance.filter(({ mean }) => mean > 0);
  const names = telling.slice(0, WORST_CELLS).map(({ column }) => column);
  const cells = all.select(Int32Array.from(worst, ({ place }) => known[place] as number)).head(worst.length);
  shown.worst = rowsShown.map((row, i) => ({
    ...row,
    cells: Object.fromEntries(names.map((name) => [name, cellWords(model, name, cells[i]?.[name] ?? null)])),
  }));
  const few = some.select(sampleOf(some.rows, FOLLOWED_ROWS));
  const followed = telling.slice(0, FOLLOWED);
  const dependence = [];
  for (const { column } of followed)
    dependence.push(inFileWords(model, await partialDependence(model, few, column, { points: POINTS })));
  shown.dependence = { columns: dependence, target, task: pipeline.task };
  return shown;
}

/** The rows whose answer the model knows, by their places. */
function knownPlaces(truth: JudgedRows['truth'], rows: number, classes: readonly Label[] | undefined): Int32Array {
  const all = range(rows);
  if ('numbers' in truth) return all;
  const known = new Set<Label>(classes);
  return all.filter((row) => known.has(truth.labels[row] as Label));
}

/** What is true of some rows. */
const answersAt = (truth: JudgedRows['truth'], rows: Int32Array): readonly Label[] | Matrix =>
  'numbers' in truth ? truth.numbers.select(rows) : Array.from(rows, (row) => truth.labels[row] as Label);

/** The rows that are predicted worst, by their places; of several numbers by the first. */
function worstOf(
  model: Model,
  y: readonly Label[] | Matrix,
  outputs: Matrix,
): (Omit<NonNullable<ReportContents['worst']>[number], 'row'> & { readonly place: number })[] {
  const { classes, pipeline, outputNames = ['0'] } = networkOf(model);
  const truth = isMatrix(y)
    ? { numbers: y }
    : { indices: Int32Array.from(y, (label) => (classes ?? []).indexOf(label)) };
  const words = (value: Label | readonly Label[]): string =>
    Array.isArray(value)
      ? value.join(', ') || '(none)'
      : typeof value === 'number' && !classes
        ? String(Number(value.toPrecision(6)))
        : String(value);
  const judged = { classes, task: pipeline.task, outputs: outputNames, decision: decisionOf(model) };
  return worstIn(judged, truth, outputs, { count: WORST }).map(({ row, actual, predicted, loss }) => {
    const p = classes ? ` (${percent(outputs.row(row)[classes.indexOf(predicted as Label)] as number)})` : '';
    return {
      place: row,
      actual: words(actual),
      predicted: `${words(predicted)}${p}`,
      loss,
      right: pipeline.task !== 'regression' && words(actual) === words(predicted),
    };
  });
}

/** 'mean squared error' of 'meanSquaredError', or of a description of it. */
function wordsOf(loss: unknown): string {
  const name = typeof loss === 'string' ? loss : String((loss as { readonly type?: unknown }).type);
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** The class that is to be found: the one that was asked for, or that is positive by its word, or else the rarer one. */
function positiveOf(classes: readonly Label[], labels: readonly Label[], asked: Label | undefined): Label {
  const [first, second] = classes as [Label, Label];
  if (asked !== undefined || areOrdered(classes)) return second;
  return 2 * labels.filter((label) => label === first).length < labels.length ? first : second;
}

/** A class that says nothing without its column is 'survived = 1'. */
const positiveWords = (target: string, label: Label): string =>
  /^(\d.*|yes|no|true|false|y|n|t|f)$/i.test(String(label)) ? `${target} = ${label}` : String(label);

const columnOf = ({ data, columns, rows }: Matrix, column: number): number[] =>
  Array.from({ length: rows }, (_, row) => data[row * columns + column] as number);

/** The lines of the file from which rows of a training table come: rows without a target are not in it. */
function rowsOf({ read, table, targets }: TrainingTable, places: Int32Array): (place: number) => number {
  const known = knownRows(read, table, targets);
  return (place) => lineOf(read.data, known(places[place] as number));
}
