// The cost of diagnose: runs with and without it alternate, and the median of the rounds' ratios is printed.   npx tsx bench/diagnose.ts     after npm run build
// The argument is the number of epochs of the long run, 100,000 by default, which takes minutes: late epochs must cost as much as the first.
import { readFileSync } from 'node:fs';
import { dense, Matrix, rescaling, sequential } from 'simdense';
import { diagnose } from 'simdense/diagnose';
import { readDigits } from '../examples/digits-data.js';

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] as number;

interface Task {
  readonly name: string;
  readonly x: Matrix;
  readonly y: Int32Array;
  readonly units: readonly number[];
  readonly classes: number;
}

/** Trains with and without diagnose in turns, and prints milliseconds an epoch and the median of the ratios. */
async function compare({ name, x, y, units, classes }: Task, epochs: number, rounds: number): Promise<void> {
  const layers = [
    ...units.map((n) => dense({ units: n, activation: 'relu' })),
    dense({ units: classes, activation: 'softmax' }),
  ];
  const time = async (callbacks: ReturnType<typeof diagnose>[]): Promise<number> => {
    using model = sequential({ inputs: x.columns, layers: [rescaling({ scale: 1 / 16 }), ...layers] });
    model.compile({ loss: 'categoricalCrossentropy' });
    const begin = performance.now();
    await model.fit(x, y, { epochs, callbacks });
    return (performance.now() - begin) / epochs;
  };
  // Also measure empty callbacks: calling them is not the cost of diagnose itself.
  const nothing = () => [{ onBatchEnd() {}, onEpochEnd() {} }] as never[];
  await time([]);
  const times: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < rounds; round++) {
    times[0].push(await time([]));
    times[1].push(await time(nothing()));
    times[2].push(await time([diagnose()]));
  }
  const share = (of: number[], to: number[]): string =>
    `${((median(of.map((value, i) => value / (to[i] as number))) - 1) * 100).toFixed(1)} %`;
  const [without, empty, diagnosed] = times;
  const [all, callback] = [share(diagnosed, without), share(empty, without)];
  console.log(
    `${name.padEnd(22)} ${String(epochs).padStart(6)} epochs, ${median([...without]).toFixed(3)} ms each: diagnosed ${all} more, of which an empty callback ${callback}`,
  );
}

const lines = readFileSync(new URL('../test/golden/iris.csv', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .slice(1);
const cells = lines.map((row) => row.split(',').map(Number));
const iris: Task = {
  name: 'iris, 4-16-3',
  x: Matrix.from(cells.map((row) => row.slice(0, 4))),
  y: Int32Array.from(cells, (row) => row[4] as number),
  units: [16],
  classes: 3,
};
const { x, y } = readDigits();
const digits: Task = { name: 'digits, 64-32-10', x, y, units: [32], classes: 10 };
const wide: Task = { ...digits, name: 'digits, 64-64-32-10', units: [64, 32] };
const rows = Int32Array.from({ length: 900 }, (_, i) => i);
const half: Task = { ...digits, name: 'half of it, 64-32-10', x: x.select(rows), y: y.slice(0, 900) };

const long = Number(process.argv[2] ?? 100_000);
await compare(iris, 100, 31);
await compare(iris, 5000, 7);
await compare(digits, 100, 15);
await compare(wide, 100, 11);
await compare(half, 100, 21);
await compare(half, 2000, 5);
await compare(half, long, 1);
