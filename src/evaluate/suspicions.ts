// What in the data may make a model look better than it will be: as it is told. It is found by suspecting.

/** A column that tells the answer alone. */
export interface Giveaway {
  /** Its name; of rows of numbers its place, from 0. */
  readonly column: string | number;
  /** What it tells of the answers: a share of the rows for classes, of the variance for numbers. */
  readonly told: number;
  readonly of: 'rows' | 'variance';
}

export interface Suspicions {
  /** The share of rows that are equal to another row, answer included, so that they may be copies; see findingTwins. */
  readonly twins?: number;
  /** Whether equal rows are groups of the data set, so that none of them is learnt from where another judges. */
  readonly grouped?: boolean;
  /** Columns that alone tell the answer; see findingGiveaways. */
  readonly giveaways?: readonly Giveaway[];
}

/** For JSON output. */
export const suspicionData = ({ twins = 0, grouped, giveaways = [] }: Suspicions): Record<string, unknown> => ({
  ...(twins > 0 && { equalRows: twins }),
  ...(grouped && { equalRowsTogether: true }),
  ...(giveaways.length > 0 && { giveaways }),
});
