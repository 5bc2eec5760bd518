// Lesson: a network that learns 100 digits by heart, and what wins the test accuracy back.   tsx examples/lessons/overfitting.ts
import { adam, dense, dropout, earlyStopping, type Layer } from 'simdense';
import { jitter, mixup, rotateImage } from 'simdense/data';
import { isProgram, type Outcome, runAll, some, type Trial, table } from './compare.js';

const EPOCHS = 300;
const data = some(0, 100);
const validation = some(100, 300);
const head = dense({ units: 10, activation: 'softmax' });
const plain: Layer[] = [dense({ units: 128, activation: 'relu' }), dense({ units: 128, activation: 'relu' }), head];

export function overfitting(): Promise<Outcome[]> {
  const kernelRegularizer = { l2: 0.0005 };
  const decayed = [128, 128].map((units) => dense({ units, activation: 'relu', kernelRegularizer }));
  const dropped = [128, 128].flatMap((units) => [dropout({ rate: 0.3 }), dense({ units, activation: 'relu' })]);
  const augment = [rotateImage({ width: 8, height: 8, degrees: 15 }), jitter({ stddev: 3 }), mixup({ alpha: 0.3 })];
  const trial = (name: string, layers: Layer[], fit: Trial['fit'] = {}): Trial => ({
    name,
    layers,
    optimizer: adam({ learningRate: 0.003 }),
    data,
    fit: { epochs: EPOCHS, ...fit },
  });
  return runAll([
    trial('nothing', plain),
    trial('l2', [...decayed, head]),
    trial('dropout', [...dropped, head]),
    trial('early stopping', plain, {
      validationData: [validation.x, validation.y],
      callbacks: [earlyStopping({ patience: 20 })],
    }),
    trial('augmentation', plain, { augment }),
    trial('augmentation, dropout', [...dropped, head], { augment }),
  ]);
}

if (isProgram(import.meta.url)) {
  console.log(`64-128-128-10 on 100 digits, ${EPOCHS} epochs; tested on 449 others\n`);
  console.log(table(await overfitting()));
  console.log(`
The network has learnt 100 digits by heart and is sure of itself where it is wrong: that shows in the loss on the others, less in how many
it misreads. Early stopping ends before that; l2 and dropout hold the weights back; turned, noisy and mixed copies stand in for the digits
that are missing. Dropout on top of them is too much of a good thing here.`);
}
