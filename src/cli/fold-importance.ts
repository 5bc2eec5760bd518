// How much networks need each column, each network by the rows that it has not learnt from.
import type { Label, Matrix } from '../data/index.js';
import { isMatrix } from '../data/rows.js';
import type { Ensemble } from '../evaluate/index.js';
import { type ColumnImportance, permutationImportance } from '../explain/index.js';
import type { Table } from '../table/index.js';
import { areSame } from './explained-rows.js';

export interface FoldRows {
  readonly rows: Table;
  /** What is true of each row. */
  readonly y: readonly Label[] | Matrix;
  /** The network, from 0, that has not learnt from a row. */
  readonly members: Int32Array;
}

/** The mean over the networks for each column, by their numbers of rows, in each repeat; the most important first. */
export async function foldImportance(
  model: Ensemble,
  { rows, y, members }: FoldRows,
  repeats: number,
): Promise<ColumnImportance[]> {
  const sums = new Map<string, Float64Array>();
  let count = 0;
  for (const [m, member] of model.members.entries()) {
    const own = Int32Array.from(members.keys()).filter((at) => members[at] === m);
    const truth = isMatrix(y) ? y.select(own) : Array.from(own, (at) => y[at] as Label);
    if (own.length < 2 || areSame(truth)) continue;
    count += own.length;
    for (const { column, values } of await permutationImportance(member, rows.select(own), { y: truth, repeats })) {
      const sum = sums.get(column) ?? new Float64Array(repeats);
      for (const [i, value] of values.entries()) (sum[i] as number) += value * own.length;
      sums.set(column, sum);
    }
  }
  const found = Array.from(sums, ([column, sum]): ColumnImportance => {
    const values = Array.from(sum, (value) => value / count);
    const mean = values.reduce((total, value) => total + value, 0) / repeats;
    const std = Math.sqrt(values.reduce((total, value) => total + (value - mean) ** 2, 0) / repeats);
    return { column, mean, std, values };
  });
  return found.sort((a, b) => b.mean - a.mean);
}
