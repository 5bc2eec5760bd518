// Judges predictions by what is known, whatever the task.
import type { Label } from '../../data/labels.js';
import type { Matrix } from '../../data/matrix.js';
import { answersIn, type Decision } from '../decision.js';
import type { ClassFigures } from '../judgement.js';
import type { Task } from '../task.js';
import { judgeClasses } from './classes.js';
import { judgeLabels, judgeOutputs } from './several.js';
import type { Circumstances, Judgement } from './words.js';

/** What is known of some rows: a label for each, or numbers, one column for each target or label. */
export type Truth =
  | { readonly labels: readonly Label[] }
  | {
      readonly numbers: Matrix;
      readonly names: readonly string[];
      /** Labels of these rows that the model does not know. */
      readonly unknown: readonly string[];
    };

/** Judges outputs: probabilities, or numbers in the targets' own units. `labels` are the figures of each label, where a row may have several. */
export function judgePredictions(
  truth: Truth,
  outputs: Matrix,
  {
    task,
    classes = [],
    decision,
  }: { readonly task: Task; readonly classes?: readonly Label[] | undefined; readonly decision?: Decision | undefined },
  circumstances: Circumstances,
): Judgement & { readonly labels?: readonly ClassFigures[] } {
  if ('labels' in truth) {
    const predicted = answersIn(outputs, classes, decision);
    return judgeClasses(truth.labels, predicted, classes, { ...circumstances, decided: decision !== undefined });
  }
  const { numbers, names, unknown } = truth;
  if (task !== 'multilabel') return judgeOutputs(names, numbers, outputs, circumstances);
  return judgeLabels(names, numbers, outputs, unknown, circumstances);
}
