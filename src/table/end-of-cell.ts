const NEWLINE = 10;

/** The place of the delimiter or the line break that ends a cell, or `end`. */
export function endOfCell(text: string, from: number, end: number, delimiter: number): number {
  for (let at = from; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === delimiter || code === NEWLINE) return at;
  }
  return end;
}
