/** A line of a table, which would not be one any more. */
const TABLE = /\S {2,}\S/;

/**
 * Lines broken between words so that they are at most `columns` long, where a word is not longer than that. What is broken goes on below the line's own
 * beginning, or `indent` columns in.
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
    // A percent sign stays with its figure.
    let before = rest.lastIndexOf(' ', columns);
    while (before > 0 && rest[before + 1] === '%') before = rest.lastIndexOf(' ', before - 1);
    const at = before >= first ? before : rest.indexOf(' ', Math.max(columns, first));
    if (at < 0) break;
    lines.push(rest.slice(0, at).trimEnd());
    rest = `${' '.repeat(indent)}${rest.slice(at).trimStart()}`;
  }
  return [...lines, rest].join('\n');
}
