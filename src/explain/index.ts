// simdense/explain: what a model's probabilities mean, how sure its predictions are, and what they follow from.
export { brierScore } from './brier-score.js';
