// A model of the command: one network with what was fitted together with it, or several that predict together.
import { visible } from '../base/visible.js';
import type { Label, Matrix } from '../data/index.js';
import { answersIn } from '../evaluate/decision.js';
import { areFiles } from '../evaluate/files.js';
import { type Decision, type Ensemble, type FittedPipeline, loadEnsemble, loadPipeline } from '../evaluate/index.js';
import { short } from './numbers.js';

export type Model = FittedPipeline | Ensemble;

/** Whether a model is several networks. */
export const isSeveral = (model: Model): model is Ensemble => 'members' in model;

/** The model's network; of several the first. Columns, classes and targets are the same in all. */
export const networkOf = (model: Model): FittedPipeline =>
  isSeveral(model) ? (model.members[0] as FittedPipeline) : model;

/** The network, or each of several. */
export const networksOf = (model: Model): readonly FittedPipeline[] => (isSeveral(model) ? model.members : [model]);

/** Loads a model that the command has saved. Throws SimdenseError 'FORMAT'. */
export const loadAny = (bytes: Uint8Array): Model => (areFiles(bytes) ? loadEnsemble(bytes) : loadPipeline(bytes));

/** The learning rate with which a model began; undefined for a schedule that has none. */
export function rateOf({ pipeline }: FittedPipeline): number | undefined {
  const { learningRate } = pipeline.optimizer as { learningRate?: number | { initial?: number } };
  return typeof learningRate === 'number' ? learningRate : learningRate?.initial;
}

/** From which probability on a class is predicted, where the model has been told. */
export const decisionOf = (model: Model): Decision | undefined => (isSeveral(model) ? model.decision : undefined);

/** 'It answers yes from a probability of 0.15 on'; undefined where it answers the most probable class. */
export function decisionWords(model: Model): string | undefined {
  const decision = decisionOf(model);
  return (
    decision && `It answers ${visible(String(decision.positive))} from a probability of ${short(decision.threshold)} on`
  );
}

/** The labels that a model of classes answers with these probabilities. */
export const answersOf = (model: Model, probabilities: Matrix): readonly Label[] =>
  answersIn(probabilities, networkOf(model).classes ?? [], decisionOf(model));

/** The words for false and true in a column of the training file; undefined where it has no words of its own. */
export function fileWords(model: Model, name: string): readonly [string, string] | undefined {
  const column = networkOf(model)
    .encoder?.toJSON()
    .columns.find((each) => each.name === name);
  return column && 'format' in column ? column.format?.words : undefined;
}
