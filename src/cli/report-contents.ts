// What the report of a training shows of a table: how the predictions are wrong, and what they go by.
import { createHash } from 'node:crypto';
import { version } from '../base/version.js';
import type { Label, Matrix } from '../data/index.js';
import { operatingPoints, partialDependence, permutationImportance } from '../explain/index.js';
import type { ReportContents } from '../report/index.js';
import type { Table } from '../table/index.js';
import { lineOf, sampleOf } from './explained-rows.js';
import { bytesOf, isUrl, STDIN } from './files.js';
import type { JudgedRows } from './judge.js';
import { decisionOf, type Model, networkOf } from './model.js';
import { percent } from './numbers.js';
import type { TrainingTable } from './training-table.js';

/** Cells, columns times rows, that are predicted for the importance of columns, and the most and the fewest rows. */
const [CELLS, MOST_ROWS, FEWEST_ROWS] = [20_000, 500, 50];
/** Of more columns no importance is measured: it takes a prediction of the rows for each. */
const MOST_COLUMNS = 200;
const REPEATS = 3;
/** Columns whose values are followed, and points of each. */
const [FOLLOWED, POINTS, FOLLOWED_ROWS] = [4, 15, 300];
const WORST = 10;
/** Targets of which charts are made. */
const MOST_TARGETS = 3;

/** The parts of a report about a table. */
export async function tableContents(
  model: Model,
  { rows, truth, outputs = model.predictProbabilities(rows), places = new Int32Array() }: JudgedRows,
  table: TrainingTable,
): Promise<Partial<ReportContents>> {
  const { classes, pipeline, targets, columns = [] } = networkOf(model);
  const target = table.targets.join(', ');
  const shown: Partial<ReportContents> = { worst: worstOf(truth, outputs, classes, rowsOf(table, places)) };
  if ('labels' in truth) {
    const known = new Set<Label>(classes);
    if (classes?.length === 2 && truth.labels.every((label) => known.has(label))) {
      const points = operatingPoints(truth.labels, outputs, { classes });
      shown.ranking = {
        points,
        positive: positiveWords(target, classes[1] as Label),
        threshold: decisionOf(model)?.threshold ?? 0.5,
      };
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
  const drawn = sampleOf(outputs.rows, size);
  const y = answersOf(truth, drawn, classes);
  if (!targets || !y || columns.length > MOST_COLUMNS || areSame(y)) return shown;
  const some = all.select(drawn);
  const importance = await permutationImportance(model, some, { y, repeats: REPEATS });
  shown.importance = {
    columns: importance,
    figure: pipeline.task === 'regression' ? 'r2 falls' : 'the log loss rises',
  };
  const few = some.select(sampleOf(some.rows, FOLLOWED_ROWS));
  const followed = importance.filter(({ mean }) => mean > 0).slice(0, FOLLOWED);
  const dependence = [];
  for (const { column } of followed) dependence.push(await partialDependence(model, few, column, { points: POINTS }));
  shown.dependence = { columns: dependence, target };
  return shown;
}

/** Whether all answers are the same, which tells nothing of columns. */
const areSame = (y: readonly Label[] | Matrix): boolean =>
  'columns' in y ? y.data.every((value, i) => value === y.data[i % y.columns]) : new Set(y).size < 2;

/** What is true of some rows; undefined where a class is none of the model's. */
function answersOf(
  truth: JudgedRows['truth'],
  rows: Int32Array,
  classes: readonly Label[] | undefined,
): readonly Label[] | Matrix | undefined {
  if ('numbers' in truth) return truth.numbers.select(rows);
  const labels = Array.from(rows, (row) => truth.labels[row] as Label);
  const known = new Set<Label>(classes);
  return labels.every((label) => known.has(label)) ? labels : undefined;
}

/** A class that says nothing without its column is 'survived = 1'. */
const positiveWords = (target: string, label: Label): string =>
  /^(\d.*|yes|no|true|false|y|n|t|f)$/i.test(String(label)) ? `${target} = ${label}` : String(label);

const columnOf = ({ data, columns, rows }: Matrix, column: number): number[] =>
  Array.from({ length: rows }, (_, row) => data[row * columns + column] as number);

/** The lines of the file from which rows of a training table come: rows without a target are not in it. */
function rowsOf({ read, table, targets }: TrainingTable, places: Int32Array): (place: number) => number {
  if (read.rows === table.rows) return (place) => lineOf(places[place] as number);
  const cells = targets.map((name) => read.values(name));
  const known = Array.from({ length: read.rows }, (_, row) => row).filter((row) =>
    cells.every((column) => column[row] !== null),
  );
  return (place) => lineOf(known[places[place] as number] as number);
}

function worstOf(
  truth: JudgedRows['truth'],
  outputs: Matrix,
  classes: readonly Label[] | undefined,
  line: (place: number) => number,
): NonNullable<ReportContents['worst']> {
  const { data, columns, rows } = outputs;
  const digits = (value: number): string => String(Number(value.toPrecision(6)));
  const of = (row: number): { actual: string; predicted: string; loss: number } => {
    const own = Array.from(data.subarray(row * columns, (row + 1) * columns));
    if ('labels' in truth) {
      const actual = truth.labels[row] as Label;
      const place = (classes ?? []).indexOf(actual);
      const top = own.reduce((most, p, c) => (p > (own[most] as number) ? c : most), 0);
      return {
        actual: String(actual),
        predicted: `${classes?.[top]} (${percent(own[top] as number)})`,
        loss: -Math.log(Math.max(1e-7, place < 0 ? 0 : (own[place] as number))),
      };
    }
    const { numbers, names } = truth;
    const known = numbers.row(row);
    if (classes === undefined && names.length === 1)
      return {
        actual: digits(known[0] as number),
        predicted: digits(own[0] as number),
        loss: Math.abs((known[0] as number) - (own[0] as number)),
      };
    const wrong = own.map((value, c) => Math.abs(value - (known[c] as number)));
    return {
      actual: Array.from(known, digits).join(', '),
      predicted: own.map(digits).join(', '),
      loss: wrong.reduce((sum, off) => sum + off, 0) / wrong.length,
    };
  };
  return Array.from({ length: rows }, (_, row) => ({ row, ...of(row) }))
    .sort((a, b) => b.loss - a.loss)
    .slice(0, WORST)
    .map(({ row, ...others }) => ({ row: String(line(row)), ...others }));
}

/** What repeats a training beside its command: the version, the day, and what the file was. */
export async function provenanceOf(path: string): Promise<Record<string, string>> {
  const day = new Date().toISOString().slice(0, 10);
  if (path === STDIN || isUrl(path)) return { simdense: version, trained: day };
  const hash = createHash('sha256');
  for await (const part of (await bytesOf(path))()) hash.update(part);
  return { simdense: version, trained: day, 'SHA-256 of the file': hash.digest('hex') };
}
