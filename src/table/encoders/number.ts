import type { ColumnBase, ColumnKind } from './kind.js';
import { numberNames, pieceNames } from './names.js';
import { areEdges, writePieces } from './pieces.js';
import { numberReader } from './read-cell.js';
import { checkScale, type Scale, scaling } from './scale.js';

/** A column of numbers: scaled; a missing one is the median of the training rows. */
export interface NumberColumn extends ColumnBase<'number'>, Scale {
  /** Whether a second feature is 1 where the number is missing: if training rows lack some. */
  readonly flag: boolean;
  /** The edges of the pieces of its range that have a feature each. */
  readonly edges?: readonly number[];
}

export const numberKind: ColumnKind<NumberColumn, number> = {
  expects: 'a number',
  takes: 'number',
  check(given) {
    const scale = checkScale(given);
    const { flag, edges } = given;
    if (!scale || typeof flag !== 'boolean' || !(edges === undefined || areEdges(edges))) return undefined;
    return { ...scale, flag, ...(edges && { edges: [...edges] }) };
  },
  features: ({ name, flag, edges }) => [
    ...numberNames(name, flag),
    ...(edges ? pieceNames(name, edges.length - 1) : []),
  ],
  writer(data) {
    const scaled = scaling(data);
    const filled = scaled(data.fill);
    const { edges, flag, fill } = data;
    return {
      read: numberReader(data.format),
      write(value, out, at) {
        const missing = Number.isNaN(value);
        out[at] = missing ? filled : scaled(value);
        if (missing && flag) out[at + 1] = 1;
        if (edges) writePieces(edges, missing ? fill : value, out, at + (flag ? 2 : 1));
      },
    };
  },
};
