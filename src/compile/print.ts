// Expressions as statements of C and JavaScript: one a line, each rounded to float32.
import type { Expression, Operation } from './expression.js';

/** How a language writes operations. */
export interface Language {
  /** A float32 constant. */
  float(value: number): string;
  /** The statement that names a value. */
  declare(kind: Operation['kind'], name: string, value: string): string;
  /** Rounds to float32, where the language does not itself. */
  round(value: string): string;
  nearest(value: string): string;
  trunc(value: string): string;
  convert(value: string): string;
  abs(value: string): string;
  bitsOf(value: string): string;
  floatOf(value: string): string;
  /** 32 bits that wrap round. */
  wrap(value: string): string;
  shl(value: string, distance: number): string;
}

/** The statements of an expression of `x`, and the name of its value. */
export function statements({ operations }: Expression, language: Language): { lines: string[]; result: string } {
  const names = operations.map(({ op, value }, i) =>
    op === 'input' ? 'x' : op === 'float' ? language.float(value) : op === 'bits' ? `${value}` : `t${i}`,
  );
  const lines = operations.flatMap((operation, i) => {
    const { op, kind, of } = operation;
    if (op === 'input' || op === 'float' || op === 'bits') return [];
    const [a = '', b = '', c = ''] = of.map((each) => names[each] as string);
    const written = writers[op](language, operation, a, b, c);
    return [language.declare(kind, names[i] as string, written)];
  });
  return { lines, result: names.at(-1) as string };
}

type Writer = (language: Language, operation: Operation, a: string, b: string, c: string) => string;
const binary =
  (symbol: string): Writer =>
  (language, _, a, b) =>
    language.round(`${a} ${symbol} ${b}`);
const compare =
  (symbol: string): Writer =>
  (_, __, a, b) =>
    `${a} ${symbol} ${b}`;
const bits =
  (symbol: string): Writer =>
  (language, _, a, b) =>
    language.wrap(`${a} ${symbol} ${b}`);

const writers: Readonly<Record<Exclude<Operation['op'], 'input' | 'float' | 'bits'>, Writer>> = {
  add: binary('+'),
  sub: binary('-'),
  mul: binary('*'),
  div: binary('/'),
  abs: (language, _, a) => language.abs(a),
  neg: (_, __, a) => `-${a}`,
  nearest: (language, _, a) => language.nearest(a),
  lt: compare('<'),
  gt: compare('>'),
  ge: compare('>='),
  eq: compare('=='),
  select: (_, __, a, b, truth) => `${truth} ? ${a} : ${b}`,
  trunc: (language, _, a) => language.trunc(a),
  convert: (language, _, a) => language.convert(a),
  addBits: bits('+'),
  subBits: bits('-'),
  shl: (language, { value }, a) => language.shl(a, value),
  shr: (_, { value }, a) => `${a} >> ${value}`,
  and: (_, __, a, b) => `${a} & ${b}`,
  or: (_, __, a, b) => `${a} | ${b}`,
  bitsOf: (language, _, a) => language.bitsOf(a),
  floatOf: (language, _, a) => language.floatOf(a),
};
