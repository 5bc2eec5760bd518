import { type Finding, percent } from '../finding.js';
import { COLLAPSED, COMMON, DEAD_ROWS, DEAD_SHARE, SATURATED_SHARE } from '../thresholds.js';

/** Share of a relu layer's units that are dead, by the rows in a row for which they were off. */
export function deadShare(silent: Uint32Array): number {
  return silent.reduce((count, rows) => count + Number(rows >= DEAD_ROWS), 0) / silent.length;
}

export function deadUnits(layer: string, units: number, share: number): Finding[] {
  if (share < DEAD_SHARE) return [];
  return [
    {
      code: 'dead-relu',
      severity: 'problem',
      layer,
      value: share,
      message: `${Math.round(share * units)} of the ${units} units of ${layer} were off for the last ${DEAD_ROWS} rows or more, and learn nothing any more; from ${percent(DEAD_SHARE)} on the network is much smaller than it looks (CS231n, Neural Networks 1)`,
      advice: 'Lower the learning rate, use leakyRelu or elu, and draw weights by heUniform with biases of zero',
    },
  ];
}

export function saturatedUnits(layer: string, kind: string, share: number): Finding[] {
  if (share < SATURATED_SHARE) return [];
  return [
    {
      code: 'saturated',
      severity: 'warning',
      layer,
      value: share,
      message: `${percent(share)} of the outputs of ${layer} (${kind}) are at their limits, where the slope is next to nothing; from ${percent(SATURATED_SHARE)} on the layer hardly learns (Glorot, Bengio 2010, section 3)`,
      advice: 'Scale the inputs, draw smaller weights (glorotUniform), put batchNormalization before it, or use relu',
    },
  ];
}

/** Classes predicted and wanted, counted over an epoch's looks. */
export function classCollapse(predicted: Float64Array, wanted: Float64Array): Finding[] {
  const rows = predicted.reduce((sum, n) => sum + n, 0);
  const common = Math.max(...wanted) / rows;
  const most = predicted.indexOf(Math.max(...predicted));
  const share = (predicted[most] as number) / rows;
  if (rows < 64 || share < COLLAPSED || common > COMMON) return [];
  return [
    {
      code: 'class-collapse',
      severity: 'problem',
      value: share,
      message: `${percent(share)} of the predictions are class ${most}, while the commonest class makes ${percent(common)} of the targets; from ${percent(COLLAPSED)} on (measured: healthy trainings stay below 70 %) the network does not tell rows apart`,
      advice:
        "Lower the learning rate, check that inputs are scaled and belong to their labels, or weigh classes by classWeight: 'balanced'",
    },
  ];
}
