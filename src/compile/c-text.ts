// Numbers and names as C.
import type { Label } from '../data/labels.js';

/** A float32 constant to all its digits. */
export function literal(value: number): string {
  if (Number.isNaN(value)) return 'NAN';
  if (!Number.isFinite(value)) return value < 0 ? '-INFINITY' : 'INFINITY';
  const text = Object.is(value, -0) ? '-0.0' : `${Number(value.toPrecision(9))}`;
  return /[.e]/.test(text) ? `${text}f` : `${text}.0f`;
}

export const double = (value: number): string =>
  Number.isNaN(value) ? 'NAN' : /[.e]/.test(`${value}`) ? `${value}` : `${value}.0`;

export function array(name: string, values: ArrayLike<number>, write = literal, type = 'float'): string {
  const lines: string[] = [];
  for (let i = 0; i < values.length; i += 8)
    lines.push(
      `  ${Array.from({ length: Math.min(8, values.length - i) }, (_, j) => write(values[i + j] as number)).join(', ')},`,
    );
  return `static const ${type} ${name}[${values.length}] = {\n${lines.join('\n')}\n};`;
}

/** A name that C takes: other letters by their numbers. */
export function identifier(name: string): string {
  const own = name.replace(/[^A-Za-z0-9_]/gu, (c) => {
    const code = c.codePointAt(0) as number;
    return code > 127 ? `u${code.toString(16)}` : '_';
  });
  return (/^[A-Za-z]/.test(own) ? own : `network${own}`).toLowerCase();
}

/** A text of C, whose bytes are those of UTF-8. */
const quoted = (text: string): string =>
  `"${Array.from(new TextEncoder().encode(text), (byte) => (byte > 31 && byte < 127 && byte !== 34 && byte !== 92 && byte !== 63 ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`)).join('')}"`;

export function namesOf(prefix: string, what: string, labels: readonly Label[]): string {
  const texts = labels.map((label) => quoted(String(label)));
  return `static const char *const ${prefix}_${what}[${labels.length}] ${prefix.toUpperCase()}_UNUSED = {${texts.join(', ')}};`;
}
