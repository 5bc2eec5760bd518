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
  /** 2 if there is a temperature or a decision, 3 if there are weights, so that readers that know none refuse the file: they would predict something else. */
  readonly version: 1 | 2 | 3;
  readonly outOfBag: Logs;
  /** Of a classification: see Ensemble.temperature. */
  readonly temperature?: number;
  readonly judgement?: Judgement;
  /** See Ensemble.weights. Without it each member counts once. */
  readonly weights?: readonly number[];
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
  readonly weights: readonly number[] | undefined;
} {
  const { files, metadata } = unpackFiles(where, bytes);
  const isSound = ({ outOfBag, judgement, decision, weights, temperature = 1 }: Record<string, unknown>): boolean =>
    isRecord(outOfBag) &&
    (judgement === undefined || isJudgement(judgement)) &&
    (decision === undefined || isDecision(decision)) &&
    files.length > 0 &&
    (weights === undefined || areWeights(weights, files.length)) &&
    Number.isFinite(temperature) &&
    (temperature as number) > 0;
  const part = readPart(where, metadata, 'ensemble', 'the file holds no ensemble', 3, isSound);
  const { outOfBag, judgement, decision, weights, temperature = 1 } = part as unknown as EnsembleDescription;
  return { files, outOfBag, temperature, judgement, decision, weights };
}

/** Whole numbers: a product of one with a float32 is exact, so every runtime and compiler adds up the same. */
const areWeights = (value: unknown, count: number): boolean =>
  Array.isArray(value) &&
  value.length === count &&
  value.every((weight) => Number.isInteger(weight) && weight > 0 && weight <= MOST_WEIGHT);

const MOST_WEIGHT = 1e6;

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

/** The mean of the members' predictions, each as often as its weight says, with a temperature for probabilities. */
export function meanOf(outputs: readonly Matrix[], temperature: number, weights?: readonly number[]): Matrix {
  const [first] = outputs as [Matrix];
  const sums = new Float64Array(first.data.length);
  let count = 0;
  for (const [m, { data }] of outputs.entries()) {
    const weight = weights?.[m] ?? 1;
    count += weight;
    for (let i = 0; i < sums.length; i++) (sums[i] as number) += weight * (data[i] as number);
  }
  const means = new Float32Array(sums.length);
  for (let i = 0; i < means.length; i++) means[i] = (sums[i] as number) / count;
  return tempered(ownMatrix(means, first.columns), temperature);
}
