// What is said of words that were taken for missing cells in columns of texts, where they may be texts: "NA" is also North America.
import { show } from '../../base/checks.js';
import type { ColumnBuilder } from '../builder.js';
import type { ColumnData } from '../kind.js';
import type { ReadTableOptions } from '../options.js';

/** A sentence about the words that nobody named; undefined if they cost no column of texts a cell. */
export function missedNote(
  builders: readonly ColumnBuilder[],
  columns: readonly ColumnData[],
  { missing = [] }: ReadTableOptions,
): string | undefined {
  const named: readonly string[] = 'only' in missing ? missing.only : missing;
  const words = new Map<string, number>();
  const lost: { name: string; cells: number }[] = [];
  for (const [i, { name, kind }] of columns.entries()) {
    if (kind !== 'category' && kind !== 'text') continue;
    let cells = 0;
    for (const [word, count] of builders[i]?.missed ?? []) {
      if (named.includes(word)) continue;
      words.set(word, (words.get(word) ?? 0) + count);
      cells += count;
    }
    if (cells > 0) lost.push({ name, cells });
  }
  const [first] = lost.sort((a, b) => b.cells - a.cells);
  if (!first) return undefined;
  const [one, two, ...others] = [...words].sort((a, b) => b[1] - a[1]).map(([word]) => show(word));
  const said = two === undefined ? one : `${one} and ${others.length > 0 ? 'the like' : two}`;
  const cells = `${first.cells} cell${first.cells === 1 ? '' : 's'}`;
  const where =
    lost.length === 1
      ? `in ${cells} of column ${show(first.name)}`
      : `in ${lost.length} columns of texts, such as ${show(first.name)} (${cells})`;
  const keeps =
    two === undefined
      ? 'is taken for missing; missing: { only: [] } keeps it'
      : 'are taken for missing; missing: { only: [] } keeps them';
  return `${said} ${where} ${keeps}.`;
}
