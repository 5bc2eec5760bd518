// simdense/evaluate: evaluates and selects models.

export { type BaggingOptions, bagging } from './bagging.js';
export { type BootstrapScoreOptions, bootstrapScore } from './bootstrap-score.js';
export { crossValidate } from './cross-validate.js';
export { type CurvePoint, type LearningCurveOptions, learningCurve, validationCurve } from './curves.js';
export type { Dataset, TrainingRows } from './dataset.js';
export type { Decision } from './decision.js';
export { Ensemble, loadEnsemble } from './ensemble.js';
export { type Executor, inline, type Outcome, type RunJobsOptions, type RunOptions } from './executor.js';
export type { FitPipelineOptions } from './fit-dataset.js';
export { fitPipeline } from './fit-pipeline.js';
export { FittedPipeline, loadPipeline } from './fitted-pipeline.js';
export {
  type Calibration,
  type CalibrationBin,
  type ClassFigures,
  type Confusion,
  calibration,
  classFigures,
  confusionMatrix,
  wilsonInterval,
} from './judgement.js';
export type { OutOfFold } from './out-of-bag.js';
export type { Pipeline, SettledPipeline } from './pipeline.js';
export type { AnyRows, Records } from './row-encoder.js';
export { type RunJobOptions, runJob } from './run-job.js';
export type { Score, Scores } from './scores.js';
export type { ParameterImportance } from './search/importance.js';
export type { Chosen } from './search/library.js';
export type { SearchProgress } from './search/progress.js';
export {
  type EnsembleFound,
  type RefitOptions,
  type SearchOptions,
  type SearchResult,
  search,
} from './search/search.js';
export type { AnySpace, Choices, ParametersOf, Range, Space, When } from './search/space.js';
export type { Trial } from './search/trials.js';
export { fitShards } from './shards/fit-shards.js';
export type { FitShardsOptions, ShardRound } from './shards/options.js';
export type { OuterOptions } from './shards/outer.js';
export type { ReadShardOptions, Shard, ShardReader } from './shards/shard.js';
export type { TabularOptions } from './tabular.js';
export { type TabularSettings, type TabularSpace, type TabularSpaceOptions, tabularSpace } from './tabular-space.js';
export type { Labels, Task } from './task.js';
