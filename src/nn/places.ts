import { largest } from '../base/extremes.js';
import { activationBytes, wholeLines } from './layout.js';
import type { StepPlan } from './plan.js';

/** The offsets of the blocks in a network's workspace, and its size, in bytes. */
export interface Places {
  readonly bytes: number;
  readonly input: number;
  /** The output of each step. A step that works in place has the offset of the step before. */
  readonly outputs: readonly number[];
}

/** Those of a network that learns. */
export interface TrainingPlaces extends Places {
  /** The gradient by the output of each step. */
  readonly gradients: readonly number[];
  /** Workspace shared by all steps. */
  readonly scratch: number;
  /** Each step's own workspace. */
  readonly kept: readonly (readonly number[])[];
}

/** Whether a step overwrites its input with its output: the step allows it, and the step before does not need its output. */
export const worksInPlace = (steps: readonly StepPlan[], index: number): boolean =>
  (steps[index]?.inPlace ?? false) && !(steps[index - 1]?.keepsOutput ?? false);

/** Lays out the workspace for batches of up to `rows` rows that are only predicted: the input, and outputs that are not in place. */
export function placesOf(steps: readonly StepPlan[], inputs: number, rows: number): Places {
  const input = 0;
  const outputs: number[] = [];
  let bytes = wholeLines(activationBytes(rows, inputs));
  for (const [index, step] of steps.entries()) {
    if (worksInPlace(steps, index)) outputs.push(outputs[index - 1] ?? input);
    else {
      outputs.push(bytes);
      bytes += wholeLines(activationBytes(rows, step.outputs));
    }
  }
  return { bytes, input, outputs };
}

/** The same for training, followed by two alternating gradient buffers, the steps' own blocks, and shared workspace. */
export function trainingPlacesOf(steps: readonly StepPlan[], inputs: number, rows: number): TrainingPlaces {
  const { bytes: before, input, outputs } = placesOf(steps, inputs, rows);
  let bytes = before;
  const take = (size: number): number => {
    const at = bytes;
    bytes += wholeLines(size);
    return at;
  };
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

/** The place of the gradient by each step's output. From the last step backward, the two buffers are used in turn. */
function takeTurns(steps: readonly StepPlan[], turns: readonly number[]): number[] {
  const places: number[] = [];
  let turn = 0;
  for (let index = steps.length - 1; index >= 0; index--) {
    places[index] = turns[turn] as number;
    if (!(steps[index] as StepPlan).gradientInPlace) turn = 1 - turn;
  }
  return places;
}
