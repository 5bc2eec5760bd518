import { isRecord, refuse } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { readPart } from '../base/written.js';
import type { Label } from '../data/labels.js';
import { type Scaler, type ScalerData, scalerFromJson } from '../data/scalers/index.js';
import { type Encoder, type EncoderData, encoderOf } from '../table/encoders/encoder.js';
import type { TargetData } from '../table/encoders/target-kinds.js';
import type { History } from '../train/history.js';
import type { Metadata } from '../train/safetensors.js';
import type { SettledPipeline } from './pipeline.js';
import { isLinear, noScaler, type TargetScaler } from './target-scale.js';

/** The names of x's columns and of the target. */
export interface Names {
  readonly columns?: readonly string[] | undefined;
  readonly target?: string | undefined;
}

const isNames = (value: unknown): boolean => Array.isArray(value) && value.every((name) => typeof name === 'string');

/** Throws SimdenseError 'ARGUMENT' for names that are not strings, and 'SHAPE' unless there is one name for each column. */
export function checkNames(where: string, { columns, target }: Names, count: number): void {
  if (columns !== undefined && !isNames(columns)) refuse(`${where}(columns)`, 'an array of names', columns);
  if (columns && columns.length !== count)
    throw new SimdenseError('SHAPE', `${where}(columns): ${columns.length} names for ${count} columns`);
  if (target !== undefined && typeof target !== 'string') refuse(`${where}(target)`, 'a name', target);
}

/** The entry 'pipeline' in the metadata of a saved pipeline. */
export interface PipelineDescription extends Names {
  /** 2 if there is a targetScaler, so that version 0.1.0 refuses the file: it would predict in scaled units. 3 if there is an encoder. */
  readonly version: 1 | 2 | 3;
  readonly pipeline: SettledPipeline;
  readonly scaler: ScalerData;
  /** Of a pipeline that was fitted on a table. */
  readonly encoder?: EncoderData;
  /** The table's columns that are predicted. */
  readonly targets?: TargetData;
  /** For a regression. Version 0.1.0 did not scale targets, so its files have none. */
  readonly targetScaler?: ScalerData;
  readonly classes?: readonly Label[];
  readonly history: History;
}

/** What was fitted together with a network. */
export interface PipelineParts extends Names {
  /** The scaler of rows of numbers; 'none' of a pipeline that was fitted on a table. */
  readonly scaler: Scaler;
  readonly encoder?: Encoder | undefined;
  /** The scaler of a regression's targets; 'none' for a classification. */
  readonly targetScaler: TargetScaler;
  readonly classes?: readonly Label[] | undefined;
  readonly history: History;
  readonly pipeline: SettledPipeline;
  /** Not checked where it comes from a file. */
  readonly targets?: TargetData | undefined;
  /** The names of the columns of predictions: classes, labels or targets; undefined if they have none. */
  readonly outputNames: readonly Label[] | undefined;
}

/** The names of the columns of a pipeline's predictions, as far as they have names. */
export function outputNamesOf(
  { classes, target, targets }: Pick<PipelineParts, 'classes' | 'target' | 'targets'>,
  outputs: number,
): readonly Label[] | undefined {
  if (classes) return classes;
  if (!targets) return target === undefined || outputs > 1 ? undefined : [target];
  return targets.kind === 'list' ? targets.labels : targets.parts.map(({ name }) => name);
}

/** Reads the parts of a saved pipeline other than its model. Throws SimdenseError 'FORMAT' if there is no pipeline, or it does not fit the model. */
export function readPipeline(
  where: string,
  metadata: Metadata,
  model: { readonly inputs: number; readonly outputs: number },
): PipelineParts {
  const missing = 'the file has no pipeline; use loadModel for a model';
  const description = readPart(where, metadata, 'pipeline', missing, 3, isSound) as unknown as PipelineDescription;
  const { classes } = description;
  const refuse: (message: string) => never = (message) => {
    throw new SimdenseError('FORMAT', `${where}: ${message}`);
  };
  const scaler = scalerFromJson(description.scaler);
  if (scaler.columns > 0 && scaler.columns !== model.inputs) refuse('its scaler does not fit the model');
  const targetScaler = description.targetScaler === undefined ? noScaler : scalerFromJson(description.targetScaler);
  if (!isLinear(targetScaler) || (targetScaler.columns > 0 && (classes || targetScaler.columns !== model.outputs)))
    refuse('its target scaler does not fit the model');
  if (classes && classes.length !== Math.max(2, model.outputs)) refuse('its classes do not fit the model');
  const { scale, targetScale = 'none', task } = description.pipeline;
  if (targetScaler.type !== targetScale || (!description.encoder && scaler.type !== scale))
    refuse('its scalers are not those of its pipeline');
  if ((task === 'classification') !== (classes !== undefined)) refuse('its classes do not fit its task');
  const encoder = description.encoder && encoderOf(description.encoder);
  if (encoder && encoder.features.length !== model.inputs) refuse('its encoder does not fit the model');
  const { columns = [], target = '' } = description;
  const count = encoder?.columns.length ?? model.inputs;
  const areNames =
    isNames(columns) &&
    (columns.length === count || description.columns === undefined) &&
    (encoder?.columns.every((name, i) => name === columns[i]) ?? true);
  if (!areNames || typeof target !== 'string') refuse('the names of its columns do not fit the model');
  const { history, pipeline, targets } = description;
  const names = { columns: description.columns, target: description.target };
  let outputNames: readonly Label[] | undefined;
  try {
    outputNames = outputNamesOf(description, model.outputs);
    const count = Math.max(classes ? 2 : 1, model.outputs);
    if (outputNames && !(isLabels(outputNames) && outputNames.length === count)) throw outputNames;
  } catch {
    refuse('the names of its targets do not fit the model');
  }
  return { scaler, encoder, targetScaler, classes, history, pipeline, targets, outputNames, ...names };
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
