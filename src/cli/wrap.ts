/** Matches a line of a table, which must not be wrapped. */
const TABLE = /\S {2,}\S/;

/**
 * Wraps lines between words to at most `columns` characters; longer words stay whole. A wrapped line continues at its own indent, or at column `indent` if given;
 * lines of tables are then wrapped too.
 */
export function wrapped(text: string, columns: number, indent?: number): string {
  if (!Number.isFinite(columns)) return text;
  return text
    .split('\n')
    .map((line) => {
      const fits = line.length <= columns || (indent === undefined && TABLE.test(line));
      return fits ? line : broken(line, columns, indent ?? line.search(/[^ -]|$/));
    })
    .join('\n');
}

function broken(line: string, columns: number, indent: number): string {
  const lines: string[] = [];
  let rest = line;
  while (rest.length > columns) {
    const first = lines.length === 0 ? indent : indent + 1;
    // Keep a percent sign with its number.
    let before = rest.lastIndexOf(' ', columns);
    while (before > 0 && rest[before + 1] === '%') before = rest.lastIndexOf(' ', before - 1);
    const at = before >= first ? before : rest.indexOf(' ', Math.max(columns, first));
    if (at < 0) break;
    lines.push(rest.slice(0, at).trimEnd());
    rest = `${' '.repeat(indent)}${rest.slice(at).trimStart()}`;
  }
  return [...lines, rest].join('\n');
}
