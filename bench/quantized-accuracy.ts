// What weights of 8 and 16 bits change in accuracy: the digits, and MNIST where its folder is given, five seeds of each network.
//   npx tsx bench/quantized-accuracy.ts [FOLDER]     after npm run build; FOLDER has the four .gz files of MNIST
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { adam, dense, Matrix, rescaling, sequential } from 'simdense';
import { fromFloat16, quantize, toFloat16 } from 'simdense/compile';
import { parseIdx } from 'simdense/data';
import { loadPredictor, loadQuantizedPredictor, type Predictor } from 'simdense/predict';
import { readDigits } from '../examples/digits-data.js';

interface Rows {
  readonly x: Matrix;
  readonly y: ArrayLike<number>;
}
interface Task {
  readonly name: string;
  readonly train: Rows;
  readonly test: Rows;
  readonly most: number;
  readonly networks: readonly (readonly number[])[];
  readonly epochs: number;
}
const SEEDS = [1, 2, 3, 4, 5];

/** Every fifth row to test with, from `first` on. */
function digits(): Task {
  const { x, y } = readDigits();
  const pick = (keep: (row: number) => boolean): Rows => {
    const rows = Array.from({ length: x.rows }, (_, row) => row).filter(keep);
    return { x: Matrix.from(rows.map((row) => Array.from(x.row(row)))), y: rows.map((row) => y[row] as number) };
  };
  const [train, test] = [pick((row) => row % 5 !== 0), pick((row) => row % 5 === 0)];
  return { name: 'digits', train, test, most: 16, networks: [[16], [32], [128, 64]], epochs: 30 };
}

function mnist(folder: string): Task {
  const read = (name: string) => parseIdx(gunzipSync(readFileSync(join(folder, `${name}.gz`))));
  const rows = (name: string): Rows => ({
    x: read(`${name}-images-idx3-ubyte`) as Matrix,
    y: (read(`${name}-labels-idx1-ubyte`) as Matrix).data,
  });
  const networks = [[128], [512, 256]];
  return { name: 'MNIST', train: rows('train'), test: rows('t10k'), most: 255, networks, epochs: 3 };
}

/** The share of rows whose class is predicted, in percent. */
function accuracy(predictor: Predictor, { x, y }: Rows): number {
  const found = predictor.predict(x);
  let right = 0;
  for (let row = 0; row < x.rows; row++) {
    const p = Array.from(found.row(row));
    if (p.indexOf(Math.max(...p)) === y[row]) right++;
  }
  return (100 * right) / x.rows;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const folder = process.argv[2];
for (const { name, train, test, most, networks, epochs } of [digits(), ...(folder ? [mnist(folder)] : [])])
  for (const units of networks) {
    const lost: { int8: number[]; float16: number[] } = { int8: [], float16: [] };
    const exact: number[] = [];
    for (const seed of SEEDS) {
      const layers = [
        rescaling({ scale: 1 / most }),
        ...units.map((each) => dense({ units: each, activation: 'relu' })),
        dense({ units: 10, activation: 'softmax' }),
      ];
      using model = sequential({ inputs: train.x.columns, layers, seed });
      model.compile({ optimizer: adam({ learningRate: 0.002 }), loss: 'categoricalCrossentropy' });
      await model.fit(train.x, Array.from(train.y), { epochs, batchSize: name === 'MNIST' ? 128 : 32 });
      using float32 = loadPredictor(model.save());
      using int8 = loadQuantizedPredictor(quantize(model));
      using float16 = loadPredictor(fromFloat16(toFloat16(model)));
      const own = accuracy(float32, test);
      exact.push(own);
      lost.int8.push(own - accuracy(int8, test));
      lost.float16.push(own - accuracy(float16, test));
    }
    const words = Object.entries(lost).map(
      ([kind, points]) =>
        `${kind} loses ${mean(points).toFixed(2)} points on the mean (${points.map((each) => each.toFixed(2)).join(', ')})`,
    );
    console.log(
      `${name}, ${[train.x.columns, ...units, 10].join('-')}: ${mean(exact).toFixed(2)} %; ${words.join('; ')}`,
    );
  }
