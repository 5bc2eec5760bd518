/** What a practitioner would point at in a training. */
export interface Finding {
  /** What it is, for programs: 'vanishing-gradients', 'dead-relu', … */
  readonly code: FindingCode;
  readonly severity: 'info' | 'warning' | 'problem';
  /** The layer's name, where one is meant. */
  readonly layer?: string;
  /** The figure that was found, in the message's units. */
  readonly value?: number;
  /** What was found, with the figure, the threshold and where that is from. */
  readonly message: string;
  /** What to try next. */
  readonly advice: string;
}

export type FindingCode =
  | 'vanishing-gradients'
  | 'exploding-gradients'
  | 'dead-relu'
  | 'saturated'
  | 'update-too-small'
  | 'update-too-large'
  | 'first-loss'
  | 'loss-does-not-fall'
  | 'loss-oscillates'
  | 'over-fitting'
  | 'class-collapse'
  | 'unscaled-inputs'
  | 'constant-columns'
  | 'too-few-epochs';

/** A figure as people read it: three digits, thousandths and less as powers of ten. */
export function figure(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  return size < 1e-3 || size >= 1e5 ? value.toExponential(1) : String(Number(value.toPrecision(3)));
}

export const percent = (share: number): string => `${Number((share * 100).toPrecision(3))} %`;
