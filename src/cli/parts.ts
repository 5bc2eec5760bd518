/** The parts of a list such as 'a,b'. A part with a comma in it stands in double quotes, as in CSV: '"a,b",c'. */
export function parts(text: string): string[] {
  const found: string[] = [];
  const pattern = /\s*(?:"((?:[^"]|"")*)"([^,]*)|([^,]*))(,|$)/gy;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const [, quoted, rest = '', plain = '', end] = match;
    found.push((quoted === undefined ? plain : quoted.replaceAll('""', '"') + rest).trim());
    if (end === '') break;
  }
  return found.length === 1 && found[0] === '' ? [] : found;
}
