// The space around the networks of 'tabular', for a search.
import { noMore, options, refuse, show, wholeNumber } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { dense, dropout as dropping } from '../nn/layers/index.js';
import { checkTableData } from '../table/check-data.js';
import type { Pipeline } from './pipeline.js';
import type { Range } from './search/space.js';
import { type HasTable, tableOf } from './table-of.js';
import { aloneFor, optimizerFor, UNITS, usualFor } from './tabular-members.js';

/** A point of the space around the networks of 'tabular'. */
export interface TabularSettings {
  /** The number of hidden layers. */
  readonly layers: number;
  /** The units of each. */
  readonly units: number;
  readonly activation: 'relu' | 'silu';
  /** The share of units that are left out behind each hidden layer while it learns. */
  readonly dropout: number;
  /** Where the rate begins; it falls along half a cosine. */
  readonly learningRate: number;
  /** Of adamw. */
  readonly weightDecay: number;
  /** The pieces by which each column of numbers is seen as well; see NumberOptions. 0: by its numbers alone. */
  readonly pieces: number;
  /** The epochs, of those that 'tabular' takes for a table of so many rows. */
  readonly length: number;
}

export interface TabularSpaceOptions {
  /** How many folds judge each point: a network learns from the rows of all but one, and its rate is to be at its least at their end. Default: 5. */
  folds?: number;
}

/** What `search` takes to vary the networks of 'tabular'. */
export interface TabularSpace {
  readonly space: {
    readonly layers: readonly number[];
    readonly units: readonly number[];
    readonly activation: readonly TabularSettings['activation'][];
    readonly dropout: Range;
    readonly learningRate: Range;
    readonly weightDecay: Range;
    readonly pieces: Range;
    readonly length: Range;
  };
  /** The settings of 'tabular' itself, to be tried first: its networks with pieces and without, and the one that stands alone. */
  readonly first: readonly TabularSettings[];
  /** The pipeline of a point. */
  pipeline(settings: TabularSettings): Pipeline;
}

/** The rate and the decay go from a third of what is usual to three times as much. */
const AROUND = 3;

/**
 * The space around the networks that fitPipeline('tabular', …) trains, for a search that starts from them.
 *
 * @param x The table that the search learns from.
 * @param y The name of the column to predict, or the names of several.
 * @param o Options; see TabularSpaceOptions.
 * @returns The space, the settings of 'tabular' itself as first points, and the function that makes pipelines, as options of search.
 * @throws SimdenseError 'ARGUMENT' for what is not a Table, and for a number of folds that is not whole or below 2.
 * @example
 * import { readTable } from 'simdense/table';
 *
 * const rows = Array.from({ length: 40 }, (_, i) => ({ size: i, sold: i < 20 ? 'low' : 'high' }));
 * const table = await readTable(rows);
 * const { ensemble } = await search({
 *   ...tabularSpace(table, 'sold'),
 *   x: table,
 *   y: 'sold',
 *   strategy: 'bayes',
 *   trials: 4,
 *   ensemble: true,
 * });
 * ensemble.predict([{ size: 3 }, { size: 36 }]); // ['low', 'high']
 * ensemble.dispose();
 */
export function tabularSpace(x: HasTable, y: string | readonly string[], o?: TabularSpaceOptions): TabularSpace {
  const where = 'tabularSpace';
  noMore(where, arguments, 3);
  const { folds = 5 } = options(where, o, ['folds']);
  if (wholeNumber(`${where}(folds)`, folds) < 2) refuse(`${where}(folds)`, '2 or more', folds);
  const given = tableOf(x);
  if (!given) refuse(`${where}: x`, 'a Table with its data, as readTable makes one of rows or objects', x);
  const table = checkTableData(where, given);
  const targets = typeof y === 'string' ? [y] : y;
  if (!Array.isArray(targets) || targets.length === 0)
    refuse(`${where}: y`, "the name of the table's column to predict", y);
  for (const name of targets) {
    const isThere = table.columns.some((column) => column.name === name);
    if (!isThere) throw new SimdenseError('ARGUMENT', `${where}: y: there is no column ${show(name)}`);
  }
  const { rows } = table;
  if (folds > rows) refuse(`${where}(folds)`, `at most the ${rows} rows of the table`, folds);
  const columns = table.columns.filter(({ name }) => !targets.includes(name));
  const usual = usualFor(rows, { rows, columns });
  const alone = aloneFor(rows);
  const learnt = rows - Math.ceil(rows / folds);
  const around = (value: number) => ({ min: value / AROUND, max: value * AROUND, scale: 'log' as const });
  const own: TabularSettings = {
    layers: UNITS.length,
    units: UNITS[0] as number,
    activation: usual.small ? 'relu' : 'silu',
    dropout: 0,
    learningRate: usual.rate,
    weightDecay: usual.decay,
    pieces: usual.pieces,
    length: 1,
  };
  return {
    space: {
      layers: [1, 2, 3],
      units: [32, 64, 128, 256],
      activation: ['relu', 'silu'],
      dropout: { min: 0, max: 0.3 },
      learningRate: around(usual.rate),
      weightDecay: { min: 0.03, max: 1, scale: 'log' },
      pieces: { min: 0, max: 2 * usual.pieces, integer: true },
      length: { min: 0.6, max: 2.5, scale: 'log' },
    },
    first: [
      own,
      { ...own, pieces: 0 },
      { ...own, activation: 'silu', dropout: alone.dropout, weightDecay: alone.decay, pieces: alone.pieces },
    ],
    pipeline({ layers, units, activation, dropout, learningRate, weightDecay, pieces, length }) {
      const epochs = Math.max(1, Math.round(usual.epochs * length));
      return {
        encode: pieces > 0 ? { number: { pieces } } : {},
        layers: Array.from({ length: layers }).flatMap(() => [
          dense({ units, activation }),
          ...(dropout > 0 ? [dropping({ rate: dropout })] : []),
        ]),
        optimizer: optimizerFor(epochs * Math.ceil(learnt / usual.batchSize), learningRate, weightDecay),
        fit: { epochs, batchSize: usual.batchSize },
      };
    },
  };
}
