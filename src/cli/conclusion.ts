// What a training has come to.
import type { Searched } from '../report/index.js';
import type { Fitted } from './fit-table.js';
import type { Options, Values } from './options.js';
import type { Outputs } from './outputs.js';
import type { TrainingTable } from './training-table.js';

export interface Conclusion extends Fitted {
  /** The command that trained the model, and the file with the rows. */
  readonly command: 'train' | 'tune';
  readonly options: Options;
  readonly file: string;
  readonly table: TrainingTable;
  readonly outputs: Outputs;
  /** Further sentences for the summary, and their figures for the JSON output. */
  readonly more: string;
  readonly moreData: Readonly<Record<string, unknown>>;
  /** The search that has found the settings. */
  readonly search?: Searched;
  readonly interrupted: boolean;
  readonly values: Values;
  readonly seed: number;
}
