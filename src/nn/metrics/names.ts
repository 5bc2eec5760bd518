// The names of the metrics and their ranges, without the meters. simdense/evaluate bundles its own copy.

import type { Aliases } from '../../base/did-you-mean.js';

/** The least and the greatest value of a figure. Less is better for a figure without a greatest value, and more is better for all others. */
export type Range = readonly [least: number, most: number];

const INFINITE = Number.POSITIVE_INFINITY;
const SHARE: Range = [0, 1];
/** The range of a loss and of an error. */
export const FROM_ZERO: Range = [0, INFINITE];

/** Metrics that compare classes. */
const ofClasses = {
  accuracy: SHARE,
  topKAccuracy: SHARE,
  precision: SHARE,
  recall: SHARE,
  f1: SHARE,
  auc: SHARE,
  matthewsCorrelation: [-1, 1],
} as const satisfies Record<string, Range>;

/** Metrics that compare numbers. */
const ofNumbers = {
  meanSquaredError: FROM_ZERO,
  meanAbsoluteError: FROM_ZERO,
  rootMeanSquaredError: FROM_ZERO,
  r2: [-INFINITE, 1],
} as const satisfies Record<string, Range>;

export type ClassMetric = keyof typeof ofClasses;
export type NumberMetric = keyof typeof ofNumbers;
export type MetricName = ClassMetric | NumberMetric;

const ranges: Readonly<Record<MetricName, Range>> = { ...ofClasses, ...ofNumbers };
export const classMetrics = /* @__PURE__ */ Object.keys(ofClasses) as readonly ClassMetric[];
export const numberMetrics = /* @__PURE__ */ Object.keys(ofNumbers) as readonly NumberMetric[];
export const metricNames: readonly MetricName[] = [...classMetrics, ...numberMetrics];

/** Names that other libraries use for them. */
export const metricAliases: Aliases = {
  accuracy: 'acc accuracyscore binaryaccuracy categoricalaccuracy sparsecategoricalaccuracy',
  topKAccuracy: 'topk top5 topkcategoricalaccuracy',
  f1: 'f1score fscore',
  auc: 'rocauc aucroc rocaucscore',
  matthewsCorrelation: 'mcc matthews matthewscorrcoef matthewscorrelationcoefficient phicoefficient',
  meanSquaredError: 'mse',
  meanAbsoluteError: 'mae',
  rootMeanSquaredError: 'rmse rootmeansquared',
  r2: 'r2score rsquared',
};

export function countsClasses(metric: unknown): metric is ClassMetric {
  return classMetrics.includes(metric as ClassMetric);
}

/** The range of a built-in metric; undefined for any other name. */
export function metricRange(name: string): Range | undefined {
  return Object.hasOwn(ranges, name) ? ranges[name as MetricName] : undefined;
}
