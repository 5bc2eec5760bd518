import type { Matrix } from '../data/matrix.js';
import type { Rows, Targets } from '../data/rows.js';
import type { TrainableNetwork } from '../nn/trainable-network.js';
import { checkRows } from './predicting.js';
import { type TargetData, toTargets } from './targets.js';
import type { Trainer } from './trainer.js';
import { rowWeights } from './weighing.js';

/** Rows of a data set: those with the indices in `order`, or all. */
export interface Selection {
  readonly x: Matrix;
  readonly y: TargetData;
  readonly order: Int32Array | undefined;
  /** The weight of each row of the data set in loss and metrics; without weights, all rows weigh the same. */
  readonly weights?: Float32Array | undefined;
}

export const selected = ({ x, order }: Selection): number => order?.length ?? x.rows;

/** Checks the rows, targets and weights that a method was given, and selects all of them. */
export function select(
  method: string,
  trainer: Trainer,
  network: TrainableNetwork,
  givenX: Rows,
  givenY: Targets,
  weighing: Parameters<typeof rowWeights>[4],
): Selection {
  const x = checkRows(`${method}: x`, network, givenX);
  const y = toTargets(`${method}: y`, givenY, x.rows, network.outputs, trainer.goal);
  return {
    x,
    y,
    order: undefined,
    weights: rowWeights(method, `${method}(sampleWeight)`, trainer, x.rows, weighing),
  };
}
