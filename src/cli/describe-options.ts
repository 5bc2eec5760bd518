// The options in a help text.
import type { Options } from './options.js';
import { wrapped } from './wrap.js';

/** The options for a help text, wrapped to `columns`. */
export function describe(options: Options, columns = Number.POSITIVE_INFINITY): string {
  const heads = Object.entries(options).map(
    ([name, { short, value }]) => `${short ? `-${short}, ` : ''}--${name}${value ? ` ${value}` : ''}`,
  );
  return inTwoColumns(
    heads,
    Object.values(options).map(({ help }) => help),
    columns,
  );
}

/** Lists heads and texts in two columns, or on a narrow terminal each text below its head. */
export function inTwoColumns(heads: readonly string[], texts: readonly string[], columns: number): string {
  const width = heads.reduce((most, head) => Math.max(most, head.length), 0);
  const beside = columns - width - 5 >= 24;
  return heads
    .map((head, i) => {
      const text = texts[i] as string;
      if (!beside) return `  ${head}\n${wrapped(`      ${text}`, columns)}`;
      return wrapped(`  ${head.padEnd(width)}   ${text}`, columns, width + 5);
    })
    .join('\n');
}
