// What a training was, in words: how long it took, which model is saved, and what to try if it is not good.
import { largest, smallest } from '../base/extremes.js';
import { visible } from '../base/visible.js';
import type { FindingCode } from '../diagnose/index.js';
import type { Conclusion } from './conclusion.js';
import { priceWords } from './deciding.js';
import { decisionOf, isSeveral, networkOf, rateOf } from './model.js';
import { number, type Values } from './options.js';
import { textsOf } from './pipeline.js';
import { bestEpoch } from './refit.js';
import { quoted as shellWord } from './repeat.js';
import { asPart } from './table-words.js';

/** 'Trained 40 epochs on 112 rows, until it gained no more; …', or 'Trained 5 networks for 20 epochs, each on 150 rows without a part of its own.' */
export function trainedWords({ model, interrupted }: Conclusion, rows: number): string {
  if (isSeveral(model)) {
    const { members } = model;
    const lengths = members.map(({ history: { epochs } }) => epochs.length);
    const [least, most] = [smallest(lengths), largest(lengths, 0)];
    const epochs = least === most ? counted(least) : `${least} to ${most} epochs`;
    const networks = members.length === 1 ? 'one network' : `${members.length} networks`;
    const part = `${members.length === 1 ? '' : 'each '}on ${rows} rows without a part of its own`;
    return `Trained ${networks} for ${epochs}, ${part}${interrupted ? ', until you ended it' : ''}.`;
  }
  const { epochs, stopped } = model.history;
  const why = interrupted ? ', until you ended it' : stopped ? ', until it gained no more' : '';
  const best = bestEpoch(model);
  const kept = best < epochs.length ? `; it is judged as it was after ${counted(best)}` : '';
  return `Trained ${counted(epochs.length)} on ${rows} rows${why}${kept}.`;
}

const counted = (epochs: number): string => `${epochs} epoch${epochs === 1 ? '' : 's'}`;

/** Which model is saved. */
export function shippedWords({ refit, model, test }: Conclusion, rows: number, trained: number): string {
  const count = (networks: number): string => (networks === 1 ? 'one network' : `${networks} networks together`);
  if (isSeveral(model) && test.outputs)
    return `The model that is saved is ${model.members.length === 1 ? 'this one' : `the mean of these ${model.members.length}`}.`;
  if (refit.model && isSeveral(refit.model))
    return `The model that is saved was trained again on all ${rows} rows: ${count(refit.model.members.length)}.`;
  if (refit.model)
    return `The model that is saved was trained again on all ${rows} rows, for ${counted(refit.epochs)}.`;
  return `The model that is saved is the judged one, trained on ${trained} of ${rows} rows, since ${refit.reason}.`;
}

/** Findings that mean that a run learns too slowly. */
const SLOW: readonly FindingCode[] = ['update-too-small', 'too-few-epochs'];

const CHECK =
  'Check first that each label belongs to its row. If so, it needs more rows, or columns that say more about it.';

/** A column of free text that could be learnt from, and is left out. */
function textLeftOut({ read, targets }: Conclusion['table'], values: Values): string | undefined {
  if (values['from'] !== undefined) return undefined;
  const used = [...targets, ...textsOf(values)];
  return read.columns.find(({ name, kind, distinct }) => kind === 'text' && distinct > 1 && !used.includes(name))?.name;
}

/** What to try first if the model is not good. */
export function tryFirst({ command, model: given, table, values, interrupted, diagnosis }: Conclusion): string {
  if (interrupted) return 'Let it train to the end first.';
  if (decisionOf(given)) return priceWords(values);
  const text = textLeftOut(table, values);
  if (text !== undefined) return `Learn from its words first: --kind ${shellWord(`${asPart(text)}=text`)}.`;
  if (isSeveral(given)) return CHECK;
  const model = networkOf(given);
  const { epochs, stopped } = model.history;
  // A model that is trained further is stopped unless it is said otherwise.
  const patience = number(values, 'patience', values['from'] === undefined ? 0 : 20);
  if (!stopped && patience !== 0) return `Try more epochs first: --epochs ${10 * epochs.length}.`;
  if (command === 'tune')
    return values['strategy'] === 'grid' ? 'Try other columns first.' : 'Try more trials first, or other columns.';
  const slow = diagnosis.findings.find(({ code }) => SLOW.includes(code));
  if (slow?.message.includes('clipNorm')) return 'Try it without --clip-norm first.';
  if (slow) {
    const rate = rateOf(model);
    const tenfold = rate === undefined ? '' : `: --learning-rate ${Number((10 * rate).toPrecision(3))}`;
    return `Try a higher learning rate first${tenfold}. If that does not help, it needs more rows, or columns that say more about it.`;
  }
  // The run ended because the model stopped improving.
  return CHECK;
}

/** The settings of a training, for its report. */
export function configurationOf({ model, table: of, refit, seed }: Conclusion): Record<string, unknown> {
  const { pipeline, encoder } = networkOf(model);
  const { read, table, targets, task } = of;
  const used = new Set([...targets, ...Object.keys(encoder?.kinds ?? {})]);
  const left = read.columns.map(({ name }) => name).filter((name) => !used.has(name));
  const { encode, optimizer, loss, fit, earlyStopping } = pipeline;
  const byKind = new Map<string, string[]>();
  for (const [name, kind] of Object.entries(encoder?.kinds ?? {}))
    byKind.set(kind, [...(byKind.get(kind) ?? []), visible(name)]);
  const columns = Array.from(byKind, ([kind, names]) => [`columns of kind ${kind}`, names.join(', ')]);
  return {
    rows: table.rows,
    task,
    ...Object.fromEntries(columns),
    'columns left out': left.length > 0 ? left.map(visible).join(', ') : undefined,
    features: encoder?.features.length,
    ...(Object.keys(encode ?? {}).length > 0 && { encode }),
    optimizer,
    loss,
    ...fit,
    ...(earlyStopping && { earlyStopping }),
    ...(isSeveral(model) && { networks: model.members.length }),
    ...(refit.model && !isSeveral(refit.model) && { 'epochs on all rows': refit.epochs }),
    seed,
  };
}
