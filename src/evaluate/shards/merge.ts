// One encoder, one list of classes and one scale of targets for all shards, from what each tells of its rows; always in the order of the shards.
import { refuse, show } from '../../base/checks.js';
import { SimdenseError } from '../../base/errors.js';
import { encodeLabels, type Label } from '../../data/labels.js';
import type { ScalerData } from '../../data/scalers/index.js';
import type { EncoderData } from '../../table/encoders/encoder.js';
import type { TargetData, TargetPart } from '../../table/encoders/target-kinds.js';
import type { Pipeline } from '../pipeline.js';
import type { TargetScale } from '../target-scale.js';
import { checkPositive, positiveLast, type Task, taskOfColumn } from '../task.js';
import { ADVICE, linearOf } from './linear-of.js';
import { mergeColumns } from './merge-columns.js';
import type { ReadShardOptions } from './shard.js';
import { type Moments, mergedMoments, type ShardSummary } from './summary.js';

/** What all shards are prepared with. */
export interface ShardPreparation {
  readonly read: ReadShardOptions;
  readonly encoder: EncoderData;
  readonly targets: TargetData;
  readonly task: Task;
  readonly classes?: readonly Label[];
  readonly targetScaler: ScalerData;
}

/** What the shards' labels are together. */
export interface MergedLabels {
  readonly task: Task;
  readonly why: string;
  readonly targets: TargetData;
  /** With the positive class last. */
  readonly classes?: readonly Label[];
  /** Of a regression. */
  readonly moments?: Moments;
}

/** The labels of all shards. Throws SimdenseError 'DATA' and 'ARGUMENT'. */
export function mergeLabels(where: string, summaries: readonly ShardSummary[], p: Pipeline): MergedLabels {
  const parts = summaries.map(({ target }) => target?.targets.parts[0] as TargetPart);
  const [first] = parts as [TargetPart];
  const name = show(first.name);
  // A shard of one class may have the word of a boolean as a text.
  const text = parts.find(({ holds }) => holds === 'text');
  const odd = parts.findIndex(({ holds }) => (holds === 'number') !== (first.holds === 'number'));
  if (odd >= 0) {
    const [here, there] = first.holds === 'number' ? ['numbers', 'texts'] : ['texts', 'numbers'];
    const message = `column ${name} is ${here} in shard 0 and ${there} in shard ${odd}; say which it is: read: { kinds: { ${name}: 'category' } }`;
    throw new SimdenseError('DATA', `${where}: ${message}`);
  }
  const part = text ?? first;
  const rows = summaries.reduce((sum, shard) => sum + shard.rows, 0);
  const labels = summaries.map(({ target }) => target?.labels);
  const known = labels.every((each) => each !== undefined)
    ? [...new Set(labels.flatMap((each) => each.map(([label]) => label)))]
    : undefined;
  const { task: given } = p;
  const category = summaries.some(({ target }) => {
    const { targets } = target ?? {};
    return targets?.kind === 'labels' && targets.task === 'classification';
  });
  const found =
    given !== undefined
      ? { task: given, why: 'the task was given' }
      : known
        ? taskOfColumn(known, rows)
        : { task: 'regression' as const, why: 'the labels are too many different numbers' };
  const task = category && given === undefined ? 'classification' : found.task;
  if (task === 'classification') {
    if (!known) throw new SimdenseError('DATA', `${where}: column ${name} has too many different labels to be classes`);
    const { classes, indices } = encodeLabels(known);
    checkPositive(`${where}(positive)`, p.positive, classes);
    if (classes.length < 2)
      throw new SimdenseError(
        'DATA',
        `${where}: ${name} has only one class, ${show(classes[0])}; a classification needs at least two`,
      );
    return {
      task,
      why: found.why,
      targets: { kind: 'labels', parts: [part], ...(category && { task: 'classification' }) },
      classes: positiveLast({ classes, indices }, p.positive).classes,
    };
  }
  checkPositive(`${where}(positive)`, p.positive, undefined);
  const moments = summaries.map(({ target }) => target?.moments).reduce((a, b) => a && b && mergedMoments(a, b));
  if (!moments) refuse(`${where}(target)`, 'numbers for a regression', part.name);
  if (moments.least === moments.most)
    throw new SimdenseError('DATA', `${where}: ${name} is ${moments.least} in every row, so there is nothing to learn`);
  return { task, why: found.why, targets: summaries[0]?.target?.targets as TargetData, moments };
}

/** The scaler of a regression's targets, by merged figures. */
export function targetScalerOf(where: string, scale: TargetScale, moments: Moments | undefined): ScalerData {
  if (scale === 'none' || !moments) return { type: 'none', center: [], scale: [] };
  if (scale === 'robust')
    throw new SimdenseError(
      'ARGUMENT',
      `${where}(targetScale): 'robust' needs all rows in one place; use 'standard', or ${ADVICE}`,
    );
  return linearOf(scale, moments);
}

/** What all shards are prepared with, by what their labels and the pipeline say. */
export function mergeShards(
  where: string,
  summaries: readonly ShardSummary[],
  labels: MergedLabels,
  read: ReadShardOptions,
  settled: Pick<Pipeline, 'encode' | 'scale'> & { readonly targetScale?: TargetScale | undefined },
): ShardPreparation {
  const encode =
    settled.scale === undefined
      ? settled.encode
      : { ...settled.encode, number: { scale: settled.scale, ...settled.encode?.number } };
  return {
    read,
    encoder: mergeColumns(where, summaries, encode),
    targets: labels.targets,
    task: labels.task,
    ...(labels.classes && { classes: labels.classes }),
    targetScaler: targetScalerOf(where, settled.targetScale ?? 'standard', labels.moments),
  };
}
