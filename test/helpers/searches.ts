// Searches of the built package that give the same trials on every executor: by 'bayes', halved, and with what leads nowhere pruned.
import { adam, dense, sgd } from 'simdense';
import { kFold } from 'simdense/data';
import { type Executor, type Pipeline, type SearchOptions, search } from 'simdense/evaluate';
import { blobs } from './models.js';

const { x, y } = blobs(90);
const splits = [...kFold(90, { folds: 3, stratify: y })];

interface Point {
  readonly units: number;
  readonly rate: number;
}

/** More than half of the points lead nowhere: with many units nothing passes the relu units, and with few the rate may be too high for a linear layer. */
const pruned = ({ units, rate }: Point, epochs: number): Pipeline => ({
  layers:
    units > 7 ? [dense({ units: 4, activation: 'relu', biasInitializer: { type: 'constant', value: -1000 } })] : [],
  loss: 'meanSquaredError',
  optimizer: sgd({ learningRate: 20 * rate }),
  fit: { epochs, batchSize: 45 },
});
const sound = ({ units, rate }: Point, epochs: number): Pipeline => ({
  layers: [dense({ units, activation: 'tanh' })],
  optimizer: adam({ learningRate: rate }),
  fit: { epochs, batchSize: 8 },
});
const searches: Readonly<Record<string, Partial<SearchOptions<Point>> & { made: typeof sound }>> = {
  bayes: { strategy: 'bayes', trials: 18, made: sound },
  'bayes, halved': { strategy: 'bayes', trials: 18, halving: true, made: sound },
  'random, halved': { trials: 18, halving: { factor: 2, rungs: 3 }, made: sound },
  'random, pruned': {
    trials: 10,
    prune: true,
    monitor: 'loss',
    y: Array.from(y, (label, i) => label + i / 90),
    made: pruned,
  },
  'bayes, halved and pruned': {
    strategy: 'bayes',
    trials: 16,
    halving: true,
    prune: true,
    monitor: 'loss',
    y: Array.from(y, (label, i) => label + i / 90),
    made: pruned,
  },
};
export const searchNames = Object.keys(searches);

/** The best, the trials without their times, and how many training runs were told. */
export async function searched(
  name: string,
  o: { executor: Executor; epochs: number; onProgress?: (done: number, total: number) => void },
) {
  const { made, ...how } = searches[name] as (typeof searches)[string];
  const { epochs, ...run } = o;
  const result = await search<Point>({
    space: { units: { min: 2, max: 12, integer: true }, rate: { min: 0.001, max: 0.1, scale: 'log' } },
    pipeline: (point) => made(point, epochs),
    x,
    y,
    splits,
    seed: 2,
    ...how,
    ...run,
  });
  return {
    best: result.best,
    trials: result.trials.map(({ seconds: _, ...trial }) => trial),
    table: result.toCsv().replace(/,[^,\r\n]*(?=\r\n|$)/g, ''),
  };
}
