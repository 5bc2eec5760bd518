// simdense/diagnose: finds what is wrong with a training run.
export { checkGradients, type GradientCheck } from './check-gradients.js';
export { type DiagnoseOptions, type Diagnosis, diagnose } from './diagnose.js';
export { type FindLearningRateOptions, findLearningRate, type LearningRates } from './find-learning-rate.js';
export type { Finding, FindingCode } from './finding.js';
export { gradientsOf } from './gradients-of.js';
