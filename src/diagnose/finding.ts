/** What is wrong with a training run, or worth knowing about it. */
export interface Finding {
  /** What it is, for programs: 'vanishing-gradients', 'dead-relu', … */
  readonly code: FindingCode;
  readonly severity: 'info' | 'warning' | 'problem';
  /** The name of the layer, for a finding about one layer. */
  readonly layer?: string;
  /** The figure that was found, in the message's units. */
  readonly value?: number;
  /** What was found, with the figure, the threshold and its source; no full stop at the end. */
  readonly message: string;
  /** What to try next; no full stop at the end. */
  readonly advice: string;
  /** The code of the finding that explains this one, which stands before it: mend that first. Absent for a cause. */
  readonly because?: FindingCode;
}

export type FindingCode =
  | 'unscaled-inputs'
  | 'unscaled-targets'
  | 'symmetric-weights'
  | 'exploding-gradients'
  | 'diverging'
  | 'saturated'
  | 'vanishing-gradients'
  | 'first-loss'
  | 'update-too-large'
  | 'dead-relu'
  | 'update-too-small'
  | 'loss-oscillates'
  | 'under-fitting'
  | 'class-collapse'
  | 'loss-does-not-fall'
  | 'over-fitting'
  | 'constant-columns'
  | 'too-few-epochs';

/** A figure as people read it: three digits, or all of a whole number; below a thousandth and from 100,000 as powers of ten. */
export function figure(value: number): string {
  if (!Number.isFinite(value) || (Number.isInteger(value) && Math.abs(value) < 1e5)) return String(value);
  const size = Math.abs(value);
  return size < 1e-3 || size >= 1e5 ? value.toExponential(1) : String(Number(value.toPrecision(3)));
}

/** A share as people read it. */
export const percent = (share: number): string => `${figure(share * 100)} %`;
