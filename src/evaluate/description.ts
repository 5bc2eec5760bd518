import { isRecord, refuse } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { readPart } from '../base/written.js';
import type { Label } from '../data/labels.js';
import { type Scaler, type ScalerData, scalerFromJson } from '../data/scalers.js';
import type { History } from '../train/history.js';
import type { Metadata } from '../train/safetensors.js';
import type { SettledPipeline } from './pipeline.js';
import { noScaler } from './target-scale.js';

/** What columns are called. */
export interface Names {
  readonly columns?: readonly string[] | undefined;
  readonly target?: string | undefined;
}

const isNames = (value: unknown): boolean => Array.isArray(value) && value.every((name) => typeof name === 'string');

/** Throws SimdenseError 'ARGUMENT', or 'SHAPE' for other columns than there are. */
export function checkNames(where: string, { columns, target }: Names, count: number): void {
  if (columns !== undefined && !isNames(columns)) refuse(`${where}(columns)`, 'an array of names', columns);
  if (columns && columns.length !== count)
    throw new SimdenseError('SHAPE', `${where}(columns): ${columns.length} names for ${count} columns`);
  if (target !== undefined && typeof target !== 'string') refuse(`${where}(target)`, 'a name', target);
}

/** What is in a saved pipeline's metadata under 'pipeline'. */
export interface PipelineDescription extends Names {
  /** 2 with a targetScaler: 0.1.0 would predict in other units than the target's. */
  readonly version: 1 | 2;
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
  metadata: Metadata,
  model: { readonly inputs: number; readonly outputs: number },
): Omit<PipelineDescription, 'scaler' | 'targetScaler'> & { readonly scaler: Scaler; readonly targetScaler: Scaler } {
  const missing = 'the file holds no pipeline; loadModel reads models';
  const description = readPart(where, metadata, 'pipeline', missing, 2, isSound) as unknown as PipelineDescription;
  const { classes } = description;
  const refuse = (message: string): never => {
    throw new SimdenseError('FORMAT', `${where}: ${message}`);
  };
  const scaler = scalerFromJson(description.scaler);
  if (scaler.type !== 'none' && scaler.columns !== model.inputs)
    refuse(`the scaler has ${scaler.columns} columns, the model ${model.inputs}`);
  const targetScaler = description.targetScaler === undefined ? noScaler : scalerFromJson(description.targetScaler);
  if (targetScaler.type !== 'none' && (classes || targetScaler.columns !== model.outputs))
    refuse('the scaler of the targets does not fit the model');
  if (classes && classes.length !== Math.max(2, model.outputs))
    refuse(`${classes.length} classes for ${model.outputs} outputs`);
  const { columns = [], target = '' } = description;
  const areNames = isNames(columns) && (columns.length === model.inputs || description.columns === undefined);
  if (!areNames || typeof target !== 'string') refuse('the names of its columns do not fit the model');
  return { ...description, scaler, targetScaler };
}

function isSound({ pipeline, history, classes }: Record<string, unknown>): boolean {
  return (
    isRecord(pipeline) &&
    Array.isArray(pipeline['layers']) &&
    isRecord(history) &&
    Array.isArray(history['epochs']) &&
    (classes === undefined || isLabels(classes))
  );
}

function isLabels(value: unknown): value is readonly Label[] {
  if (!Array.isArray(value) || new Set(value).size < value.length) return false;
  return value.every((label) => typeof label === 'string' || Number.isFinite(label));
}
