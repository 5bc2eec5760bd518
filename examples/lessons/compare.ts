// What the lessons share: the digits in two halves, a training, and a table of what came of it.

import {
  type CompileOptions,
  type FitOptions,
  type History,
  type Layer,
  type Matrix,
  rescaling,
  sequential,
} from 'simdense';
import { holdOut } from 'simdense/data';
import { readDigits } from '../digits-data.js';

const digits = readDigits();
const [split] = holdOut(digits.x.rows, { stratify: digits.y, seed: 42 });
if (!split) throw new Error('no split');
const part = (rows: Int32Array) => ({ x: digits.x.select(rows), y: rows.map((row) => digits.y[row] as number) });

/** 1,348 digits to learn from, 449 to test with. */
export const train = part(split.train);
export const test = part(split.test);
/** Some rows of the training half. */
export const some = (from: number, to: number): { x: Matrix; y: Int32Array } => part(split.train.slice(from, to));

export interface Outcome {
  readonly name: string;
  readonly updates: number;
  readonly seconds: number;
  readonly loss: number;
  readonly trainAccuracy: number;
  readonly testAccuracy: number;
  readonly testLoss: number;
  readonly history: History;
}

export interface Trial {
  readonly name: string;
  readonly layers: readonly Layer[];
  readonly optimizer?: CompileOptions['optimizer'];
  readonly data?: { x: Matrix; y: Int32Array };
  readonly fit: FitOptions;
}

/** Trains on the digits, whose pixels of 0 to 16 are rescaled to 0 to 1. */
export async function run({ name, layers, optimizer = 'adam', data = train, fit }: Trial): Promise<Outcome> {
  using model = sequential({ inputs: 64, layers: [rescaling({ scale: 1 / 16 }), ...layers], seed: 1 });
  model.compile({ optimizer, loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  let updates = 0;
  const count = {
    onBatchEnd() {
      updates++;
    },
  };
  const begin = performance.now();
  const history = await model.fit(data.x, data.y, { ...fit, callbacks: [...(fit.callbacks ?? []), count] });
  const seconds = (performance.now() - begin) / 1000;
  const { loss = 0, accuracy: trainAccuracy = 0 } = model.evaluate(data.x, data.y);
  const { accuracy: testAccuracy = 0 } = model.evaluate(test.x, test.y);
  // Of the predictions alone: evaluate's loss contains penalties.
  const predicted = model.predict(test.x);
  const testLoss = test.y.reduce((sum, y, row) => sum - Math.log(predicted.row(row)[y] as number), 0) / test.y.length;
  return { name, updates, seconds, loss, trainAccuracy, testAccuracy, testLoss, history };
}

export async function runAll(trials: readonly Trial[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const trial of trials) outcomes.push(await run(trial));
  return outcomes;
}

/** One line a trial. */
export function table(outcomes: readonly Outcome[]): string {
  const percent = (share: number): string => `${(share * 100).toFixed(1)} %`.padStart(8);
  const width = outcomes.reduce((most, { name }) => Math.max(most, name.length), 0);
  const head = `${''.padEnd(width)}  updates  seconds    loss     train  │  loss      test`;
  const lines = outcomes.map((o) =>
    [
      o.name.padEnd(width),
      String(o.updates).padStart(7),
      o.seconds.toFixed(2).padStart(7),
      o.loss.toFixed(4).padStart(7),
      percent(o.trainAccuracy),
      `│ ${o.testLoss.toFixed(4)}`,
      percent(o.testAccuracy),
    ].join('  '),
  );
  return [head, '─'.repeat(head.length), ...lines].join('\n');
}

/** Whether this module is the program that runs, and not a part of a test. */
export const isProgram = (url: string): boolean =>
  process.argv[1] !== undefined && url.endsWith(process.argv[1].replace(/^.*[\\/]/, '/'));
