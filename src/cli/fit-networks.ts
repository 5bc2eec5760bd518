// Trains the networks that we choose for a table, where nobody asks for one.
import { atOnce } from '../base/pause.js';
import type { Split } from '../data/index.js';
import { type Diagnosis, diagnose } from '../diagnose/index.js';
import { type Dataset, rowsOf, selectingRows } from '../evaluate/dataset.js';
import type { Ensemble, Executor } from '../evaluate/index.js';
import { fitNetworks } from '../evaluate/tabular.js';
import { membersFor } from '../evaluate/tabular-members.js';
import { truthOf } from '../evaluate/verdict/truth-of-set.js';
import { decideBy } from './deciding.js';
import { type Fitted, groupsOf, linearOn, testedBy, watch } from './fit-table.js';
import { imagesOf } from './images.js';
import type { Interrupt } from './interrupt.js';
import type { JudgedRows } from './judge.js';
import { decisionOf, isSeveral, networkOf } from './model.js';
import type { Values } from './options.js';
import { progress } from './output.js';
import { type Refit, refitted } from './refit.js';
import { withLost } from './table-words.js';
import type { TrainingTable } from './training-table.js';

export interface NetworksOrder {
  readonly table: TrainingTable;
  /** Rows to train on and to test with; undefined where each network judges the rows that it has not learnt from. */
  readonly split: Split | undefined;
  readonly values: Values;
  readonly executor: Executor;
  readonly interrupt: Interrupt;
  readonly seed: number;
}

/** Trains them, and judges them by rows that are held out, or by what each has not learnt from. */
export async function fitNetworksOf(order: NetworksOrder): Promise<Fitted> {
  const { table, split, values, interrupt, seed } = order;
  const diagnosis = diagnose();
  const trained = split ? atOnce(selectingRows(table.set, split.train)) : table.set;
  const model = await trainedOn(trained, 'training', order, diagnosis);
  try {
    const decided = decideBy(values, model);
    const refit: Refit = split
      ? await refitted(0, values, interrupt, () => trainedOn(table.set, 'training on all rows', order))
      : { reason: 'out of fold' };
    const { outOfFold } = model;
    const test =
      split || !outOfFold
        ? { ...testedBy(model, table, split as Split), linear: await linearOn(table, split as Split, { values, seed }) }
        : outOfFoldRows(model, table);
    const again = refit.model && isSeveral(refit.model) ? decideBy(values, refit.model) : '';
    // The model that is saved may reach what the judged one does not, or the other way round.
    const differs = refit.model && (decisionOf(refit.model) === undefined) !== (model.decision === undefined);
    const words = differs ? `${decided} Trained again on all rows: ${again}` : decided;
    return { model, test, testRows: split?.test.length ?? 0, diagnosis, refit, decided: words };
  } catch (error) {
    model.dispose();
    throw error;
  }
}

async function trainedOn(
  set: Dataset,
  title: string,
  { values, executor, interrupt, seed, table }: NetworksOrder,
  diagnosis?: Diagnosis,
): Promise<Ensemble> {
  const bar = progress(values, title);
  const members = membersFor(rowsOf(set));
  let [done, note] = [0, ''];
  const show = (): void => bar.update(Math.min(done, members), members, note);
  try {
    return await fitNetworks('train', set, {
      members,
      seed,
      executor,
      signal: interrupt.signal,
      keeps: true,
      ...(values['balanced'] === true && { classWeight: 'balanced' as const }),
      callbacks: [
        ...(diagnosis ? [diagnosis] : []),
        watch(interrupt, (epoch, _, figures) => {
          note = `first network: epoch ${epoch}, ${figures}`;
          show();
        }),
      ],
      onProgress(ended) {
        done = ended;
        show();
      },
    });
  } catch (error) {
    throw withLost(error, table);
  } finally {
    bar.stop();
  }
}

/** The rows that some network has not learnt from, with what it predicted for them. */
function outOfFoldRows(model: Ensemble, table: TrainingTable): JudgedRows {
  const { rows, predictions, linear, members } = model.outOfFold as NonNullable<Ensemble['outOfFold']>;
  const all = rows.length === rowsOf(table.set);
  const judged = all ? table.table : table.table.select(rows);
  return {
    rows: judged,
    places: rows,
    outputs: predictions,
    members,
    linear,
    truth: truthOf(networkOf(model), table.set, rows),
    images: imagesOf(judged, table.targets),
    groups: groupsOf(table, rows),
  };
}
