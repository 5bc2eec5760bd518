// The model that is saved: trained again on all rows, for as many epochs as the judged one was best after.
import type { FittedPipeline } from '../evaluate/index.js';
import { DivergedError } from '../index.js';
import type { Interrupt } from './interrupt.js';
import type { Model } from './model.js';
import type { Values } from './options.js';

/** The model of all rows, or why there is none. */
export type Refit =
  | { readonly model: Model; readonly epochs: number }
  | { readonly model?: undefined; readonly reason: string };

/** The epoch, from 1, whose weights a fitted pipeline has. */
export function bestEpoch({ history: { epochs }, pipeline: { earlyStopping } }: FittedPipeline): number {
  const { monitor = 'valLoss', minDelta = 0 } = earlyStopping ?? {};
  if (!earlyStopping) return Math.max(1, epochs.length);
  let [best, at] = [Number.POSITIVE_INFINITY, 0];
  for (const [epoch, logs] of epochs.entries()) {
    const value = logs[monitor] as number;
    if (value < best - minDelta) [best, at] = [value, epoch];
  }
  return at + 1;
}

/** Trains again on all rows. What stops it is no failure: the judged model is there already. */
export async function refitted(
  epochs: number,
  values: Values,
  interrupt: Interrupt | undefined,
  train: () => Promise<Model>,
): Promise<Refit> {
  if (values['no-refit'] === true) return { reason: '--no-refit says so' };
  if (interrupt?.happened) return { reason: 'you ended it' };
  try {
    const model = await train();
    if (!interrupt?.happened) return { model, epochs };
    model.dispose();
    return { reason: 'you ended it' };
  } catch (error) {
    if (error instanceof DivergedError) return { reason: 'on all rows its loss became infinite' };
    throw error;
  }
}
