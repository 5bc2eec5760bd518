// Predictions of a model for rows some of whose columns have been replaced, block by block.

import type { Matrix } from '../data/matrix.js';
import { range } from '../data/random.js';
import { meanOf } from '../evaluate/ensemble-file.js';
import type { AnyRows } from '../evaluate/row-encoder.js';
import type { Cell } from '../table/kind.js';
import { type Features, readingFeatures } from './features.js';
import { checkSome, predicting, type Subject } from './subject.js';

/** Features of a block: 2 MB. */
const BLOCK = 2 ** 19;

/** A block of rows, in which a column at a time can be replaced. */
export interface Block {
  /** The number of the first row. */
  readonly from: number;
  readonly rows: number;
  /** The mean of the members' predictions. */
  predicting(): Generator<void, Matrix>;
  /** Gives a column the cells that it has in other rows, one for each row of the block. */
  replacing(column: string, rows: Int32Array): Generator<void, void>;
  /** Gives a column the same cell in all rows. */
  fill(column: string, cell: Cell): void;
  /** Gives a column its own cells again. */
  restoring(column: string): Generator<void, void>;
}

/** The features of all members. `most` is how many of each are kept, by default as many as readingFeatures keeps. */
export function* readingAll(
  where: string,
  { members }: Subject,
  x: AnyRows,
  most?: number,
): Generator<void, readonly Features[]> {
  const all: Features[] = [];
  for (const member of members) all.push(yield* readingFeatures(where, member, x, most));
  checkSome(where, all[0]?.rows ?? 0);
  return all;
}

/** Does something for each block of rows, in order. */
export function* eachBlock(
  subject: Subject,
  features: readonly Features[],
  act: (block: Block) => Generator<void, void>,
): Generator<void, void> {
  const { rows } = features[0] as Features;
  const width = features.reduce((most, each) => Math.max(most, each.width), 1);
  const size = Math.max(256, Math.floor(BLOCK / width));
  const all = range(rows);
  for (let from = 0; from < rows; from += size)
    yield* act(yield* readingBlock(subject, features, all.subarray(from, from + size)));
}

/** A block of these rows. */
export function* readingBlock(
  { members, temperature, weights }: Subject,
  features: readonly Features[],
  own: Int32Array,
): Generator<void, Block> {
  const matrices: Matrix[] = [];
  for (const each of features) matrices.push(yield* each.of(own));
  /** Predictions of members that read none of the columns that have been replaced. */
  const known: (Matrix | undefined)[] = [];
  const replaced = new Set<string>();
  function* put(column: string, rows: Int32Array): Generator<void, void> {
    for (const [m, each] of features.entries()) yield* each.put(column, rows, matrices[m] as Matrix);
  }
  return {
    from: own[0] as number,
    rows: own.length,
    *predicting() {
      const outputs: Matrix[] = [];
      for (const [m, member] of members.entries()) {
        const changed = [...replaced].some((column) => features[m]?.spans.has(column));
        const found = (!changed && known[m]) || (yield* predicting(member, matrices[m] as Matrix));
        if (!changed) known[m] = found;
        outputs.push(found);
      }
      return members.length === 1 && temperature === 1 ? (outputs[0] as Matrix) : meanOf(outputs, temperature, weights);
    },
    *replacing(column, rows) {
      replaced.add(column);
      yield* put(column, rows);
    },
    fill(column, cell) {
      replaced.add(column);
      for (const [m, each] of features.entries()) each.fill(column, cell, matrices[m] as Matrix);
    },
    *restoring(column) {
      yield* put(column, own);
      replaced.delete(column);
    },
  };
}
