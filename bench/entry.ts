// The cost of checking every cell of the input: fit on 64-32-10 in batches of 32, and predict on 256 rows, for each form of x, in interleaved rounds.
//   npx tsx bench/entry.ts [another checkout's src/index.ts] [rounds]
// With another checkout, such as the previous commit, both take turns. Without one, compare with the figures of a Matrix, which is never copied.
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { makeData, workloads } from '../src/bench/workloads.js';

type Api = typeof import('../src/index.js');

const [other, rounds = '31'] = process.argv.slice(2);
const load = (path: string): Promise<Api> => import(pathToFileURL(resolve(path)).href) as Promise<Api>;
const sources: readonly [string, Api][] = [
  ['this', await load('src/index.ts')],
  ...(other === undefined ? [] : [['other', await load(other)] as [string, Api]]),
];
const W1 = workloads[0]!;
interface Run {
  readonly name: string;
  readonly steps: number;
  run(): unknown;
}
/** The number of digits. */
const ROWS = 1797;

/** The same rows in each form that fit and predict take. */
function forms({ Matrix }: Api, flat: Float32Array, columns: number): Record<string, unknown> {
  const rows = Array.from({ length: flat.length / columns }, (_, i) => flat.subarray(i * columns, (i + 1) * columns));
  return {
    Matrix: new Matrix(flat, columns),
    Float32Array: flat,
    'rows of arrays': rows.map((row) => Array.from(row)),
    'rows of Float32Array': rows,
    'rows of Float64Array': rows.map((row) => Float64Array.from(row)),
    'flat array': Array.from(flat),
  };
}

const print = (title: string, times: ReadonlyMap<string, number>, names: readonly string[]): void => {
  console.log(`\n${title}, µs`);
  for (const name of names) {
    const own = times.get(`this ${name}`)!;
    const theirs = times.get(`other ${name}`);
    const change =
      theirs === undefined
        ? ''
        : `${theirs.toFixed(1).padStart(10)}${(100 * (own / theirs - 1)).toFixed(1).padStart(8)} %`;
    console.log(`${name.padEnd(24)}${own.toFixed(1).padStart(10)}${change}`);
  }
};

const model = ({ sequential, dense }: Api) =>
  sequential({
    inputs: W1.inputs,
    layers: W1.units.map((units, i) => dense({ units, activation: i === W1.units.length - 1 ? 'softmax' : 'relu' })),
    seed: 1,
  });

/** Microseconds of a step of each task. Tasks take turns; the time is the tenth percentile of the rounds, since other load can only add time. */
async function inTurn(tasks: readonly Run[], count: number): Promise<Map<string, number>> {
  const times = new Map<string, number[]>(tasks.map(({ name }) => [name, []]));
  for (let round = -3; round < count; round++) {
    for (const { name, run, steps } of round % 2 === 0 ? tasks : [...tasks].reverse()) {
      const begin = performance.now();
      for (let i = 0; i < steps; i++) await run();
      if (round >= 0) times.get(name)!.push(((performance.now() - begin) * 1000) / steps);
    }
  }
  return new Map([...times].map(([name, list]) => [name, list.sort((x, y) => x - y)[Math.floor(list.length / 10)]!]));
}

// predict, 256 rows
{
  const { x } = makeData(W1, 256);
  const names = Object.keys(forms(sources[0]![1], x, W1.inputs));
  const tasks = sources.flatMap(([source, api]) => {
    const predictor = model(api);
    return Object.entries(forms(api, x, W1.inputs)).map(([name, rows]) => ({
      name: `${source} ${name}`,
      steps: 10,
      run: () => void predictor.predict(rows as never),
    }));
  });
  print('predict, 256 rows', await inTurn(tasks, 20 * Number(rounds)), names);
}

// fit, with all of its checks
{
  const { x, labels } = makeData(W1, ROWS);
  const y = Array.from(labels);
  const names = Object.keys(forms(sources[0]![1], x, W1.inputs));
  const tasks = sources.flatMap(([source, api]) => {
    const learner = model(api).compile({
      loss: 'categoricalCrossentropy',
      optimizer: api.adam({ learningRate: 1e-6 }),
    });
    return Object.entries(forms(api, x, W1.inputs)).map(([name, rows]) => ({
      name: `${source} ${name}`,
      steps: 1,
      run: () => learner.fit(rows as never, y, { epochs: 10 }),
    }));
  });
  print(`fit, ${ROWS} rows, 10 epochs`, await inTurn(tasks, Number(rounds)), names);
}
