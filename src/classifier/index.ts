// simdense/classifier: classes for embeddings.

export { Classifier } from './classifier.js';
export { type ClassifierOptions, classifier } from './fit-classifier.js';
export type { RowLabels } from './labels.js';
export { loadClassifier } from './load-classifier.js';
