// What WebAssembly does with a row in place: arithmetic by column, softmax and its logarithm, and normalization.
import { exponential, logarithm } from './functions.js';
import type { Step } from './program.js';
import { F64 } from './wasm-bytes.js';
import { type Functions, vectors, type Writer } from './wasm-writer.js';

/** Changes a row at an address: `w` is what calls. */
type InPlace<Type extends Step['type']> = (
  functions: Functions,
  w: Writer,
  step: Extract<Step, { type: Type }>,
  at: number,
) => void;

/** The addresses of a row's first vector, and behind its last. */
const ends = (at: number, width: number): readonly [number, number] => [at, at + 16 * vectors(width)];

const activation: InPlace<'function'> = (functions, w, { width, name, expression }, at) =>
  functions.call(w, name, ends(at, width), (own, [from, end]) =>
    own.map(from as number, end as number, () => own.expression(expression)),
  );

const affine: InPlace<'affine'> = (functions, w, { width, scale, offset }, at) =>
  functions.call(w, `affine ${scale} ${offset}`, ends(at, width), (own, [from, end]) =>
    own.map(from as number, end as number, () => {
      own.code.floats(scale);
      own.code.op('f32x4.mul');
      own.code.floats(offset);
      own.code.op('f32x4.add');
    }),
  );

/** Combines the vector on the stack with those of arrays that lie one behind the other, `size` bytes each. */
function combine(
  w: Writer,
  constants: number,
  size: number,
  ops: readonly ('f32x4.sub' | 'f32x4.mul' | 'f32x4.add')[],
) {
  for (const [i, op] of ops.entries()) {
    w.code.get(constants);
    w.code.memory('v128.load', i * size);
    w.code.op(op);
  }
}

/** (x − mean) · slope + beta. */
const columns: InPlace<'columns'> = (functions, w, { width, mean, slope, beta }, at) => {
  const [constants] = [mean, slope, beta].map((values) => functions.layout.put(values)) as [number];
  const size = 16 * vectors(width);
  functions.call(w, `columns ${size}`, [...ends(at, width), constants], (own, parameters) => {
    const [from, end, other] = parameters as [number, number, number];
    own.map(from, end, () => combine(own, other, size, ['f32x4.sub', 'f32x4.mul', 'f32x4.add']), [other]);
  });
};

/** alpha · x below 0, by column. */
const slopes: InPlace<'slopes'> = (functions, w, { width, alpha }, at) => {
  const constants = functions.layout.put(alpha);
  functions.call(w, 'slopes', [...ends(at, width), constants], (own, parameters) => {
    const [from, end, other] = parameters as [number, number, number];
    const { code } = own;
    own.using(1, ([x]) => {
      const change = (): void => {
        code.set(x as number);
        code.get(x as number);
        code.get(other);
        code.memory('v128.load');
        code.op('f32x4.mul');
        code.get(x as number);
        code.get(x as number);
        code.floats(0);
        code.op('f32x4.lt');
        code.op('v128.bitselect');
      };
      own.map(from, end, change, [other]);
    });
  });
};

const softmax: InPlace<'softmax'> = (functions, w, { width, logs }, at) =>
  functions.call(w, `softmax ${width} ${logs}`, [at], (own, [row]) => writeSoftmax(own, row as number, width, logs));

function writeSoftmax(w: Writer, at: number, width: number, logs: boolean): void {
  const { code } = w;
  // So few numbers take no time.
  code.isBrief = width <= 64;
  w.using(3, ([top, sum, e]) => {
    const [a, b, c] = [top as number, sum as number, e as number];
    code.floats(Number.NEGATIVE_INFINITY);
    code.set(a);
    w.visit(at, width, (_, masked) => {
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
    w.visit(at, width, (from, masked) => {
      code.get(a);
      code.op('f32x4.sub');
      if (logs) {
        code.set(c);
        code.get(from);
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
      code.get(from);
      code.get(c);
      code.memory('v128.store');
    });
    w.lanes(b, 'f32.add');
    code.op('f32x4.splat');
    if (logs) w.expression(logarithm());
    code.set(b);
    w.map(at, w.address(at, 16 * vectors(width)), () => {
      code.get(b);
      code.op(logs ? 'f32x4.sub' : 'f32x4.div');
    });
  });
}

const rows: InPlace<'rows'> = (functions, w, { width, epsilon, gamma, beta }, at) => {
  const [constants] = [gamma, beta].map((values) => functions.layout.put(values)) as [number];
  functions.call(w, `rows ${width} ${epsilon}`, [at, constants], (own, [row, other]) =>
    writeRows(own, row as number, other as number, width, epsilon),
  );
};

function writeRows(w: Writer, at: number, constants: number, width: number, epsilon: number): void {
  const { code } = w;
  const spread = code.local(F64);
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
    code.set(spread);
    code.double(1);
    code.get(spread);
    code.double(epsilon);
    code.op('f64.add');
    code.op('f64.sqrt');
    code.op('f64.div');
    code.get(spread);
    code.double(0);
    code.op('f64.mul');
    code.op('f64.add');
    code.op('f32.demote_f64');
    code.op('f32x4.splat');
    code.set(factor);
    const size = 16 * vectors(width);
    const change = (): void => {
      code.get(middle);
      code.op('f32x4.sub');
      code.get(factor);
      code.op('f32x4.mul');
      combine(w, constants, size, ['f32x4.mul', 'f32x4.add']);
    };
    w.map(at, w.address(at, size), change, [constants]);
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
  const from = w.address(at);
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
      code.get(from);
      code.memory('v128.load', 16 * i);
      term(keep);
      keep();
      code.op('f32x4.add');
      code.set(sum);
    }
    for (const [local, half] of [
      [low, 0],
      [high, 8],
    ] as const) {
      code.get(local);
      code.get(sum);
      if (half > 0) {
        code.get(sum);
        code.shuffle(Array.from({ length: 16 }, (_, i) => (i % 8) + 8));
      }
      code.op('f64x2.promote_low_f32x4');
      code.op('f64x2.add');
      code.set(local);
    }
  };
  const full = Math.floor(width / 16);
  if (full > 0) {
    const end = w.address(at, 64 * full);
    code.repeat(from, end, () => {
      panel(4, false);
      code.advance(from, 64);
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

/** The steps that change a row in place. */
export const inPlace: { readonly [Type in Exclude<Step['type'], 'product' | 'quantized'>]: InPlace<Type> } = {
  function: activation,
  softmax,
  affine,
  columns,
  slopes,
  rows,
};
