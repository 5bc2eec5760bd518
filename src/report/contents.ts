import type { Finding } from '../diagnose/finding.js';
import type { Calibration, Confusion } from '../evaluate/judgement.js';
import { trainingName, validationName } from '../nn/figures.js';
import type { History, Logs } from '../train/history.js';

/** An image that was misread: grey values from 0 (black) to 255, row by row. */
export interface Misread {
  readonly pixels: Uint8Array | readonly number[];
  readonly actual: string;
  readonly predicted: string;
}

export interface ReportContents {
  /** 'Training run'. */
  title?: string;
  /** How good the model is, in plain words. */
  summary?: string;
  history: History;
  /** For its layers. */
  model?: { summary(): string; readonly seed: number };
  findings?: readonly Finding[];
  /** Of diagnose, for how gradients flow. */
  trace?: readonly Logs[];
  confusion?: Confusion;
  calibration?: Calibration;
  /** Images that were misread, where the inputs are images. */
  images?: { readonly width: number; readonly height: number; readonly misread: readonly Misread[] };
  /** What the run was told, by name: numbers, texts and whatever else JSON can hold. */
  configuration?: Readonly<Record<string, unknown>>;
  /** What repeats it. */
  command?: string;
}

/** A line of a chart: values at epochs, from 1, in their order. */
export interface Line {
  readonly name: string;
  readonly epochs: readonly number[];
  readonly values: readonly number[];
}

/** A figure by epoch, without the epochs that have no number; none where no epoch has. */
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

/** Names of the figures of all epochs, in the order in which they come first. */
function namesOf(all: readonly Logs[]): string[] {
  const names = new Set<string>();
  for (const logs of all) for (const name of Object.keys(logs)) names.add(name);
  return [...names];
}

/** Training and validation figures that belong in one chart: loss, accuracy, … */
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

/** One line a layer of a figure of the trace, such as 'gradient'. */
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

/** Findings by cause: each with those that it explains. */
export function byCause(findings: readonly Finding[]): { cause: Finding; explained: Finding[] }[] {
  const groups: { cause: Finding; explained: Finding[] }[] = [];
  for (const finding of findings) {
    const group = groups.at(-1);
    if (finding.because !== undefined && group) group.explained.push(finding);
    else groups.push({ cause: finding, explained: [] });
  }
  return groups;
}

export { figure as shown } from '../diagnose/finding.js';

export const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

/** '1 epoch', '2 epochs'. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
