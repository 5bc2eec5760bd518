import { isRecord, options, refuse } from '../base/checks.js';
import type { Finding } from '../diagnose/finding.js';
import { type Calibration, type Confusion, checkConfusion } from '../evaluate/judgement.js';
import type { History, Logs } from '../train/history.js';

/** An image that was misread: grey values from 0 (black) to 255, row by row. */
export interface Misread {
  readonly pixels: Uint8Array | readonly number[];
  readonly actual: string;
  readonly predicted: string;
}

export interface ReportContents {
  /** 'Training'. */
  title?: string;
  /** How good the model is, in plain words. */
  summary?: string;
  history: History;
  /** For its layers. */
  model?: { summary(): string; readonly seed: number };
  findings?: readonly Finding[];
  /** diagnose's, for how gradients flow. */
  trace?: readonly Logs[];
  confusion?: Confusion;
  calibration?: Calibration;
  /** Images that were misread, where the inputs are images. */
  images?: { readonly width: number; readonly height: number; readonly misread: readonly Misread[] };
  /** What the training was told, by name. */
  configuration?: Readonly<Record<string, unknown>>;
  /** What repeats it. */
  command?: string;
}

const known = [
  'title',
  'summary',
  'history',
  'model',
  'findings',
  'trace',
  'confusion',
  'calibration',
  'images',
  'configuration',
  'command',
];

/** Throws SimdenseError 'ARGUMENT' for what cannot be shown. */
export function checkContents(where: string, o: ReportContents): ReportContents {
  const given = options(where, o, known);
  if (!Array.isArray(given.history?.epochs)) refuse(`${where}(history)`, 'the history that fit returns', given.history);
  const { confusion, findings, images, trace, calibration, configuration, model } = given;
  for (const name of ['title', 'summary', 'command'] as const) {
    const text: unknown = given[name];
    if (text !== undefined && typeof text !== 'string') refuse(`${where}(${name})`, 'a text', text);
  }
  for (const [name, list] of Object.entries({ findings, trace, epochs: given.history.epochs })) {
    if (list !== undefined && !isList(list)) refuse(`${where}(${name})`, 'an array of objects', list);
  }
  if (model !== undefined && typeof model?.summary !== 'function') refuse(`${where}(model)`, 'a model', model);
  if (configuration !== undefined && !isRecord(configuration))
    refuse(`${where}(configuration)`, 'an object', configuration);
  const { stopped } = given.history;
  if (stopped !== undefined && !(Number.isInteger(stopped?.epoch) && typeof stopped.reason === 'string'))
    refuse(`${where}(history.stopped)`, 'an epoch and a reason', stopped);
  if (
    calibration !== undefined &&
    !(isRecord(calibration) && isList(calibration.bins) && Number.isFinite(calibration.error))
  )
    refuse(`${where}(calibration)`, 'what calibration returns', calibration);
  if (confusion !== undefined) checkConfusion(`${where}(confusion)`, confusion);
  if (images !== undefined && !isList(images?.misread))
    refuse(`${where}(images)`, 'width, height and those misread', images);
  for (const { pixels } of images?.misread ?? []) {
    const expected = (images?.width ?? 0) * (images?.height ?? 0);
    if (pixels?.length !== expected) refuse(`${where}(images)`, `${expected} pixels in each`, pixels?.length);
  }
  return given;
}

const isList = (value: unknown): boolean => Array.isArray(value) && value.every(isRecord);

/** A line of a chart: a value for each epoch, from the first. */
export interface Line {
  readonly name: string;
  readonly values: readonly number[];
}

/** Training and validation figures that belong in one chart: loss, accuracy, … */
export function curvesOf({ epochs }: History): { name: string; lines: Line[] }[] {
  const names = Object.keys(epochs[0] ?? {}).filter((name) => !/^val[A-Z]|^learningRate$/.test(name));
  return names.map((name) => {
    const validation = `val${name[0]?.toUpperCase()}${name.slice(1)}`;
    const line = (label: string, key: string): Line[] =>
      epochs.every((logs) => Number.isFinite(logs[key]))
        ? [{ name: label, values: epochs.map((logs) => logs[key] as number) }]
        : [];
    return { name, lines: [...line('training', name), ...line('validation', validation)] };
  });
}

/** One line a layer of a figure of the trace, such as 'gradient'. */
export function layerLines(trace: readonly Logs[], figure: string): Line[] {
  const prefix = `${figure}/`;
  const seen = trace.filter((logs) => Object.keys(logs).some((key) => key.startsWith(prefix)));
  const keys = Object.keys(seen[0] ?? {}).filter((key) => key.startsWith(prefix));
  return keys.map((key) => ({ name: key.slice(prefix.length), values: seen.map((logs) => logs[key] as number) }));
}

/** A number for people: three digits. */
export function shown(value: number): string {
  if (!Number.isFinite(value) || value === 0 || Number.isInteger(value)) return String(value);
  const size = Math.abs(value);
  return size < 1e-3 || size >= 1e6 ? value.toExponential(1) : String(Number(value.toPrecision(3)));
}

export const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
