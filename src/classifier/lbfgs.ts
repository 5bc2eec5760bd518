// Limited-memory BFGS (Nocedal & Wright, Numerical Optimization, 2006, algorithm 7.5) in float64, for a smooth convex function with an L2 penalty.

/** A function of several numbers: returns its value at x, and writes its gradient. Yields where the event loop may turn. */
export type Objective = (x: Float64Array, gradient: Float64Array) => Generator<void, number>;

export interface Limits {
  /** Ends where an iteration lowers the value by less than this share of it. */
  readonly decrease: number;
  readonly iterations: number;
}

/** So many steps are remembered, as in SciPy. */
const REMEMBERED = 10;
/** The share of the slope's decrease that a step must reach (Armijo's condition), and the most halvings of a step. */
const SUFFICIENT = 1e-4;
const HALVINGS = 20;
/** A value below this is not lowered as carefully: its decrease is compared with this. */
const SMALL = 0.05;

interface Step {
  readonly s: Float64Array;
  readonly y: Float64Array;
}

/** The function and its gradient at a place, without the penalties. */
interface Point {
  readonly f: Objective;
  readonly value: number;
  readonly gradient: Float64Array;
}

/** Minimizes f(x) + ½ Σ penalties · x², again and again from where it is, for functions that differ little. */
export class Minimizer {
  readonly x: Float64Array;
  readonly #steps: Step[] = [];
  #penalties: Float64Array;
  #point: Point | undefined;

  /** Begins at x, which it overwrites. */
  constructor(x: Float64Array) {
    this.x = x;
    this.#penalties = new Float64Array(x.length);
  }

  /** Moves x towards the minimum, until a limit is reached. */
  *run(f: Objective, penalties: Float64Array, limits: Limits): Generator<void, void> {
    this.#penalize(penalties);
    let point = this.#point?.f === f ? this.#point : yield* at(f, this.x);
    for (let iteration = 0; iteration < limits.iterations; iteration++) {
      const value = point.value + penalty(penalties, this.x);
      const gradient = slopes(point, penalties, this.x);
      const direction = this.#descent(gradient);
      const slope = dot(direction, gradient);
      // At the minimum to the last bit.
      if (!(slope < 0)) break;
      let length = this.#steps.length > 0 ? 1 : Math.min(1, 1 / Math.sqrt(-slope));
      let next = moved(this.x, length, direction);
      let reached = yield* at(f, next);
      const lowers = (): boolean => reached.value + penalty(penalties, next) <= value + SUFFICIENT * length * slope;
      for (let halvings = 0; halvings < HALVINGS && !lowers(); halvings++) {
        length /= 2;
        next = moved(this.x, length, direction);
        reached = yield* at(f, next);
      }
      // So close to the minimum that the value's rounding hides a decrease.
      if (!lowers()) break;
      this.#remember(difference(next, this.x), difference(slopes(reached, penalties, next), gradient));
      this.x.set(next);
      point = reached;
      const now = point.value + penalty(penalties, next);
      if (value - now <= limits.decrease * Math.max(now, SMALL)) break;
    }
    this.#point = point;
  }

  /** The remembered steps stay valid for other penalties: of y, the difference of two gradients, the penalties' part is known. */
  #penalize(penalties: Float64Array): void {
    for (const { s, y } of this.#steps)
      for (let i = 0; i < s.length; i++)
        y[i] = (y[i] as number) + ((penalties[i] as number) - (this.#penalties[i] as number)) * (s[i] as number);
    this.#penalties = penalties;
  }

  #remember(s: Float64Array, y: Float64Array): void {
    if (dot(s, y) > 0) this.#steps.push({ s, y });
    if (this.#steps.length > REMEMBERED) this.#steps.shift();
  }

  /** The direction of descent −H · gradient, by the two-loop recursion. */
  #descent(gradient: Float64Array): Float64Array {
    const q = gradient.map((g) => -g);
    const steps = this.#steps.map(({ s, y }) => ({ s, y, curvature: dot(s, y), alpha: 0 }));
    for (const step of steps.slice().reverse()) {
      step.alpha = dot(step.s, q) / step.curvature;
      add(q, -step.alpha, step.y);
    }
    const last = steps.at(-1);
    const scale = last ? last.curvature / dot(last.y, last.y) : 1;
    for (let i = 0; i < q.length; i++) q[i] = scale * (q[i] as number);
    for (const { s, y, curvature, alpha } of steps) add(q, alpha - dot(y, q) / curvature, s);
    return q;
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  // Four sums, since each addition waits for the one before.
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  const whole = a.length - (a.length % 4);
  for (let i = 0; i < whole; i += 4) {
    s0 += (a[i] as number) * (b[i] as number);
    s1 += (a[i + 1] as number) * (b[i + 1] as number);
    s2 += (a[i + 2] as number) * (b[i + 2] as number);
    s3 += (a[i + 3] as number) * (b[i + 3] as number);
  }
  for (let i = whole; i < a.length; i++) s0 += (a[i] as number) * (b[i] as number);
  return s0 + s1 + (s2 + s3);
}

function add(to: Float64Array, factor: number, from: Float64Array): void {
  for (let i = 0; i < to.length; i++) to[i] = (to[i] as number) + factor * (from[i] as number);
}

function difference(a: Float64Array, b: Float64Array): Float64Array {
  const c = new Float64Array(a.length);
  for (let i = 0; i < c.length; i++) c[i] = (a[i] as number) - (b[i] as number);
  return c;
}

function moved(x: Float64Array, length: number, direction: Float64Array): Float64Array {
  const to = x.slice();
  add(to, length, direction);
  return to;
}

function* at(f: Objective, x: Float64Array): Generator<void, Point> {
  const gradient = new Float64Array(x.length);
  return { f, value: yield* f(x, gradient), gradient };
}

function penalty(penalties: Float64Array, x: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += (penalties[i] as number) * (x[i] as number) * (x[i] as number);
  return sum / 2;
}

/** The gradient with the penalties' part. */
function slopes({ gradient }: Point, penalties: Float64Array, x: Float64Array): Float64Array {
  const all = gradient.slice();
  for (let i = 0; i < all.length; i++) all[i] = (all[i] as number) + (penalties[i] as number) * (x[i] as number);
  return all;
}
