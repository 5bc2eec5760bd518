// The functions of our own that a compiled file carries; see carried.ts.
import type { Carried } from './columns.js';
import { places, statements } from './generated/carried.js';

/** JavaScript that declares these functions, with what they call out of sight; '' for none. */
export function carry(names: Iterable<Carried>): string {
  const wanted = [...new Set(names)].sort();
  if (wanted.length === 0) return '';
  const taken = new Set<number>();
  const take = (place: number): void => {
    if (taken.has(place)) return;
    taken.add(place);
    for (const each of statements[place]?.[1] ?? []) take(each);
  };
  for (const name of wanted) take(places[name]);
  // In their own order, since some are computed from others.
  const code = statements.flatMap(([text], place) => (taken.has(place) ? [text] : []));
  const list = `{ ${wanted.join(', ')} }`;
  return `// How simdense/predict reads rows.\nconst ${list} = (() => {\n${code.join('\n')}\nreturn ${list};\n})();`;
}
