// The names of the metrics, without the meters. simdense/evaluate bundles its own copy.

/** Metrics that compare classes. All others measure errors of numbers. */
export const classMetrics = [
  'accuracy',
  'topKAccuracy',
  'precision',
  'recall',
  'f1',
  'auc',
  'matthewsCorrelation',
] as const;

export const numberMetrics = ['meanSquaredError', 'meanAbsoluteError', 'rootMeanSquaredError', 'r2'] as const;
export const metricNames = [...classMetrics, ...numberMetrics] as const;

export type ClassMetric = (typeof classMetrics)[number];

export function countsClasses(metric: unknown): metric is ClassMetric {
  return classMetrics.includes(metric as ClassMetric);
}

export type NumberMetric = (typeof numberMetrics)[number];
export type MetricName = ClassMetric | NumberMetric;
