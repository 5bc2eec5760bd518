import type { Finding } from '../diagnose/finding.js';
import { type Names, named } from '../diagnose/names.js';
import type { Calibration, ClassFigures, Confusion } from '../evaluate/judgement.js';
import type { Threshold } from '../explain/operating-points.js';
import type { PartialDependence } from '../explain/partial-dependence.js';
import type { ColumnImportance } from '../explain/permutation-importance.js';
import { trainingName, validationName } from '../nn/figures.js';
import type { History, Logs } from '../train/history.js';
import type { Searched } from './search/searched.js';

/** A misclassified image: grey values from 0 (black) to 255, row by row. */
export interface Misread {
  readonly pixels: Uint8Array | readonly number[];
  readonly actual: string;
  readonly predicted: string;
}

export interface ReportContents {
  /** The heading; 'Training run' by default. */
  title?: string;
  /** A sentence below the heading, such as how good the model is. */
  summary?: string;
  /** The result of `fit`. */
  history: History;
  /** The model, whose layers are listed. */
  model?: { summary(): string; readonly seed: number };
  /** The findings of `diagnose`. */
  findings?: readonly Finding[];
  /** What the inputs and the classes are called in the findings; by their numbers without it. */
  names?: { readonly inputs?: readonly string[]; readonly classes?: readonly string[] };
  /** The trace of `diagnose`, for charts of the gradients. */
  trace?: readonly Logs[];
  /** The result of `confusionMatrix`. */
  confusion?: Confusion;
  /** Precision, recall and F1 of each label, where a row may have several. */
  labels?: readonly ClassFigures[];
  /** The result of `calibration`. */
  calibration?: Calibration;
  /** Misclassified images, if the inputs are images. */
  images?: { readonly width: number; readonly height: number; readonly misread: readonly Misread[] };
  /** What the history is of, where that is a part of the model: a sentence. */
  course?: string;
  /** The epoch, from 1, whose weights the model has, where early stopping has brought them back. */
  kept?: number;
  /** Which rows the predictions are of: a sentence. */
  judged?: string;
  /** What the table was read as: lines such as '150 rows and 5 columns'. */
  table?: readonly string[];
  /** Of two classes: the result of `operatingPoints`, the positive class, and the threshold in use. */
  ranking?: { readonly points: readonly Threshold[]; readonly positive: string; readonly threshold: number };
  /** Of numbers: what is true and what is predicted, for each target. */
  numbers?: readonly {
    readonly target: string;
    readonly actual: readonly number[];
    readonly predicted: readonly number[];
  }[];
  /** The result of `permutationImportance`, and what it measures, such as 'the log loss rises'; and which rows it is of: a sentence. */
  importance?: { readonly columns: readonly ColumnImportance[]; readonly figure: string; readonly rows?: string };
  /** Results of `partialDependence`, what is predicted, and whether that is a probability for each class or label, or a number for each target. */
  dependence?: {
    readonly columns: readonly PartialDependence[];
    readonly target: string;
    readonly task: 'classification' | 'multilabel' | 'regression';
  };
  /** What `loss` of the worst rows is, such as 'absolute error'. Default: 'loss'. */
  worstBy?: string;
  /** What the loss of the history is, such as 'mean squared error'. */
  lossName?: string;
  /** The rows that are predicted worst. */
  worst?: readonly {
    readonly row: string;
    readonly actual: string;
    readonly predicted: string;
    readonly loss: number;
    /** Whether the answer is right, though the model was not sure of it. Default: false. */
    readonly right?: boolean;
    /** Some of its cells by the names of their columns, the same ones in each row. */
    readonly cells?: Readonly<Record<string, string>>;
  }[];
  /** The result of the search that has found the settings. */
  search?: Searched;
  /** The settings of the run by name: values that JSON can hold. */
  configuration?: Readonly<Record<string, unknown>>;
  /** The command that repeats the run. */
  command?: string;
}

/** A line of a chart: values at epochs, which count from 1 and rise. */
export interface Line {
  readonly name: string;
  readonly epochs: readonly number[];
  readonly values: readonly number[];
}

/** The line of a figure, without the epochs that have no finite value; an empty list if none has one. */
export function lineOf(name: string, figures: readonly (number | undefined)[]): Line[] {
  const epochs: number[] = [];
  const values: number[] = [];
  for (const [i, value] of figures.entries()) {
    if (value === undefined || !Number.isFinite(value)) continue;
    epochs.push(i + 1);
    values.push(value);
  }
  return values.length > 0 ? [{ name, epochs, values }] : [];
}

/** The names of all figures, in order of their first appearance. */
function namesOf(all: readonly Logs[]): string[] {
  const names = new Set<string>();
  for (const logs of all) for (const name of Object.keys(logs)) names.add(name);
  return [...names];
}

/** The lines of each chart: training and validation of the loss, the accuracy, … */
export function curvesOf({ epochs }: History): { name: string; lines: Line[] }[] {
  const names = namesOf(epochs).filter((name) => name === trainingName(name) && name !== 'learningRate');
  const line = (label: string, key: string): Line[] =>
    lineOf(
      label,
      epochs.map((logs) => logs[key]),
    );
  return names.map((name) => {
    return { name, lines: [...line('training', name), ...line('validation', validationName(name))] };
  });
}

/** Whether the loss of the validation rows was higher at the end than in the kept epoch. */
export function overfits({ epochs }: History, kept: number | undefined): boolean {
  const least = kept === undefined ? undefined : epochs[kept - 1]?.['valLoss'];
  return least !== undefined && (epochs.at(-1)?.['valLoss'] as number) > least;
}

/** What the kept epoch is, in a sentence; '' if it is the last one. */
export function keptWords(history: History, kept: number | undefined): string {
  const { length } = history.epochs;
  if (kept === undefined || kept >= length) return '';
  const after = overfits(history, kept)
    ? ' The loss of the validation rows rose after it: that over-fitting is not in the model.'
    : '';
  return `The network is kept as it was after epoch ${kept} of ${length}.${after}`;
}

/** What is said where nothing was found. */
export const nothingFound = ({ history, kept }: ReportContents): string =>
  overfits(history, kept)
    ? `No problems found up to epoch ${kept}, which was kept; what over-fits after it is not in the model.`
    : 'No problems found.';

/** One line for each layer, of a figure of the trace such as 'gradient'. */
export function layerLines(trace: readonly Logs[], figure: string): Line[] {
  const prefix = `${figure}/`;
  const keys = namesOf(trace).filter((key) => key.startsWith(prefix));
  return keys.flatMap((key) =>
    lineOf(
      key.slice(prefix.length),
      trace.map((logs) => logs[key]),
    ),
  );
}

/** Groups findings by cause, each with the findings that it explains. They name inputs and classes. */
export function byCause(findings: readonly Finding[], names: Names = {}): { cause: Finding; explained: Finding[] }[] {
  const groups: { cause: Finding; explained: Finding[] }[] = [];
  for (const given of findings) {
    const finding = named(given, names);
    const group = groups.at(-1);
    if (finding.because !== undefined && group) group.explained.push(finding);
    else groups.push({ cause: finding, explained: [] });
  }
  return groups;
}

export { shown } from './numbers.js';

export const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

/** '1 epoch', '2 epochs'. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
