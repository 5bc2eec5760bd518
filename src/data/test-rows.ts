/** How many rows are held out: at least one, and not all. */
export function testRows(rows: number, testSize: number): number {
  return Math.min(rows - 1, Math.max(1, Math.round(rows * testSize)));
}
