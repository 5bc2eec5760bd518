// Fits the weights to rows: multinomial logistic regression with an L2 penalty, whose strength is chosen by rows that are held out.
import { CLASSIFIER_PURPOSE } from '../base/draws.js';
import { range, shuffled, words } from '../data/random.js';
import { type Limits, Minimizer } from './lbfgs.js';
import { type Examples, SoftmaxModel, weightCount } from './softmax-model.js';

/** Strengths that are tried, from the strongest on: each begins where the one before has ended. */
const STRENGTHS = [100, 30, 10, 3, 1, 0.3, 0.1];
/** The strength where too few rows could be held out: scikit-learn's default. */
const DEFAULT_STRENGTH = 1;
/** One row of so many of each class is held out, if they are enough to tell strengths apart, of at most so many rows in all. */
const HELD = 5;
const LEAST_HELD = 20;
const MOST_TRIED = 4_000;
/** A strength after which the held-out loss has not fallen by this share, or by this much, is the last. If it has fallen by this share, the next is skipped. */
const SHARE = 0.02;
const LEAST = 0.003;
const FAST = 0.4;

/** While strengths are tried, and at the end. Lower limits hardly change the held-out figures of bench/classifier.ts. */
const TRYING: Limits = { decrease: 0.03, iterations: 3 };
const FITTING: Limits = { decrease: 3e-4, iterations: 200 };

/** The penalty on each weight, for a mean loss over so many rows: none on the biases. */
export function penaltiesOf(inputs: number, classes: number, l2: number, rows: number): Float64Array {
  return new Float64Array(weightCount(inputs, classes)).fill(l2 / rows, 0, inputs * classes);
}

/** The weights of a softmax over scaled rows, and the strength of their penalty. */
export function* fitting(
  all: Examples,
  classes: number,
  seed: number,
  l2?: number,
): Generator<void, { weights: Float64Array; l2: number }> {
  const inputs = all.x.columns;
  const minimizer = new Minimizer(new Float64Array(weightCount(inputs, classes)));
  const models: SoftmaxModel[] = [];
  /** The loss over rows, in a network of its own, which keeps them. */
  const lossOf = (examples: Examples) => {
    const model = new SoftmaxModel(inputs, classes);
    models.push(model);
    return (x: Float64Array, gradient?: Float64Array) => model.loss(examples, x, gradient);
  };
  try {
    let strength = l2 ?? DEFAULT_STRENGTH;
    const parts = l2 === undefined && (yield* splitOff(all, classes, seed));
    if (parts) {
      const [learning, held] = [lossOf(parts.learnt), lossOf(parts.held)];
      strength = yield* choosing(minimizer, held, (tried) =>
        minimizer.run(learning, penaltiesOf(inputs, classes, tried, parts.learnt.x.rows), TRYING),
      );
    }
    yield* minimizer.run(lossOf(all), penaltiesOf(inputs, classes, strength, all.x.rows), FITTING);
    return { weights: minimizer.x, l2: strength };
  } finally {
    for (const { model } of models) model.dispose();
  }
}

/** The strength with the least loss over the held-out rows. */
function* choosing(
  { x }: Minimizer,
  held: (x: Float64Array) => Generator<void, number>,
  minimize: (strength: number) => Generator<void, void>,
): Generator<void, number> {
  let chosen = STRENGTHS[0] as number;
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < STRENGTHS.length; i++) {
    const strength = STRENGTHS[i] as number;
    yield* minimize(strength);
    const loss = yield* held(x);
    if (loss < best) chosen = strength;
    if (loss > best * (1 - SHARE) - LEAST) break;
    if (loss < best * (1 - FAST) && i > 0) i++;
    best = loss;
  }
  return chosen;
}

/** Splits off every fifth row of each class, in an order by the seed; undefined where these are too few. */
function* splitOff(
  { x, classes: classOf }: Examples,
  classes: number,
  seed: number,
): Generator<void, { learnt: Examples; held: Examples } | undefined> {
  const order = range(x.rows);
  yield* shuffled(order, words(seed, CLASSIFIER_PURPOSE, 0));
  const counts = new Int32Array(classes);
  const learnt: number[] = [];
  const held: number[] = [];
  for (const row of order.subarray(0, MOST_TRIED)) {
    const index = classOf[row] as number;
    counts[index] = (counts[index] as number) + 1;
    ((counts[index] as number) % HELD === 0 ? held : learnt).push(row);
  }
  if (held.length < LEAST_HELD) return undefined;
  const part = (rows: readonly number[]): Examples => ({
    x: x.select(rows),
    classes: Int32Array.from(rows, (row) => classOf[row] as number),
  });
  return { learnt: part(learnt), held: part(held) };
}
