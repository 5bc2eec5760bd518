import { refuse } from '../../base/checks.js';
import { computed, nameOrCustom } from '../losses.js';
import { accuracy, auc, fromCounts, topK } from './classification.js';
import { matthewsCorrelation } from './matthews.js';
import type { Meter } from './meter.js';
import { type ClassMetric, type MetricName, metricAliases, metricNames, type NumberMetric } from './names.js';
import { meanOf, r2, rootMeanSquared } from './regression.js';

/** The k of topKAccuracy. */
export const TOP = 5;

/** The metrics of classes by name. A new metric needs one line here and one in names.ts. */
const ofClasses = {
  accuracy,
  topKAccuracy: () => topK(TOP),
  precision: () => fromCounts('precision'),
  recall: () => fromCounts('recall'),
  f1: () => fromCounts('f1'),
  auc,
  matthewsCorrelation,
} as const satisfies Record<ClassMetric, () => Meter>;

const ofNumbers = {
  meanSquaredError: () => meanOf((error) => error * error),
  meanAbsoluteError: () => meanOf(Math.abs),
  rootMeanSquaredError: rootMeanSquared,
  r2,
} as const satisfies Record<NumberMetric, () => Meter>;

const meters = { ...ofClasses, ...ofNumbers };

export { type MetricName, metricNames };

/** A custom metric, in JavaScript. */
export interface CustomMetric {
  readonly name: string;
  /**
   * Returns the mean over the given rows; arrays are rows × outputs, row-major. The value of an epoch is the mean over its batches, weighted by their rows or by the
   * sum of their weights. `weights` has the weight of each row, if the caller gives weights; a function without this parameter refuses weights.
   */
  compute(target: Float32Array, predicted: Float32Array, rows: number, outputs: number, weights?: Float32Array): number;
}

/**
 * A metric, by name or in JavaScript. topKAccuracy looks at the 5 largest outputs. For several classes precision, recall, f1 and auc are means over the classes.
 * matthewsCorrelation lies between −1 and 1 (Matthews 1975; for several classes Gorodkin 2004).
 */
export type Metric = MetricName | CustomMetric;

/** Throws SimdenseError 'ARGUMENT' for an unknown metric. */
const checkMetric = (where: string, metric: unknown): Metric =>
  nameOrCustom<MetricName, CustomMetric>(where, metric, metricNames, metricAliases);

/** Whether the logs use the name for something other than a metric, or cannot have it as a key. */
const isTaken = (name: string): boolean => /^(val[A-Z]|(loss|learningRate|__proto__)$)/.test(name);

/** Checks a list of metrics, whose names in the logs must differ. Throws SimdenseError 'ARGUMENT'. */
export function checkMetrics(list: readonly unknown[]): Metric[] {
  const names = new Set<string>();
  return Array.from(list, (value, i) => {
    const place = `compile(metrics[${i}])`;
    const metric = checkMetric(place, value);
    const name = metricName(metric);
    if (isTaken(name) || names.has(name)) refuse(place, 'a name that the logs do not use yet', name);
    names.add(name);
    return metric;
  });
}

export function metricName(metric: Metric): string {
  return typeof metric === 'string' ? metric : metric.name;
}

/** A meter for a metric. A built-in metric becomes NaN once a prediction is NaN. */
export function meter(metric: Metric): Meter {
  if (typeof metric !== 'string') return custom(metric);
  const { add, value, put }: Meter = meters[metric]();
  let broken = false;
  return {
    add(batch) {
      broken ||= hasNaN(batch.predicted);
      if (!broken) add(batch);
    },
    value: () => (broken ? Number.NaN : value()),
    ...(put && { put }),
  };
}

/** Whether a value is NaN. 0 · v is NaN for NaN and infinity, and so is a sum that includes it, so the loop needs no branch. */
function hasNaN(values: Float32Array): boolean {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += 0 * (values[i] as number);
  return Number.isNaN(sum) && values.some(Number.isNaN);
}

function custom(metric: CustomMetric): Meter {
  let sum = 0;
  let total = 0;
  return {
    add({ rows, outputs, predicted, classes, targets, weights }) {
      const oneHot = new Float32Array(rows * outputs);
      classes?.forEach((label, row) => {
        oneHot[row * outputs + label] = 1;
      });
      const share = weights ? weights.reduce((all, weight) => all + weight, 0) : rows;
      // Skip a batch without weight: its mean would be 0 / 0.
      if (share === 0) return;
      const value = metric.compute(targets ?? oneHot, predicted.slice(), rows, outputs, weights);
      sum += share * computed(`the metric "${metric.name}"`, value);
      total += share;
    },
    value: () => sum / total,
  };
}

export type { Meter, Scored } from './meter.js';
