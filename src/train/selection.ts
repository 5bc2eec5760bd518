import type { Matrix } from '../data/matrix.js';
import type { TargetData } from './targets.js';

/** Rows of a data set: those that `order` names, or all. */
export interface Selection {
  readonly x: Matrix;
  readonly y: TargetData;
  readonly order: Int32Array | undefined;
  /** What each row of y weighs in loss and metrics; all the same without. */
  readonly weights?: Float32Array | undefined;
}

export const selected = ({ x, order }: Selection): number => order?.length ?? x.rows;
