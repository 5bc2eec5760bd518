import type { Rows, Targets } from '../data/rows.js';
import type { Network } from '../nn/network.js';
import { checkRows } from './predicting.js';
import type { Selection } from './selection.js';
import { toTargets } from './targets.js';
import type { Trainer } from './trainer.js';
import { rowWeights } from './weighing.js';

/** All rows that a method was given, their targets and what they weigh, checked. */
export function select(
  method: string,
  trainer: Trainer,
  network: Network,
  givenX: Rows,
  givenY: Targets,
  weighing: Parameters<typeof rowWeights>[5],
): Selection {
  const x = checkRows(`${method}: x`, network, givenX);
  const y = toTargets(`${method}: y`, givenY, x.rows, network.outputs, trainer.goal);
  return {
    x,
    y,
    order: undefined,
    weights: rowWeights(method, `${method}(sampleWeight)`, trainer, y, x.rows, weighing),
  };
}
