// The work before the first training run, with many rows or many trials: the event loop turns meanwhile, so an abort ends it.
import { describe, expect, test } from 'vitest';
import { inTurnsUntil } from '../../src/base/pause.js';
import { holdOut, kFold, Matrix } from '../../src/data/index.js';
import {
  bagging,
  bootstrapScore,
  crossValidate,
  type Executor,
  fitPipeline,
  inline,
  learningCurve,
  type Pipeline,
  type RunOptions,
  search,
  validationCurve,
} from '../../src/evaluate/index.js';
import { dense, sequential } from '../../src/index.js';

const rows = 400_000;
const x = new Matrix(
  Float32Array.from({ length: rows }, (_, i) => i % 7),
  1,
);
const y = Int32Array.from({ length: rows }, (_, i) => i % 3);
const pipeline: Pipeline = { layers: [] };
const few = [[1], [2], [3], [4]];

/** An executor that fails if it is given jobs. */
const reached: Executor = {
  concurrency: 1,
  run() {
    throw new Error('the trainings have begun');
  },
  async close() {},
};
/** A callback that fails if training begins. */
const begun = {
  onTrainBegin() {
    throw new Error('the training has begun');
  },
};

/** Aborts at the event loop's next turn. */
function soon(): AbortSignal {
  const controller = new AbortController();
  setImmediate(() => controller.abort(new Error('aborted')));
  return controller.signal;
}

const space = { units: { min: 1, max: 64, integer: true } };
const ofUnits = ({ units }: { units: number }): Pipeline => ({ layers: [dense({ units, activation: 'relu' })] });

const beginnings: Record<string, (o: RunOptions) => Promise<unknown>> = {
  crossValidate: (o) => crossValidate(pipeline, x, y, kFold(rows), o),
  'crossValidate on splits of its own': (o) => crossValidate(pipeline, x, y, [...holdOut(rows)], o),
  learningCurve: (o) => learningCurve(pipeline, x, y, kFold(rows), o),
  validationCurve: (o) => validationCurve([1, 2], () => pipeline, x, y, kFold(rows), o),
  bagging: (o) => bagging(pipeline, x, y, o),
  bootstrapScore: (o) => bootstrapScore(pipeline, x, y, o),
  'search of many rows': (o) => search({ space, pipeline: ofUnits, x, y, ...o }),
  'search of many trials': (o) =>
    search({ space, pipeline: ofUnits, x: few, y: [0, 1, 0, 1], splits: holdOut(4), trials: 50_000, ...o }),
};

describe('a signal is heard before the first training', () => {
  for (const [name, run] of Object.entries(beginnings)) {
    test(name, async () => {
      await expect(run({ executor: reached, signal: soon() })).rejects.toThrow('aborted');
    });
  }

  test('fitPipeline', async () => {
    const o = { callbacks: [begun], signal: soon() };
    await expect(fitPipeline({ ...pipeline, fit: { validationSplit: 0.2 } }, x, y, o)).rejects.toThrow('aborted');
  });

  test('fit with validationSplit', async () => {
    const model = sequential({ inputs: 1, layers: [dense({ units: 3, activation: 'softmax' })] });
    model.compile({ loss: 'categoricalCrossentropy' });
    const o = { validationSplit: 0.2, callbacks: [begun] };
    await expect(model.fit(x, y, { ...o, signal: soon() })).rejects.toThrow('aborted');
    // The model stays usable.
    expect(await model.fit(few, [0, 1, 2, 0], { validationSplit: 0.25 })).toMatchObject({ epochs: [{}] });
    model.dispose();
  });
});

describe('a signal is heard between jobs none of which lasts long', () => {
  test('jobs of inline() that fail at once', async () => {
    let ended = 0;
    const drain = async () => {
      // A timer that can only run if jobs let the event loop turn. It is started with the first job.
      const end = new AbortController();
      for await (const { error } of inline().run('nothing', new Array(300_000).fill(0), { signal: end.signal })) {
        if (ended === 0) setTimeout(() => end.abort(new Error('aborted')), 5);
        ended += Number(!!error);
      }
    };
    await expect(drain()).rejects.toThrow('aborted');
    expect(ended).toBeGreaterThan(0);
  });

  test('works of a millisecond each', async () => {
    const signal = soon();
    const work = function* (): Generator<undefined, void> {
      const end = performance.now() + 1;
      while (performance.now() < end);
      yield;
    };
    const run = async () => {
      for (let i = 0; i < 100; i++) await inTurnsUntil(work(), signal);
    };
    await expect(run()).rejects.toThrow('aborted');
  });
});
