// What a file of an ensemble holds, and how its members predict together; simdense/predict reads it too.
import { isRecord } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { readPart } from '../base/written.js';
import { type Matrix, ownMatrix } from '../data/matrix.js';
import type { Logs } from '../train/history.js';
import { type Decision, isDecision } from './decision.js';
import { unpackFiles } from './files.js';
import { tempered } from './temperature.js';
import type { Judgement } from './verdict/words.js';

/** The entry 'ensemble' in the metadata of a saved ensemble. */
export interface EnsembleDescription {
  /** 2 if there is a temperature or a decision, so that readers that know none refuse the file: they would predict something else. */
  readonly version: 1 | 2;
  readonly outOfBag: Logs;
  /** Of a classification: see Ensemble.temperature. */
  readonly temperature?: number;
  readonly judgement?: Judgement;
  /** See Ensemble.decide. */
  readonly decision?: Decision;
}

/** Reads a file that Ensemble.save has written, but not its members'. Throws SimdenseError 'FORMAT' for anything else. */
export function readEnsemble(
  where: string,
  bytes: Uint8Array,
): {
  readonly files: readonly Uint8Array[];
  readonly outOfBag: Logs;
  readonly temperature: number;
  readonly judgement: Judgement | undefined;
  readonly decision: Decision | undefined;
} {
  const { files, metadata } = unpackFiles(where, bytes);
  const isSound = ({ outOfBag, judgement, decision, temperature = 1 }: Record<string, unknown>): boolean =>
    isRecord(outOfBag) &&
    (judgement === undefined || isJudgement(judgement)) &&
    (decision === undefined || isDecision(decision)) &&
    files.length > 0 &&
    Number.isFinite(temperature) &&
    (temperature as number) > 0;
  const part = readPart(where, metadata, 'ensemble', 'the file holds no ensemble', 2, isSound);
  const { outOfBag, judgement, decision, temperature = 1 } = part as unknown as EnsembleDescription;
  return { files, outOfBag, temperature, judgement, decision };
}

const isJudgement = (value: unknown): boolean =>
  isRecord(value) && typeof value['words'] === 'string' && isRecord(value['figures']);

/** For each member its columns, outputs and classes. Throws SimdenseError 'FORMAT' if they differ, or have no classes that a temperature could be for. */
export function checkAlike(
  where: string,
  members: readonly (readonly unknown[])[],
  { temperature, decision }: Pick<EnsembleDescription, 'temperature' | 'decision'>,
): void {
  const shapes = members.map((shape) => JSON.stringify(shape));
  const other = shapes.findIndex((shape) => shape !== shapes[0]);
  if (other > 0)
    throw new SimdenseError('FORMAT', `${where}: member ${other} has other columns or classes than the first`);
  const classes = members[0]?.[2] as readonly unknown[] | undefined;
  if (decision && !classes?.includes(decision.positive))
    throw new SimdenseError('FORMAT', `${where}: a threshold for a class that is none of the members'`);
  if (temperature !== 1 && !classes)
    throw new SimdenseError('FORMAT', `${where}: a temperature of ${temperature} for members without classes`);
}

/** The mean of the members' predictions, with a temperature for probabilities. */
export function meanOf(outputs: readonly Matrix[], temperature: number): Matrix {
  const [first] = outputs as [Matrix];
  const sums = new Float64Array(first.data.length);
  for (const { data } of outputs) for (let i = 0; i < sums.length; i++) (sums[i] as number) += data[i] as number;
  const means = new Float32Array(sums.length);
  for (let i = 0; i < means.length; i++) means[i] = (sums[i] as number) / outputs.length;
  return tempered(ownMatrix(means, first.columns), temperature);
}
