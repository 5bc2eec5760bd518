import { oneOf } from '../../base/checks.js';
import { isCustom } from '../losses.js';
import { accuracy, auc, fromCounts, topK } from './classification.js';
import type { Meter } from './meter.js';
import { meanOf, r2, rootMeanSquared } from './regression.js';

/** The metrics by name; a new one is one line. */
const meters = {
  accuracy,
  topKAccuracy: () => topK(5),
  precision: () => fromCounts('precision'),
  recall: () => fromCounts('recall'),
  f1: () => fromCounts('f1'),
  auc,
  meanSquaredError: () => meanOf((error) => error * error),
  meanAbsoluteError: () => meanOf(Math.abs),
  rootMeanSquaredError: rootMeanSquared,
  r2,
} as const satisfies Record<string, () => Meter>;

export type MetricName = keyof typeof meters;
export const metricNames = Object.keys(meters) as readonly MetricName[];

/** A metric in JavaScript. */
export interface CustomMetric {
  readonly name: string;
  /**
   * The mean over the rows given, row-major rows × outputs; an epoch's value weighs batches by their rows, or by the sum of their weights. `weights` is what each
   * row weighs, if the caller weighs them: without this parameter weights are refused.
   */
  compute(target: Float32Array, predicted: Float32Array, rows: number, outputs: number, weights?: Float32Array): number;
}

/** topKAccuracy is of the 5 largest. Precision, recall, f1 and auc of several classes are means over the classes. */
export type Metric = MetricName | CustomMetric;

/** Throws SimdenseError 'ARGUMENT' for an unknown metric. */
export function checkMetric(where: string, metric: unknown): Metric {
  return isCustom<CustomMetric>(metric) ? metric : oneOf(where, metric, Object.keys(meters) as MetricName[]);
}

export function metricName(metric: Metric): string {
  return typeof metric === 'string' ? metric : metric.name;
}

export function meter(metric: Metric): Meter {
  return typeof metric === 'string' ? meters[metric]() : custom(metric);
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
      sum += share * metric.compute(targets ?? oneHot, predicted.slice(), rows, outputs, weights);
      total += share;
    },
    value: () => sum / total,
  };
}

export type { Meter, Scored } from './meter.js';
