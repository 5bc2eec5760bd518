/** A problem of a training run, or a fact worth knowing about it. */
export interface Finding {
  /** The kind of finding, for programs: 'vanishing-gradients', 'dead-relu', … */
  readonly code: FindingCode;
  readonly severity: 'info' | 'warning' | 'problem';
  /** The name of the layer, for a finding about one layer. */
  readonly layer?: string;
  /** The measured figure, in the message's units. */
  readonly value?: number;
  /** The description, with the figure, the threshold and its source; without a final full stop. */
  readonly message: string;
  /** What to try next; without a final full stop. */
  readonly advice: string;
  /** The code of an earlier finding in the list that explains this one and should be fixed first. Absent for a cause. */
  readonly because?: FindingCode;
  /** The inputs that it is about, by their numbers from 0, of a finding about columns of the input. */
  readonly inputs?: readonly number[];
  /** The class that it is about, by its number from 0. */
  readonly class?: number;
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

/** A number for people: three digits, or all digits of a whole number; below 0.001 and from 100,000 up as a power of ten. */
export function figure(value: number): string {
  if (!Number.isFinite(value) || (Number.isInteger(value) && Math.abs(value) < 1e5)) return String(value);
  const size = Math.abs(value);
  return size < 1e-3 || size >= 1e5 ? value.toExponential(1) : String(Number(value.toPrecision(3)));
}

/** A share in percent, for people. */
export const percent = (share: number): string => `${figure(share * 100)} %`;
