// A quick look at many columns, to measure only those that may matter. Its figures are not shown: they only choose.
import { argmax } from '../base/extremes.js';
import { range } from '../data/random.js';
import { type Features, middleFeatures } from './features.js';
import { differentiable } from './input-gradients.js';
import { slopeOf } from './slope-of.js';
import type { Subject } from './subject.js';

/**
 * The columns with the largest effects first: for each the mean over the rows and members of |Σ gradient · (feature − middle)|, "gradient × input" (Shrikumar et al. 2016, arXiv
 * 1605.01713), of the largest output of each row; the first `rows` rows. It takes a gradient for each row, however many columns there are.
 */
export function* screening(features: readonly Features[], subject: Subject, rows: number): Generator<void, string[]> {
  const sizes = new Map(subject.columns.map((column) => [column, 0]));
  for (const [m, member] of subject.members.entries()) {
    const { spans, of, rows: count } = features[m] as Features;
    const some = yield* of(range(Math.min(rows, count)));
    const network = differentiable(member.model);
    const middle = middleFeatures(member);
    for (let r = 0; r < some.rows; r++) {
      const row = Float64Array.from(some.row(r));
      const { y } = network(row);
      // One sigmoid is the probability of the second class.
      const output = subject.classes && y.length === 1 ? 1 : argmax(y, 0, y.length);
      const gradient = slopeOf(member, network, output).gradientAt(row);
      for (const [column, { at, width }] of spans) {
        let sum = 0;
        for (let i = at; i < at + width; i++)
          sum += (gradient[i] as number) * ((row[i] as number) - (middle[i] as number));
        sizes.set(column, (sizes.get(column) as number) + (subject.weights?.[m] ?? 1) * Math.abs(sum));
      }
      yield;
    }
  }
  // Of equal ones the first.
  return [...sizes].sort((a, b) => b[1] - a[1]).map(([column]) => column);
}
