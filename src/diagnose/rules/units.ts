import { argmax } from '../../base/extremes.js';
import { type Finding, percent } from '../finding.js';
import { classWord } from '../names.js';
import { DEAD_ROWS, DEAD_SHARE, FOUND, OTHERS, OTHERS_SEEN, SATURATED_SHARE } from '../thresholds.js';

/** The fewest rows after which predictions are judged. */
const ROWS = 64;

/** The share of dead units of a relu layer, from the number of consecutive rows in which each was inactive. */
export function deadShare(silent: Uint32Array): number {
  let dead = 0;
  for (const rows of silent) if (rows >= DEAD_ROWS) dead++;
  return dead / silent.length;
}

export function deadUnits(layer: string, units: number, share: number): Finding[] {
  if (share < DEAD_SHARE) return [];
  return [
    {
      code: 'dead-relu',
      severity: 'problem',
      layer,
      value: share,
      message: `${Math.round(share * units)} of the ${units} units of \`${layer}\` were inactive in the last ${DEAD_ROWS} rows looked at, or more (the limit is ${percent(DEAD_SHARE)}; CS231n, Neural Networks 1). A relu that is inactive for every row never recovers`,
      advice: 'Lower the learning rate, use leakyRelu or elu, and draw weights by heUniform with biases of zero',
    },
  ];
}

/** `begun` is the share in the first batch, before any training. */
export function saturatedUnits(layer: string, kind: string, share: number, begun: number): Finding[] {
  if (share < SATURATED_SHARE) return [];
  return [
    {
      code: 'saturated',
      severity: 'warning',
      layer,
      value: share,
      message: `${percent(share)} of the outputs of \`${layer}\` (${kind}) are at their limits, where the slope is almost zero (the limit is ${percent(SATURATED_SHARE)}; Glorot, Bengio 2010, section 3). The layer hardly learns`,
      advice:
        begun < SATURATED_SHARE
          ? 'Divide the learning rate by ten: the weights have grown too large. Or put batchNormalization before it, or use relu'
          : 'Scale the inputs, draw smaller weights (glorotUniform), put batchNormalization before it, or use relu',
    },
  ];
}

/** A hidden layer whose units all have the same weights. */
export function symmetricUnits(layer: string, units: number, zero: boolean): Finding[] {
  return [
    {
      code: 'symmetric-weights',
      severity: 'problem',
      layer,
      value: units,
      message: `All ${units} units of \`${layer}\` have the same weights${zero ? ', zeros' : ''}, so they get the same updates and stay one unit (healthy: no two are the same; Goodfellow et al. 2016, Deep Learning, section 8.4)`,
      advice: 'Draw the weights at random: leave kernelInitializer out, or use glorotUniform or heUniform',
    },
  ];
}

/** Judges the predicted and the target classes, counted over looks. */
export function classCollapse(predicted: Float64Array, wanted: Float64Array): Finding[] {
  const rows = predicted.reduce((sum, n) => sum + n, 0);
  const most = argmax(predicted, 0, predicted.length);
  const share = (predicted[most] as number) / rows;
  const others = rows - (wanted[most] as number);
  const limit = Math.min(OTHERS, (FOUND * others) / rows);
  if (!(rows >= ROWS && others >= OTHERS_SEEN && 1 - share <= limit)) return [];
  return [
    {
      code: 'class-collapse',
      severity: 'problem',
      value: share,
      class: most,
      message: `${percent(share)} of the predictions are ${classWord(most)}, which is ${percent((wanted[most] as number) / rows)} of the targets, both of the rows looked at (the limit is ${percent(1 - limit)}; measured: healthy runs find at least a tenth of the other classes). The network does not distinguish the classes`,
      advice: "Weigh rare classes more by classWeight: 'balanced', and check that labels belong to their rows",
    },
  ];
}
