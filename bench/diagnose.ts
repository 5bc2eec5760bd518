// What diagnose costs: epochs with and without it take turns; medians of their times.   npx tsx bench/diagnose.ts [MNIST-FOLDER]     after npm run build

import { readFileSync } from 'node:fs';
import { dense, Matrix, rescaling, sequential } from 'simdense';
import { diagnose } from 'simdense/diagnose';
import { readIdx } from 'simdense/node';
import { readDigits } from '../examples/digits-data.js';

const ROUNDS = 21;
const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] as number;

async function compare(
  name: string,
  x: Matrix,
  y: Int32Array,
  units: number[],
  classes: number,
  epochs: number,
): Promise<void> {
  const layers = [
    ...(x.data instanceof Uint8Array ? [rescaling({ scale: 1 / 255 })] : []),
    ...units.map((n) => dense({ units: n, activation: 'relu' })),
    dense({ units: classes, activation: 'softmax' }),
  ];
  const model = sequential({ inputs: x.columns, layers }).compile({ loss: 'categoricalCrossentropy' });
  const time = async (callbacks: ReturnType<typeof diagnose>[]): Promise<number> => {
    const begin = performance.now();
    await model.fit(x, y, { epochs, callbacks });
    return (performance.now() - begin) / epochs;
  };
  const times: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    times[0].push(await time([]));
    times[1].push(await time([diagnose()]));
  }
  const [without, withIt] = times.map(median) as [number, number];
  const share = ((withIt / without - 1) * 100).toFixed(1);
  console.log(
    `${name.padEnd(28)} ${without.toFixed(3)} ms an epoch, diagnosed ${withIt.toFixed(3)} ms: ${share} %, at most 5 %`,
  );
}

const rows = readFileSync(new URL('../test/golden/iris.csv', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .slice(1);
const cells = rows.map((row) => row.split(','));
const iris = Matrix.from(cells.map((row) => row.slice(0, 4).map(Number)));
const kinds = [...new Set(cells.map((row) => row[4]))];
const { x, y } = readDigits();
await compare(
  'iris, 4-16-3',
  iris,
  Int32Array.from(cells, (row) => kinds.indexOf(row[4])),
  [16],
  kinds.length,
  50,
);
await compare('digits, 64-32-10', x, y, [32], 10, 50);
await compare('digits, 64-64-32-10', x, y, [64, 32], 10, 50);
const [folder] = process.argv.slice(2);
if (folder !== undefined) {
  const images = await readIdx(`${folder}/train-images-idx3-ubyte.gz`);
  const labels = (await readIdx(`${folder}/train-labels-idx1-ubyte.gz`)).data;
  await compare('MNIST, 784-128-10', images, Int32Array.from(labels), [128], 10, 1);
}
