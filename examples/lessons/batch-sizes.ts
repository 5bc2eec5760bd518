// Lesson: what the batch size does. Full-batch descent takes one careful step an epoch, stochastic one for every row; mini-batches get
// most of both.   tsx examples/lessons/batch-sizes.ts
import { dense, sgd } from 'simdense';
import { isProgram, type Outcome, runAll, table } from './compare.js';

const layers = [dense({ units: 32, activation: 'tanh' }), dense({ units: 10, activation: 'softmax' })];

export function batchSizes(): Promise<Outcome[]> {
  const trial = (name: string, batchSize: number | 'full', learningRate: number, epochs: number) => ({
    name,
    layers,
    optimizer: sgd({ learningRate }),
    fit: { epochs, batchSize },
  });
  return runAll([
    trial('full batch, 20 epochs', 'full', 0.5, 20),
    trial('full batch, 400 epochs', 'full', 0.5, 400),
    trial('mini-batches of 32, 20 epochs', 32, 0.2, 20),
    trial('stochastic, 20 epochs', 1, 0.02, 20),
  ]);
}

if (isProgram(import.meta.url)) {
  console.log('Gradient descent on 1,348 digits, 64-32-10\n');
  console.log(table(await batchSizes()));
  console.log(`
In the same 20 epochs full-batch descent has made 20 updates and hardly begun; it gets there too, in twenty times the epochs.
Stochastic descent makes 26,960 small ones, which costs time: a batch of 32 rows keeps the SIMD lanes busy.`);
}
