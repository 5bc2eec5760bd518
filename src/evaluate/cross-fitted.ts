// Predictions for the rows that stop a training: by the epoch that the other half of these rows would keep, so that no row judges an epoch that it has chosen.
import { Matrix } from '../data/matrix.js';
import type { Callback } from '../train/sequential.js';
import type { Dataset } from './dataset.js';
import { logarithm } from './space.js';
import type { Task } from './task.js';

/** Below this a probability counts as this. */
const FLOOR = 1e-7;

const halves = [0, 1] as const;
type Half = (typeof halves)[number];

/** Watches a training, and keeps for each half of some rows what the epoch predicts for it that is best on the other half. */
export class CrossFitted implements Callback {
  readonly #x: Matrix;
  readonly #lossOf: (outputs: Matrix, row: number) => number;
  /** The half of each row; undefined where all would be in one. */
  readonly #halves: readonly Half[] | undefined;
  /** For each half: the least loss so far. */
  readonly #least: [number, number] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  #outputs: Matrix | undefined;

  /**
   * `targets` are class indices, or rows of numbers as the network learns them. Rows of a group are in one half; where there is one group, or one row, the last epoch
   * predicts, which nobody has chosen.
   */
  constructor(x: Matrix, targets: Matrix | Int32Array, { task, groups }: Pick<Dataset, 'task' | 'groups'>) {
    this.#x = x;
    this.#halves = halvesOf(groups ?? Int32Array.from({ length: x.rows }, (_, row) => row));
    this.#lossOf = (outputs, row) => lossOf(task, outputs, targets, row);
  }

  onEpochEnd({ model }: Parameters<NonNullable<Callback['onEpochEnd']>>[0]): void {
    const outputs = model.predict(this.#x);
    const { rows, columns, data } = outputs;
    const halfOf = this.#halves;
    if (!halfOf || !this.#outputs) this.#outputs = new Matrix(Float32Array.from(data), columns);
    if (!halfOf) return;
    const losses: [number, number] = [0, 0];
    for (let row = 0; row < rows; row++) losses[halfOf[row] as Half] += this.#lossOf(outputs, row);
    for (const half of halves) {
      if (!(losses[half] < this.#least[half])) continue;
      this.#least[half] = losses[half];
      // What this half has chosen is for the other.
      for (let row = 0; row < rows; row++)
        if (halfOf[row] !== half)
          this.#outputs.data.set(data.subarray(row * columns, (row + 1) * columns), row * columns);
    }
  }

  /** The network's outputs for the rows; undefined before the first epoch has ended. */
  get outputs(): Matrix | undefined {
    return this.#outputs;
  }
}

/** Deals groups to two halves by turns, in the order in which they come; undefined for a single group. */
function halvesOf(groups: Int32Array): Half[] | undefined {
  const dealt = new Map<number, Half>();
  for (const group of groups) if (!dealt.has(group)) dealt.set(group, dealt.size % 2 === 0 ? 0 : 1);
  return dealt.size < 2 ? undefined : Array.from(groups, (group) => dealt.get(group) as Half);
}

/** How wrong the outputs of a row are. With + − × ÷ only: it chooses epochs. */
function lossOf(task: Task, { data, columns }: Matrix, targets: Matrix | Int32Array, row: number): number {
  const known = targets instanceof Int32Array ? targets : targets.data;
  const surprise = (p: number): number => -logarithm(Math.max(FLOOR, p));
  if (targets instanceof Int32Array && columns > 1)
    return surprise(data[row * columns + (targets[row] as number)] as number);
  let sum = 0;
  for (let c = 0; c < columns; c++) {
    const at = row * columns + c;
    const [own, truth] = [data[at] as number, known[at] as number];
    if (task === 'regression') sum += (own - truth) ** 2;
    else sum += truth > 0 ? truth * surprise(own) + (1 - truth) * surprise(1 - own) : surprise(1 - own);
  }
  return sum;
}
