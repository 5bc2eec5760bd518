import { isRecord, refuse } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import type { Label } from '../data/labels.js';
import { type Scaler, type ScalerData, scalerFromJson } from '../data/scalers/index.js';
import type { History } from '../train/history.js';
import type { SettledPipeline } from './pipeline.js';
import { isLinear, noScaler, type TargetScaler } from './target-scale.js';

/** What columns are called. */
export interface Names {
  readonly columns?: readonly string[] | undefined;
  readonly target?: string | undefined;
}

/** Throws SimdenseError 'ARGUMENT', or 'SHAPE' for other columns than there are. */
export function checkNames(where: string, { columns, target }: Names, count: number): void {
  if (columns !== undefined && !(Array.isArray(columns) && columns.every((name) => typeof name === 'string')))
    refuse(`${where}(columns)`, 'an array of names', columns);
  if (columns && columns.length !== count)
    throw new SimdenseError('SHAPE', `${where}(columns): ${columns.length} names for ${count} columns`);
  if (target !== undefined && typeof target !== 'string') refuse(`${where}(target)`, 'a name', target);
}

/** What is in a saved pipeline's metadata under 'pipeline'. */
export interface PipelineDescription extends Names {
  readonly version: 1;
  readonly pipeline: SettledPipeline;
  readonly scaler: ScalerData;
  /** Of a regression's targets; not in files of version 0.1.0, which did not scale them. */
  readonly targetScaler?: ScalerData;
  readonly classes?: readonly Label[];
  readonly history: History;
}

/** What a saved pipeline has beside its model. Throws SimdenseError 'FORMAT' where there is none, or it does not fit the model. */
export function readPipeline(
  where: string,
  metadata: Readonly<Record<string, string>>,
  model: { readonly inputs: number; readonly outputs: number },
): Omit<PipelineDescription, 'scaler' | 'targetScaler'> & {
  readonly scaler: Scaler;
  readonly targetScaler: TargetScaler;
} {
  const description = parseDescription(where, metadata['pipeline']);
  const { classes } = description;
  const scaler = scalerFromJson(description.scaler);
  if (scaler.columns > 0 && scaler.columns !== model.inputs)
    throw new SimdenseError('FORMAT', `${where}: the scaler has ${scaler.columns} columns, the model ${model.inputs}`);
  const targetScaler = description.targetScaler === undefined ? noScaler : scalerFromJson(description.targetScaler);
  if (!isLinear(targetScaler) || (targetScaler.columns > 0 && (classes || targetScaler.columns !== model.outputs)))
    throw new SimdenseError('FORMAT', `${where}: the scaler of the targets does not fit the model`);
  if (classes && classes.length !== Math.max(2, model.outputs))
    throw new SimdenseError('FORMAT', `${where}: ${classes.length} classes for ${model.outputs} outputs`);
  const { columns, target } = description;
  try {
    checkNames(where, { columns, target }, model.inputs);
  } catch (cause) {
    throw new SimdenseError('FORMAT', (cause as Error).message, { cause });
  }
  return { ...description, scaler, targetScaler };
}

function parseDescription(where: string, text: string | undefined): PipelineDescription {
  if (text === undefined)
    throw new SimdenseError('FORMAT', `${where}: the file holds no pipeline; loadModel reads models`);
  try {
    const description: unknown = JSON.parse(text);
    if (
      isRecord(description) &&
      description['version'] === 1 &&
      isRecord(description['pipeline']) &&
      Array.isArray(description['pipeline']['layers']) &&
      isRecord(description['history']) &&
      Array.isArray(description['history']['epochs']) &&
      (description['classes'] === undefined || isLabels(description['classes']))
    ) {
      return description as unknown as PipelineDescription;
    }
  } catch {
    // Answered below.
  }
  throw new SimdenseError('FORMAT', `${where}: the pipeline is not one of this version`);
}

function isLabels(value: unknown): value is readonly Label[] {
  if (!Array.isArray(value) || new Set(value).size < value.length) return false;
  return value.every((label) => typeof label === 'string' || Number.isFinite(label));
}
