// simdense/explain: what a model's probabilities mean, how sure its predictions are, and what they follow from.
export { brierScore } from './brier-score.js';
export type { RowNumbers } from './check.js';
export { chooseThreshold, type ErrorCosts, type Threshold, type ThresholdOptions } from './choose-threshold.js';
export { type ConformalIntervals, type ConformalOptions, conformalIntervals } from './conformal-intervals.js';
export { type ConformalSets, conformalSets } from './conformal-sets.js';
export { type ReliabilityBin, type ReliabilityOptions, reliability } from './reliability.js';
export { applyTemperature, type TemperatureScaling, temperatureScaling } from './temperature-scaling.js';
