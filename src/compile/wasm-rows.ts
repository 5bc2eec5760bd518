// What WebAssembly does with a row: arithmetic by column, softmax and its logarithm, and normalization.
import { exponential, logarithm } from './functions.js';
import type { Step } from './program.js';
import { vectors, type Writer } from './wasm-writer.js';

export function activation(w: Writer, { width, expression }: Extract<Step, { type: 'function' }>, at: number): void {
  w.map(at, width, () => w.expression(expression));
}

export function affine(w: Writer, { width, scale, offset }: Extract<Step, { type: 'affine' }>, at: number): void {
  w.map(at, width, () => {
    w.code.floats(scale);
    w.code.op('f32x4.mul');
    w.code.floats(offset);
    w.code.op('f32x4.add');
  });
}

/** (x − mean) · slope + beta: three arrays, one behind the other. */
export function columns(w: Writer, { width, mean, slope, beta }: Extract<Step, { type: 'columns' }>, at: number): void {
  const { code } = w;
  const size = 16 * vectors(width);
  const own = w.layout.put(mean);
  w.layout.put(slope);
  w.layout.put(beta);
  w.start(w.other, own);
  w.eachVector(
    at,
    vectors(width),
    (from) => {
      code.get(from);
      code.get(from);
      code.memory('v128.load');
      for (const [i, op] of (['f32x4.sub', 'f32x4.mul', 'f32x4.add'] as const).entries()) {
        code.get(w.other);
        code.memory('v128.load', i * size);
        code.op(op);
      }
      code.memory('v128.store');
    },
    [w.other],
  );
}

/** alpha · x below 0, by column. */
export function slopes(w: Writer, { width, alpha }: Extract<Step, { type: 'slopes' }>, at: number): void {
  const { code } = w;
  w.start(w.other, w.layout.put(alpha));
  w.eachVector(
    at,
    vectors(width),
    (from) => {
      const load = (address: number): void => {
        code.get(address);
        code.memory('v128.load');
      };
      code.get(from);
      load(from);
      load(w.other);
      code.op('f32x4.mul');
      load(from);
      load(from);
      code.floats(0);
      code.op('f32x4.lt');
      code.op('v128.bitselect');
      code.memory('v128.store');
    },
    [w.other],
  );
}

export function softmax(w: Writer, { width, logs }: Extract<Step, { type: 'softmax' }>, at: number): void {
  const { code } = w;
  w.using(3, ([top, sum, e]) => {
    const [a, b, c] = [top as number, sum as number, e as number];
    code.floats(Number.NEGATIVE_INFINITY);
    code.set(a);
    w.visit(at, width, (masked) => {
      if (masked) {
        code.floats(Number.NEGATIVE_INFINITY);
        w.mask(width);
        code.op('v128.bitselect');
      }
      code.get(a);
      code.op('f32x4.max');
      code.set(a);
    });
    w.lanes(a, 'f32.max');
    code.op('f32x4.splat');
    code.set(a);
    code.floats(0);
    code.set(b);
    w.visit(at, width, (masked) => {
      code.get(a);
      code.op('f32x4.sub');
      if (logs) {
        code.set(c);
        code.get(w.from);
        code.get(c);
        code.memory('v128.store');
        code.get(c);
      }
      w.expression(exponential());
      if (masked) {
        w.mask(width);
        code.op('v128.and');
      }
      code.set(c);
      code.get(b);
      code.get(c);
      code.op('f32x4.add');
      code.set(b);
      if (logs) return;
      code.get(w.from);
      code.get(c);
      code.memory('v128.store');
    });
    w.lanes(b, 'f32.add');
    code.op('f32x4.splat');
    if (logs) w.expression(logarithm());
    code.set(b);
    w.map(at, width, () => {
      code.get(b);
      code.op(logs ? 'f32x4.sub' : 'f32x4.div');
    });
  });
}

export function rows(w: Writer, { width, epsilon, gamma, beta }: Extract<Step, { type: 'rows' }>, at: number): void {
  const { code } = w;
  const size = 16 * vectors(width);
  const own = w.layout.put(gamma);
  w.layout.put(beta);
  w.using(5, (locals) => {
    const [middle, factor, low, high, sum] = locals as [number, number, number, number, number];
    const lanes = [low, high, sum] as const;
    total(w, at, width, lanes, () => {});
    code.double(width);
    code.op('f64.div');
    code.op('f32.demote_f64');
    code.op('f32x4.splat');
    code.set(middle);
    total(w, at, width, lanes, (keep) => {
      code.get(middle);
      code.op('f32x4.sub');
      keep();
      code.set(factor);
      code.get(factor);
      code.get(factor);
      code.op('f32x4.mul');
    });
    code.double(width);
    code.op('f64.div');
    code.set(w.spread);
    code.double(1);
    code.get(w.spread);
    code.double(epsilon);
    code.op('f64.add');
    code.op('f64.sqrt');
    code.op('f64.div');
    code.get(w.spread);
    code.double(0);
    code.op('f64.mul');
    code.op('f64.add');
    code.op('f32.demote_f64');
    code.op('f32x4.splat');
    code.set(factor);
    w.start(w.other, own);
    w.eachVector(
      at,
      vectors(width),
      (from) => {
        code.get(from);
        code.get(from);
        code.memory('v128.load');
        code.get(middle);
        code.op('f32x4.sub');
        code.get(factor);
        code.op('f32x4.mul');
        for (const [i, op] of (['f32x4.mul', 'f32x4.add'] as const).entries()) {
          code.get(w.other);
          code.memory('v128.load', i * size);
          code.op(op);
        }
        code.memory('v128.store');
      },
      [w.other],
    );
  });
}

/** The sum over a row of what `term` makes of each vector, in float64 on the stack: float32 over 16 columns, and float64 between these. */
function total(
  w: Writer,
  at: number,
  width: number,
  [low, high, sum]: readonly [number, number, number],
  term: (keep: () => void) => void,
): void {
  const { code } = w;
  for (const local of [low, high]) {
    code.floats(0);
    code.set(local);
  }
  const panel = (count: number, last: boolean): void => {
    code.floats(0);
    code.set(sum);
    for (let i = 0; i < count; i++) {
      const isMasked = last && i === count - 1 && width % 4 !== 0;
      const keep = (): void => {
        if (!isMasked) return;
        w.mask(width);
        code.op('v128.and');
      };
      code.get(sum);
      code.get(w.from);
      code.memory('v128.load', 16 * i);
      term(keep);
      keep();
      code.op('f32x4.add');
      code.set(sum);
    }
    for (const [local, from] of [
      [low, 0],
      [high, 8],
    ] as const) {
      code.get(local);
      code.get(sum);
      if (from > 0) {
        code.get(sum);
        code.shuffle(Array.from({ length: 16 }, (_, i) => (i % 8) + 8));
      }
      code.op('f64x2.promote_low_f32x4');
      code.op('f64x2.add');
      code.set(local);
    }
  };
  const full = Math.floor(width / 16);
  w.start(w.from, at);
  if (full > 0) {
    w.start(w.end, at + 64 * full);
    code.repeat(w.from, w.end, () => {
      panel(4, false);
      code.advance(w.from, 64);
    });
  }
  const rest = vectors(width - 16 * full);
  if (rest > 0) panel(rest, true);
  code.get(low);
  code.get(high);
  code.op('f64x2.add');
  code.set(low);
  for (const lane of [0, 1]) {
    code.get(low);
    code.op('f64x2.extract_lane', lane);
  }
  code.op('f64.add');
}
