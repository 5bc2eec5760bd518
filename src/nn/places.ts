import { largest } from '../base/extremes.js';
import { activationBytes, wholeLines } from './layout.js';
import type { StepPlan } from './plan.js';

/** Where the blocks of a network's workspace lie, in bytes from its beginning, and what it takes in all. */
export interface Places {
  readonly bytes: number;
  readonly input: number;
  /** Output of each step; that of the step before where it works in place. */
  readonly outputs: readonly number[];
  /** Gradient by the output of each step; none for inference. */
  readonly gradients: readonly number[];
  /** Workspace that steps share. */
  readonly scratch: number;
  /** Workspace that each step has for itself. */
  readonly kept: readonly (readonly number[])[];
}

/** Whether a step writes its output over its input: it may, and the step before does not need it any more. */
export const worksInPlace = (steps: readonly StepPlan[], index: number): boolean =>
  (steps[index]?.inPlace ?? false) && !(steps[index - 1]?.keepsOutput ?? false);

/** Lays out what batches of up to `rows` rows need: input, outputs that are not in place, two gradients that take turns, what steps keep, shared workspace. */
export function placesOf(steps: readonly StepPlan[], inputs: number, rows: number, training: boolean): Places {
  let bytes = 0;
  const take = (size: number): number => {
    const at = bytes;
    bytes += wholeLines(size);
    return at;
  };
  const input = take(activationBytes(rows, inputs));
  const outputs: number[] = [];
  for (const [index, step] of steps.entries()) {
    const before = outputs[index - 1] ?? input;
    outputs.push(worksInPlace(steps, index) ? before : take(activationBytes(rows, step.outputs)));
  }
  if (!training) return { bytes, input, outputs, gradients: [], scratch: 0, kept: [] };
  const widest = largest(
    steps.map((step) => step.outputs),
    inputs,
  );
  const turns = [take(activationBytes(rows, widest)), take(activationBytes(rows, widest))];
  const kept = steps.map((step) => (step.kept?.(rows) ?? []).map(take));
  const mostScratch = largest(
    steps.map((step) => step.scratch),
    0,
  );
  const scratch = take(mostScratch);
  return { bytes, input, outputs, gradients: takeTurns(steps, turns), scratch, kept };
}

/** For each step the place of the gradient by its output; from the last one back the two take turns. */
function takeTurns(steps: readonly StepPlan[], turns: readonly number[]): number[] {
  const places: number[] = [];
  let turn = 0;
  for (let index = steps.length - 1; index >= 0; index--) {
    places[index] = turns[turn] as number;
    if (!(steps[index] as StepPlan).gradientInPlace) turn = 1 - turn;
  }
  return places;
}
