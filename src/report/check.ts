// Checks the contents of a report, part by part, before anything is drawn.
import { isRecord, options, positiveInteger, refuse, wholeNumber } from '../base/checks.js';
import { type Check, count, finite, list, number, optional, record, text } from './check-parts.js';
import type { ReportContents } from './contents.js';
import { searched } from './search/check.js';

const grey: Check = (where, value) => {
  if (typeof value !== 'number' || !(value >= 0 && value <= 255)) refuse(where, 'a grey value from 0 to 255', value);
};

const severity: Check = (where, value) => {
  if (value !== 'info' && value !== 'warning' && value !== 'problem')
    refuse(where, 'one of info, warning, problem', value);
};

/** Texts by name. */
const texts: Check = (where, value) => {
  if (!isRecord(value)) refuse(where, 'texts by name', value);
  for (const [name, each] of Object.entries(value)) text(`${where}.${name}`, each);
};

const logs: Check = (where, value) => {
  if (!isRecord(value)) refuse(where, 'figures by name', value);
  for (const [name, figure] of Object.entries(value)) number(`${where}.${name}`, figure);
};

const model: Check = (where, value) => {
  const { summary, seed } = (value ?? {}) as { summary?: unknown; seed?: unknown };
  if (typeof summary !== 'function') refuse(where, 'a model', value);
  wholeNumber(`${where}.seed`, seed);
};

/** Checks an object of values that JSON can hold. */
const configuration: Check = (where, value) => {
  if (!isRecord(value)) refuse(where, 'an object', value);
  for (const [name, setting] of Object.entries(value)) {
    if (setting !== undefined && jsonOf(setting) === undefined)
      refuse(`${where}.${name}`, 'a value that JSON can hold', setting);
  }
};

/** A value as JSON; undefined for one that JSON cannot hold, such as a BigInt or an object that contains itself. */
export function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

const confusion: Check = (where, value) => {
  const { labels, counts } = (value ?? {}) as { labels?: unknown; counts?: unknown };
  const size = Array.isArray(labels) ? labels.length : -1;
  const isSquare =
    Array.isArray(counts) &&
    counts.length === size &&
    counts.every((line: unknown) => Array.isArray(line) && line.length === size);
  if (!isSquare) refuse(where, 'labels, and as many rows and columns of counts', value);
  list(text, 'an array of labels')(`${where}.labels`, labels);
  list(list(count, 'an array of counts'), 'rows of counts')(`${where}.counts`, counts);
};

const images: Check = (where, value) => {
  if (!isRecord(value)) refuse(where, 'width, height and the misread images', value);
  const pixels =
    positiveInteger(`${where}.width`, value['width']) * positiveInteger(`${where}.height`, value['height']);
  const image: Check = (at, given) => {
    record({ pixels: list(grey, 'an array of grey values'), actual: text, predicted: text }, 'an image')(at, given);
    const { length } = (given as { pixels: readonly number[] }).pixels;
    if (length !== pixels) refuse(`${at}.pixels`, `${pixels} grey values`, length);
  };
  list(image, 'an array of images')(`${where}.misread`, value['misread']);
};

const finding = record(
  {
    code: text,
    severity,
    message: text,
    advice: text,
    layer: optional(text),
    because: optional(text),
    value: optional(number),
    inputs: optional(list(count, 'an array of numbers of inputs')),
    class: optional(count),
  },
  'a finding of diagnose',
);

const history: Check = (where, value) => {
  if (!isRecord(value) || !Array.isArray(value['epochs'])) refuse(where, 'the history that fit returns', value);
  list(logs, 'an array of figures by name')(`${where}.epochs`, value['epochs']);
  optional(record({ epoch: count, reason: text }, 'an epoch and a reason'))(`${where}.stopped`, value['stopped']);
};

const task: Check = (where, value) => {
  if (value !== 'classification' && value !== 'multilabel' && value !== 'regression')
    refuse(where, 'one of classification, multilabel, regression', value);
};

/** A result of partialDependence. */
const dependence: Check = (where, value) => {
  const parts = {
    column: text,
    values: list(() => {}, 'an array of values'),
    outputs: list(() => {}, 'an array of outputs'),
  };
  record(parts, 'the result of partialDependence')(where, value);
  const { values, outputs, means } = value as { values: unknown[]; outputs: unknown[]; means: unknown };
  const fits =
    Array.isArray(means) &&
    means.length === outputs.length &&
    means.every((own: unknown) => Array.isArray(own) && own.length === values.length);
  if (!fits) refuse(`${where}.means`, `a list of ${values.length} for each of outputs`, means);
  list(list(finite, 'an array of numbers'), 'an array of lists')(`${where}.means`, means);
};

const names: Check = (where, value) => {
  const { inputs, classes } = options<NonNullable<ReportContents['names']>, ['inputs', 'classes']>(
    where,
    value as object,
    ['inputs', 'classes'],
  );
  for (const [name, given] of Object.entries({ inputs, classes }))
    optional(list(text, 'an array of names'))(`${where}.${name}`, given);
};

const parts: Readonly<Record<keyof ReportContents, Check>> = {
  title: optional(text),
  summary: optional(text),
  history,
  model: optional(model),
  findings: optional(list(finding, 'an array of findings')),
  names: optional(names),
  trace: optional(list(logs, 'an array of figures by name')),
  confusion: optional(confusion),
  labels: optional(
    list(
      record({ label: text, precision: finite, recall: finite, f1: finite, support: count }, 'the figures of a label'),
      'an array of figures by label',
    ),
  ),
  calibration: optional(
    record(
      {
        bins: list(record({ count, confidence: finite, accuracy: finite }, 'a bin'), 'an array of bins'),
        error: finite,
      },
      'the result of calibration',
    ),
  ),
  images: optional(images),
  course: optional(text),
  worstBy: optional(text),
  lossName: optional(text),
  kept: optional((where, value) => void positiveInteger(where, value)),
  judged: optional(text),
  table: optional(list(text, 'an array of texts')),
  ranking: optional(
    record(
      {
        points: list(
          record({ threshold: finite, precision: finite, recall: finite, predictedPositive: count }, 'a point'),
          'the result of operatingPoints',
        ),
        positive: text,
        threshold: finite,
      },
      'points, the positive class and the threshold',
    ),
  ),
  numbers: optional(
    list(
      record(
        { target: text, actual: list(finite, 'an array of numbers'), predicted: list(finite, 'an array of numbers') },
        'a target, what is true and what is predicted',
      ),
      'an array of targets',
    ),
  ),
  importance: optional(
    record(
      {
        columns: list(
          record({ column: text, mean: finite, std: finite }, 'the importance of a column'),
          'an array of columns',
        ),
        figure: text,
        rows: optional(text),
      },
      'columns, and what is measured',
    ),
  ),
  dependence: optional(
    record({ columns: list(dependence, 'an array of columns'), target: text, task }, 'columns, and what is predicted'),
  ),
  worst: optional(
    list(
      record({ row: text, actual: text, predicted: text, loss: finite, cells: optional(texts) }, 'a row'),
      'an array of rows',
    ),
  ),
  search: optional(searched),
  configuration: optional(configuration),
  command: optional(text),
};

/** Throws SimdenseError 'ARGUMENT' for contents that cannot be shown; the message names the part. */
export function checkContents(where: string, o: ReportContents): ReportContents {
  const given: ReportContents = options(where, o, Object.keys(parts));
  const place = (name: string): string => `${where}(${name})`;
  for (const [name, check] of Object.entries(parts)) check(place(name), given[name as keyof ReportContents]);
  return given;
}
