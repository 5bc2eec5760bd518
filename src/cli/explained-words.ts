// Explanations of a model in words, and in bars of characters.
import { largest, smallest } from '../base/extremes.js';
import { visible } from '../base/visible.js';
import type { Label } from '../data/index.js';
import type { Task } from '../evaluate/index.js';
import type { Attribution, PartialDependence, WorstRow } from '../explain/index.js';
import { apart, withDigits } from '../report/numbers.js';
import { aligned, cut } from '../report/words.js';
import type { Cell } from '../table/index.js';
import type { Importance } from './importance.js';
import { count, short } from './numbers.js';

/** The most columns, values and outputs that are listed. */
const MOST_COLUMNS = 20;
/** The longest bar. */
const LONGEST = 30;
const BAR = '█';

/** What stands beside a bar: its name, the number that it shows, and this in words. */
interface Bar {
  readonly name: string;
  readonly value: number;
  readonly words: string;
}

/** A bar for each number, by its size. A name is cut where the line has no room. */
export function bars(list: readonly Bar[], width: number): string {
  const figures = list.reduce((most, { words }) => Math.max(most, words.length), 0);
  const names = list.map(({ name }) => cut(visible(name), Math.floor((width - figures) / 2)));
  const wide = names.reduce((most, { length }) => Math.max(most, length), 0);
  const room = Math.max(1, Math.min(LONGEST, width - wide - figures - 4));
  const longest = largest(
    list.map(({ value }) => Math.abs(value)),
    0,
  );
  return list
    .map(({ value, words }, i) => {
      const length = longest > 0 ? Math.round((Math.abs(value) / longest) * room) : 0;
      return `${(names[i] as string).padEnd(wide)}  ${words.padStart(figures)}  ${BAR.repeat(length)}`.trimEnd();
    })
    .join('\n');
}

/** Writes numbers with as many decimals as give the largest of them three digits. */
function written(numbers: readonly number[]): (value: number) => string {
  const size = largest(numbers.map(Math.abs), 0);
  const decimals = size > 0 ? Math.min(9, Math.max(0, 2 - Math.floor(Math.log10(size)))) : 0;
  // Without the minus of −0.
  return (value) => value.toFixed(decimals).replace(/^-(?=[0.]*$)/, '');
}

/** The same with a plus before what is above 0. */
function signed(numbers: readonly number[]): (value: number) => string {
  const plain = written(numbers);
  return (value) => (Number(plain(value)) > 0 ? `+${plain(value)}` : plain(value));
}

/** What gets worse by how much. */
const worse: Readonly<Record<Task, string>> = {
  classification: 'the log loss rises (it is 0 for right answers without a doubt, and 0.69 for a coin)',
  multilabel: 'the log loss rises (it is 0 for right answers without a doubt, and 0.69 for a coin)',
  regression: 'r2 falls (it is 1 for exact predictions, and 0 for always predicting the mean)',
};

export function importanceWords(
  { columns: list, rows, of, wanted }: Importance,
  { task, width }: { readonly task: Task; readonly width: number },
): string {
  const shown = list.slice(0, MOST_COLUMNS);
  const rest = list.length - shown.length;
  const figure = written(list.map(({ mean }) => mean));
  return [
    `How much the model needs each column. Its cells are exchanged among ${count(rows)} of this file at random, ${list[0]?.values.length} times, and by so much ${worse[task]}:`,
    bars(
      shown.map(({ column, mean, std }) => ({
        name: column,
        value: Math.max(0, mean),
        words: `${figure(mean)} ± ${figure(std)}`,
      })),
      width,
    ),
    ...(rest > 0 ? [`and ${rest} more, which it needs less.`] : []),
    ...(wanted < of
      ? [`It reads ${of} columns; these are of the ${wanted} to which its predictions are most sensitive.`]
      : []),
    ...(list.length < wanted
      ? [`You ended it: ${list.length} of ${wanted} columns were measured, and the others may matter more.`]
      : []),
    'A column near 0 is hardly needed, or another column says the same.',
  ].join('\n');
}

/** A cell or a label in a table. */
const shownAs = (label: Label | readonly Label[]): string =>
  typeof label === 'number' ? String(Number(label.toPrecision(6))) : visible([label].flat().join(', ') || '(none)');

export function worstWords(
  rows: readonly WorstRow[],
  { task, target, width }: { readonly task: Task; readonly target: string; readonly width: number },
): string {
  const numbers = rows.reduce((most, { row }) => Math.max(most, String(row).length), 'row'.length);
  const room = Math.floor((width - numbers - 'probability'.length - 6) / 2);
  const figure: Readonly<Record<Task, readonly [string, (loss: number) => string]>> = {
    classification: ['probability', (loss) => share(Math.exp(-loss))],
    multilabel: ['log loss', short],
    regression: ['off by', short],
  };
  const [name, words] = figure[task];
  const lines = rows.map(({ row, actual, predicted, loss }) => [
    String(row),
    cut(shownAs(actual), room),
    cut(shownAs(predicted), room),
    words(loss),
  ]);
  const right = task !== 'regression' && rows.every((row) => shownAs(row.actual) === shownAs(row.predicted));
  const probability = task === 'classification' ? ', with the probability that it gives the answer' : '';
  const counted = 'They are counted as in a spreadsheet, where the header is row 1.';
  return [
    right
      ? `The rows whose answers it was least sure of${probability}: it is right in all of these. ${counted}`
      : `The rows whose ${visible(target)} it predicts worst${probability}. ${counted} Wrong answers in the data are often among them:`,
    aligned([['row', 'answer', 'predicted', name], ...lines]),
  ].join('\n');
}

/** A share with a decimal; of a small one two digits: 0.031 %. */
const share = (p: number): string =>
  `${p >= 0.001 || p === 0 ? (p * 100).toFixed(1) : Number((p * 100).toPrecision(2))} %`;

/** A row that is explained. */
export interface ExplainedRow {
  readonly line: number;
  readonly isShare: boolean;
  /** The cell of a column as it stands in the file; undefined where the column is not there. */
  cell(column: string): string | undefined;
  /** What the file has as the answer; null where the cell is empty, undefined where it has no such column. */
  readonly actual?: string | null | undefined;
  /** What the model is told to answer, where that is not the most probable class: a sentence without its end. */
  readonly decided?: string | undefined;
  /** What the row is compared with. */
  readonly middle: string;
  /** What `predict` says, where a temperature makes that another number. */
  readonly predicted?: number;
  /** Whether that temperature makes probabilities more sure. */
  readonly surer?: boolean;
  readonly width: number;
}

export function rowWords(
  { output, prediction, baseline, contributions }: Attribution,
  { line, isShare, cell, width, middle, predicted, actual, decided, surer = false }: ExplainedRow,
): string {
  const figure = isShare ? share : (value: number) => withDigits(value, 6);
  const shown = contributions.slice(0, MOST_COLUMNS);
  const rest = contributions.slice(MOST_COLUMNS).reduce((sum, { contribution }) => sum + contribution, 0);
  const unit = isShare ? ', in percentage points' : '';
  const factor = isShare ? 100 : 1;
  const sign = signed(isShare ? [99] : contributions.map(({ contribution }) => contribution));
  const part = (value: number): string => sign(value * factor);
  const what = isShare ? `${shownAs(output)} has ${figure(prediction)}` : `${shownAs(output)} is ${figure(prediction)}`;
  return [
    `Row ${line}: ${what}.${answerWords(actual)}${decided === undefined ? '' : ` ${decided}.`} It is compared with a row in the middle (${middle}), which has ${figure(baseline)}. What each column adds to the difference${unit}:`,
    bars(
      shown.map(({ column, contribution }) => {
        const own = cell(column);
        const name = own === undefined ? column : `${column} = ${own === '' ? '(none)' : shortCell(own)}`;
        return { name, value: contribution, words: part(contribution) };
      }),
      width,
    ),
    ...(contributions.length > MOST_COLUMNS
      ? [`and ${contributions.length - MOST_COLUMNS} more, ${part(rest)} together.`]
      : []),
    ...(predicted === undefined
      ? []
      : [
          `predict says ${figure(predicted)}: it makes all probabilities ${surer ? 'more' : 'less'} sure at the end, as rows that were not learnt from have shown to be right. The parts above are before that.`,
        ]),
  ].join('\n');
}

/** What the file says of a row. */
function answerWords(actual: ExplainedRow['actual']): string {
  if (actual === undefined) return '';
  return actual === null ? ' The file has no answer for it.' : ` The file says ${shownAs(shortCell(actual))}.`;
}

/** Days without a time. */
const withoutMidnight = (date: string): string => date.replace(/T00:00:00\.000Z$|\.000Z$/, '');

/** A cell of a file, of a long number six digits. */
const shortCell = (text: string): string =>
  /^-?\d+\.\d{4,}$/.test(text) ? String(Number(Number(text).toPrecision(6))) : withoutMidnight(text);

/** The cells of a column of values: numbers have as many digits as tell them apart. */
function valuesWords(cells: readonly Cell[]): string[] {
  const numbers = apart(cells.filter((cell) => typeof cell === 'number'));
  let next = 0;
  return cells.map((cell) => (typeof cell === 'number' ? (numbers[next++] as string) : valueWords(cell)));
}

/** A cell that is no number. */
export function valueWords(cell: Cell): string {
  if (cell === null) return '(none)';
  if (cell instanceof Date) return withoutMidnight(cell.toISOString());
  return visible(String(cell));
}

export function columnWords(
  { column, values, outputs, means }: PartialDependence,
  { isShare, width, rows }: { readonly isShare: boolean; readonly width: number; readonly rows: number },
): string {
  const figure = isShare ? share : (value: number) => withDigits(value, 4);
  const name = visible(column);
  const cells = valuesWords(values);
  const head = `on average, if ${name} were the same in ${rows === 1 ? 'the row' : `all ${rows} rows`} of this file and the other columns as they are:`;
  // Of two classes one tells the other.
  const places = outputs.length === 2 && isShare ? [1] : [...outputs.keys()];
  const [only] = places;
  if (places.length === 1) {
    const own = means[only as number] as readonly number[];
    const list = values.map((_, v) => ({ name: cells[v] as string, value: own[v] as number, words: '' }));
    const what = isShare ? `the probability of ${shownAs(outputs[only as number] as Label)}` : 'the prediction';
    return [
      `What ${what} is ${head}`,
      bars(
        list.map((bar) => ({ ...bar, words: figure(bar.value) })),
        width,
      ),
    ].join('\n');
  }
  const most = Math.max(1, Math.floor((width - 14) / 12));
  const spread = (o: number): number =>
    largest(means[o] as readonly number[]) - smallest(means[o] as readonly number[]);
  const kept = places
    .sort((a, b) => spread(b) - spread(a))
    .slice(0, most)
    .sort((a, b) => a - b);
  const dropped = places.length - kept.length;
  return [
    `What it predicts ${head}`,
    aligned([
      [cut(name, 12), ...kept.map((o) => cut(shownAs(outputs[o] as Label), 10))],
      ...values.map((_, v) => [cut(cells[v] as string, 12), ...kept.map((o) => figure(means[o]?.[v] as number))]),
    ]),
    ...(dropped > 0
      ? [`${dropped === 1 ? 'The other one varies' : `The other ${dropped} vary`} less; --output NAME shows one alone.`]
      : []),
  ].join('\n');
}
