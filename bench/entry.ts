// What it costs to look at every cell that enters: fit on 64-32-10 in batches of 32, and predict on 256 rows, for each form of x, by interleaved rounds.
//   npx tsx bench/entry.ts [another checkout's src/index.ts] [rounds]
// With another checkout, such as of the commit before, both take turns; else the figures stand alone, beside the same with a Matrix, which is copied nowhere.
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { interleaved, median as medianOf, repeated, type Task } from './measure.js';
import { makeData, workloads } from './workloads.js';

type Api = typeof import('../src/index.js');

const [other, rounds = '31'] = process.argv.slice(2);
const load = (path: string): Promise<Api> => import(pathToFileURL(resolve(path)).href) as Promise<Api>;
const sources: readonly [string, Api][] = [
  ['this', await load('src/index.ts')],
  ...(other === undefined ? [] : [['other', await load(other)] as [string, Api]]),
];
const W1 = workloads[0]!;
/** digits' size. */
const ROWS = 1797;

/** The forms that rows come in. */
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

// predict, 256 rows
{
  const { x } = makeData(W1, 256);
  const tasks: Task[] = [];
  const names = Object.keys(forms(sources[0]![1], x, W1.inputs));
  for (const [build, api] of sources) {
    const predictor = model(api);
    for (const [name, rows] of Object.entries(forms(api, x, W1.inputs)))
      tasks.push(repeated(`${build} ${name}`, () => void predictor.predict(rows as never), 8));
  }
  print('predict, 256 rows', await interleaved(tasks, Number(rounds)), names);
}

// fit: all that is called for one epoch of it, looked at from outside
{
  const { x, labels } = makeData(W1, ROWS);
  const y = Array.from(labels);
  const names = Object.keys(forms(sources[0]![1], x, W1.inputs));
  const times = new Map<string, number[]>();
  const runs = sources.flatMap(([build, api]) => {
    const learner = model(api).compile({
      loss: 'categoricalCrossentropy',
      optimizer: api.adam({ learningRate: 1e-6 }),
    });
    return Object.entries(forms(api, x, W1.inputs)).map(([name, rows]) => ({
      name: `${build} ${name}`,
      run: () => learner.fit(rows as never, y, { epochs: 10 }),
    }));
  });
  for (let round = -3; round < Number(rounds); round++) {
    for (const { name, run } of round % 2 === 0 ? runs : [...runs].reverse()) {
      const begin = performance.now();
      await run();
      if (round >= 0) times.set(name, [...(times.get(name) ?? []), (performance.now() - begin) * 1000]);
    }
  }
  const middle = new Map([...times].map(([name, list]) => [name, medianOf(list)]));
  print(`fit, ${ROWS} rows, 10 epochs`, middle, names);
}
