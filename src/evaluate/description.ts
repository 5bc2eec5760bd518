import { SimdenseError } from '../base/errors.js';
import type { Label } from '../data/labels.js';
import { type Scaler, type ScalerData, scalerFromJson } from '../data/scalers.js';
import type { History } from '../train/history.js';
import { isRecord } from '../train/safetensors.js';
import type { SettledPipeline } from './pipeline.js';

/** What is in a saved pipeline's metadata under 'pipeline'. */
export interface PipelineDescription {
  readonly version: 1;
  readonly pipeline: SettledPipeline;
  readonly scaler: ScalerData;
  readonly classes?: readonly Label[];
  readonly history: History;
}

/** What a saved pipeline has beside its model. Throws SimdenseError 'FORMAT' where there is none, or it does not fit the model. */
export function readPipeline(
  where: string,
  metadata: Readonly<Record<string, string>>,
  model: { readonly inputs: number; readonly outputs: number },
): Omit<PipelineDescription, 'scaler'> & { readonly scaler: Scaler } {
  const description = parseDescription(where, metadata['pipeline']);
  const { classes } = description;
  const scaler = scalerFromJson(description.scaler);
  if (scaler.type !== 'none' && scaler.columns !== model.inputs)
    throw new SimdenseError('FORMAT', `${where}: the scaler has ${scaler.columns} columns, the model ${model.inputs}`);
  if (classes && !(classes.length === model.outputs || (classes.length === 2 && model.outputs === 1)))
    throw new SimdenseError('FORMAT', `${where}: ${classes.length} classes for ${model.outputs} outputs`);
  return { ...description, scaler };
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
      isRecord(description['history']) &&
      (description['classes'] === undefined || isLabels(description['classes']))
    ) {
      return description as unknown as PipelineDescription;
    }
  } catch {
    // Answered below.
  }
  throw new SimdenseError('FORMAT', `${where}: the description of the pipeline is not one of this version`);
}

function isLabels(value: unknown): value is readonly Label[] {
  return Array.isArray(value) && value.every((label) => typeof label === 'string' || Number.isFinite(label));
}
