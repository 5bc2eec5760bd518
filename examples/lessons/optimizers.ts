// Lesson: the optimizers side by side, on one network and ten epochs.   tsx examples/lessons/optimizers.ts
import { adagrad, adam, adamw, dense, rmsprop, sgd } from 'simdense';
import { isProgram, type Outcome, runAll, table } from './compare.js';

const layers = [dense({ units: 32, activation: 'relu' }), dense({ units: 10, activation: 'softmax' })];

export function optimizers(): Promise<Outcome[]> {
  const all = {
    sgd: sgd({ learningRate: 0.05 }),
    'sgd, momentum 0.9': sgd({ learningRate: 0.05, momentum: 0.9 }),
    'sgd, Nesterov 0.9': sgd({ learningRate: 0.05, momentum: 0.9, nesterov: true }),
    adagrad: adagrad({ learningRate: 0.05 }),
    rmsprop: rmsprop({ learningRate: 0.003 }),
    adam: adam({ learningRate: 0.005 }),
    adamw: adamw({ learningRate: 0.005 }),
    'adam, cosine schedule': adam({ learningRate: { type: 'cosine', initial: 0.01, steps: 430, warmup: 20 } }),
  };
  return runAll(Object.entries(all).map(([name, optimizer]) => ({ name, layers, optimizer, fit: { epochs: 10 } })));
}

if (isProgram(import.meta.url)) {
  console.log('Ten epochs on 1,348 digits, 64-32-10\n');
  console.log(table(await optimizers()));
  console.log(`
Plain descent is the slowest; momentum or a rate for each weight, as adagrad, rmsprop and adam keep it, go faster from the same start.`);
}
