// Arithmetic on one number, as a list of operations: printed as JavaScript, as C, and as WebAssembly on four numbers at a time, it gives the same bits. Each operation rounds to float32.

/** What the value of an operation is: a float32, 32 bits, or a truth. */
export type Kind = 'float' | 'bits' | 'truth';

export type Op =
  | 'input'
  | 'float'
  | 'bits'
  | 'add'
  | 'sub'
  | 'mul'
  | 'div'
  | 'abs'
  | 'neg'
  | 'nearest'
  | 'lt'
  | 'gt'
  | 'ge'
  | 'eq'
  | 'select'
  | 'trunc'
  | 'convert'
  | 'addBits'
  | 'subBits'
  | 'shl'
  | 'shr'
  | 'and'
  | 'or'
  | 'bitsOf'
  | 'floatOf';

/** An operation: its operands are the numbers of earlier ones. */
export interface Operation {
  readonly op: Op;
  readonly kind: Kind;
  readonly of: readonly number[];
  /** The value of a constant, or the distance of a shift. */
  readonly value: number;
}

/** A value of an expression: the number of its operation. */
export type Value = number & { readonly __value: unique symbol };

/** Collects operations; equal ones are one. */
export class Expression {
  readonly operations: Operation[] = [];
  readonly #known = new Map<string, Value>();

  #push(op: Op, kind: Kind, of: readonly number[] = [], value = 0): Value {
    const key = `${op} ${of.join(' ')} ${Object.is(value, -0) ? '-0' : value}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const made = (this.operations.push({ op, kind, of, value }) - 1) as Value;
    this.#known.set(key, made);
    return made;
  }

  input = (): Value => this.#push('input', 'float');
  /** A constant, rounded to float32. */
  float = (value: number): Value => this.#push('float', 'float', [], Math.fround(value));
  bits = (value: number): Value => this.#push('bits', 'bits', [], value | 0);
  add = (a: Value, b: Value): Value => this.#push('add', 'float', [a, b]);
  sub = (a: Value, b: Value): Value => this.#push('sub', 'float', [a, b]);
  mul = (a: Value, b: Value): Value => this.#push('mul', 'float', [a, b]);
  div = (a: Value, b: Value): Value => this.#push('div', 'float', [a, b]);
  abs = (a: Value): Value => this.#push('abs', 'float', [a]);
  neg = (a: Value): Value => this.#push('neg', 'float', [a]);
  /** The nearest whole number, of two the even one; for |a| below 2²². */
  nearest = (a: Value): Value => this.#push('nearest', 'float', [a]);
  lt = (a: Value, b: Value): Value => this.#push('lt', 'truth', [a, b]);
  gt = (a: Value, b: Value): Value => this.#push('gt', 'truth', [a, b]);
  ge = (a: Value, b: Value): Value => this.#push('ge', 'truth', [a, b]);
  eq = (a: Value, b: Value): Value => this.#push('eq', 'truth', [a, b]);
  /** a where the truth holds, b elsewhere. */
  select = (a: Value, b: Value, truth: Value): Value => this.#push('select', 'float', [a, b, truth]);
  /** A whole float32 as an integer; 0 for NaN. */
  trunc = (a: Value): Value => this.#push('trunc', 'bits', [a]);
  convert = (a: Value): Value => this.#push('convert', 'float', [a]);
  addBits = (a: Value, b: Value): Value => this.#push('addBits', 'bits', [a, b]);
  subBits = (a: Value, b: Value): Value => this.#push('subBits', 'bits', [a, b]);
  shl = (a: Value, distance: number): Value => this.#push('shl', 'bits', [a], distance);
  shr = (a: Value, distance: number): Value => this.#push('shr', 'bits', [a], distance);
  and = (a: Value, b: Value): Value => this.#push('and', 'bits', [a, b]);
  or = (a: Value, b: Value): Value => this.#push('or', 'bits', [a, b]);
  bitsOf = (a: Value): Value => this.#push('bitsOf', 'bits', [a]);
  floatOf = (a: Value): Value => this.#push('floatOf', 'float', [a]);

  /** a · b + c, in two roundings. */
  step = (a: Value, b: Value, c: number): Value => this.add(this.mul(a, b), this.float(c));
  /** The first of two by f32x4.pmin: b only if it is less. */
  pmin = (a: Value, b: Value): Value => this.select(b, a, this.lt(b, a));
  pmax = (a: Value, b: Value): Value => this.select(b, a, this.lt(a, b));
}
