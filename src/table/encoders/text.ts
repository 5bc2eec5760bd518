import { bucketOf, hash, isBuckets } from './hash.js';
import type { ColumnBase, ColumnKind } from './kind.js';
import { bucketNames } from './names.js';
import { textReader } from './read-cell.js';

/** A column of free text as a bag of words, as scikit-learn's HashingVectorizer makes it. A missing text is all zeros, as is one without a word. */
export interface TextColumn extends ColumnBase<'text'> {
  readonly buckets: number;
}

/** Two letters, digits or underscores, or more. */
const WORD = /[\p{L}\p{N}_]{2,}/gu;

export const textKind: ColumnKind<TextColumn, Map<number, number>> = {
  expects: 'a text',
  takes: 'text',
  check: ({ buckets }) => (isBuckets(buckets) ? { buckets } : undefined),
  features: ({ name, buckets }) => bucketNames(name, buckets),
  writer({ buckets, format }) {
    const text = textReader(format);
    return {
      read(value) {
        const cell = text(value);
        return cell === undefined ? undefined : wordsOf(cell ?? '', buckets);
      },
      write(words, out, at) {
        for (const [bucket, weight] of words) out[at + bucket] = weight;
      },
    };
  },
};

/**
 * The weight of each bucket: a word counts 1 or −1, by the sign of its hash, so that words that share a bucket cancel on average; and the row's length is 1
 * (Weinberger et al. 2009, "Feature hashing for large scale multitask learning").
 */
function wordsOf(text: string, buckets: number): Map<number, number> {
  const counts = new Map<number, number>();
  for (const word of text.toLowerCase().match(WORD) ?? []) {
    const hashed = hash(word);
    const bucket = bucketOf(hashed, buckets);
    counts.set(bucket, (counts.get(bucket) ?? 0) + (hashed < 0 ? -1 : 1));
  }
  let squares = 0;
  for (const count of counts.values()) squares += count * count;
  const length = Math.sqrt(squares) || 1;
  for (const [bucket, count] of counts) counts.set(bucket, count / length);
  return counts;
}
