/** Longer names are not compared: the time grows with the product of both lengths. */
const LONGEST = 40;

/** A name in lower case without separators, since libraries differ in these: mean_squared_error is meanSquaredError. */
const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** For each choice the names that other libraries use, as a string or as a field of an object: in lower case, without separators or a final "loss", separated by spaces. */
export type Aliases = Readonly<Record<string, string | { readonly aliases?: string }>>;

/**
 * The end of a message about an unknown name, '; did you mean meanSquaredError?', or '' if no choice is similar. Prefers a choice that other libraries call by
 * this name, in any spelling; otherwise the one with the fewest edits, at most one in four characters.
 */
export function didYouMean(given: unknown, choices: readonly string[], aliases: Aliases = {}): string {
  if (typeof given !== 'string' || given.length > LONGEST) return '';
  const full = plain(given);
  // Drop a final "loss", as in MSELoss, unless the whole name is a choice, as valLoss is.
  const name = choices.some((choice) => plain(choice) === full) ? full : full.replace(/(.)loss$/, '$1');
  let best = choices.find((choice) => {
    const own = Object.hasOwn(aliases, choice) ? aliases[choice] : undefined;
    return (typeof own === 'object' ? own.aliases : own)?.split(' ').includes(name);
  });
  let least = Math.floor(name.length / 4) + 1;
  for (const choice of best === undefined ? choices : []) {
    const distance = edits(name, plain(choice));
    if (distance < least) [best, least] = [choice, distance];
  }
  return best === undefined ? '' : `; did you mean ${best}?`;
}

/** The end of a message about a name that is wanted and lacks: '; is it siez?', or '' if no other name is similar. */
export const isIt = (wanted: string, names: readonly string[]): string =>
  didYouMean(wanted, names).replace('did you mean', 'is it');

/** The optimal string alignment distance between two names (Damerau 1964): insertions, deletions, replacements and swaps of neighbours. */
function edits(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const [left, above, corner] = [row[j - 1], last[j], last[j - 1]] as [number, number, number];
      let least = Math.min(left + 1, above + 1, corner + Number(a[i - 1] !== b[j - 1]));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, (before[j - 2] as number) + 1);
      row.push(least);
    }
    [before, last] = [last, row];
  }
  return last[b.length] as number;
}
