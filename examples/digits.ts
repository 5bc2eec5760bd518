// The main job: learns to read 1,797 real handwritten digits of 8×8 pixels.   npm start
import { adam, dense, rescaling, sequential } from 'simdense';
import { holdOut } from 'simdense/data';
import { readDigits } from './digits-data.js';
import { confusionTable, drawImages, progress } from './terminal.js';

const digits = readDigits();
const [split] = holdOut(digits.x.rows, { testSize: 0.25, stratify: digits.y, seed: 42 });
if (!split) throw new Error('no split');
const train = { x: digits.x.select(split.train), y: Int32Array.from(split.train, (row) => digits.y[row] as number) };
const test = { x: digits.x.select(split.test), y: Int32Array.from(split.test, (row) => digits.y[row] as number) };

const model = sequential({
  inputs: 64,
  layers: [
    rescaling({ scale: 1 / 16 }),
    dense({ units: 64, activation: 'relu' }),
    dense({ units: 32, activation: 'relu' }),
    dense({ units: 10, activation: 'softmax' }),
  ],
  seed: 42,
}).compile({ optimizer: adam({ learningRate: 0.003 }), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
console.log(`${model.summary()}\n\n${train.x.rows} digits to learn from, ${test.x.rows} held out\n`);

const begin = performance.now();
await model.fit(train.x, train.y, { epochs: 30, batchSize: 32, callbacks: [progress(train.x.rows)] });
const seconds = (performance.now() - begin) / 1000;

const { accuracy = 0 } = model.evaluate(test.x, test.y);
const predicted = model.predict(test.x).argmax();
console.log(`\ntest accuracy ${(accuracy * 100).toFixed(2)} % after ${seconds.toFixed(2)} s of training\n`);
console.log(confusionTable(test.y, predicted, 10));

const misread = Array.from(test.y.keys()).filter((row) => test.y[row] !== predicted[row]);
console.log(`\n${misread.length} of ${test.x.rows} misread, such as\n`);
console.log(drawImages(test.x, misread.slice(0, 4), 8, 17, (row) => `${test.y[row]}, read as ${predicted[row]}`));
