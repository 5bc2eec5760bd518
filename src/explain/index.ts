// simdense/explain: what a model's probabilities mean, how sure its predictions are, and what they follow from.
export { brierScore } from './brier-score.js';
export type { RowNumbers } from './check.js';
export { chooseThreshold, type ErrorCosts, type ThresholdOptions } from './choose-threshold.js';
export { type ConformalIntervals, type ConformalOptions, conformalIntervals } from './conformal-intervals.js';
export { type ConformalSets, conformalSets } from './conformal-sets.js';
export {
  type Attribution,
  type Contribution,
  type IntegratedGradientsOptions,
  integratedGradients,
  type OneRow,
} from './integrated-gradients.js';
export { type Interaction, type InteractionsOptions, interactions } from './interactions.js';
export { operatingPoints, type Threshold } from './operating-points.js';
export { type PartialDependence, type PartialDependenceOptions, partialDependence } from './partial-dependence.js';
export {
  type ColumnImportance,
  type PermutationImportanceOptions,
  permutationImportance,
} from './permutation-importance.js';
export { type ReliabilityBin, type ReliabilityOptions, reliability } from './reliability.js';
export type { ImportanceMetric } from './row-losses.js';
export type { Model } from './subject.js';
export { applyTemperature, type TemperatureScaling, temperatureScaling } from './temperature-scaling.js';
export { type WorstRow, type WorstRowsOptions, worstRows } from './worst-rows.js';
