// Lesson: gradients vanish through many sigmoids, and batch normalization keeps them alive.   tsx examples/lessons/vanishing-gradients.ts
import { activation, adam, batchNormalization, dense, type Layer } from 'simdense';
import { isProgram, type Outcome, runAll, table } from './compare.js';

const DEPTH = 6;
const head = dense({ units: 10, activation: 'softmax' });

/** Six hidden layers of 32 units. */
function deep(hidden: () => Layer[]): Layer[] {
  return [...Array.from({ length: DEPTH }, hidden).flat(), head];
}

export function vanishingGradients(): Promise<Outcome[]> {
  const stacks: [string, Layer[]][] = [
    ['6 × sigmoid', deep(() => [dense({ units: 32, activation: 'sigmoid' })])],
    ['6 × sigmoid, batch norm', deep(() => [dense({ units: 32 }), batchNormalization(), activation('sigmoid')])],
    ['6 × relu', deep(() => [dense({ units: 32, activation: 'relu' })])],
  ];
  const optimizer = adam({ learningRate: 0.003 });
  return runAll(stacks.map(([name, layers]) => ({ name, layers, optimizer, fit: { epochs: 10 } })));
}

if (isProgram(import.meta.url)) {
  console.log('Ten epochs on 1,348 digits, six hidden layers of 32\n');
  console.log(table(await vanishingGradients()));
  console.log(`
A sigmoid's slope is at most ¼, so six of them leave less than a four-thousandth of the gradient for the first layer: it does not learn.
Batch normalization keeps the sums where the slope is largest. A relu's slope is 1 where it is on.`);
}
