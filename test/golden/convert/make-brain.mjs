// Networks of brain.js, trained and saved by it, with rows and what it answers: brain.json.gz. With brain.js 1.6 installed as brain1, and 2.0.0-beta.24 as brain2: node make-brain.mjs
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';

const require = createRequire(import.meta.url);
const libraries = { 1: require('brain1'), 2: require('brain2') };
let state = 20260102;
/** mulberry32, so that brain.js draws the same weights each time. */
Math.random = () => {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
};
const names = ['r', 'g', 'b', 'width of leaf', 'naïve', 'ω'];
const cases = [];
const recurrent = [];
for (let number = 0; number < 48; number++) {
  const version = 1 + (number % 2);
  const { NeuralNetwork } = libraries[version];
  const activation = ['sigmoid', 'relu', 'tanh', 'leaky-relu'][Math.floor(number / 2) % (version === 1 ? 3 : 4)];
  const hiddenLayers = [[3], [4, 3], [5], [2, 2, 2]][number % 4];
  const [inputs, outputs] = [2 + (number % 4), 1 + (number % 3)];
  const isNamed = number % 3 !== 1;
  const net = new NeuralNetwork({ hiddenLayers, activation, leakyReluAlpha: 0.1 + (number % 3) / 10 });
  const row = (count, from) => {
    const values = Array.from({ length: count }, () => Math.random());
    return isNamed ? Object.fromEntries(values.map((value, i) => [names[i + from], value])) : values;
  };
  net.train(Array.from({ length: 6 }, () => ({ input: row(inputs, 0), output: row(outputs, 2) })), { iterations: 30, activation, leakyReluAlpha: 0.1 + (number % 3) / 10 });
  const json = JSON.parse(JSON.stringify(net.toJSON()));
  // The library itself reads what it has written.
  const read = new NeuralNetwork();
  read.fromJSON(JSON.parse(JSON.stringify(json)));
  const x = Array.from({ length: 4 }, () => row(inputs, 0));
  // Version 2 gives the same array each time.
  cases.push({ json, x, y: x.map((each) => structuredClone(read.run(each))).map((y) => (isNamed ? { ...y } : Array.from(y))) });
}
for (const version of [1, 2]) {
  const { recurrent: kinds } = libraries[version];
  for (const Kind of [kinds.LSTM, kinds.RNN, kinds.GRU, kinds.LSTMTimeStep]) {
    const net = new Kind({ hiddenLayers: [2] });
    net.train(Kind === kinds.LSTMTimeStep ? [[1, 2, 3]] : ['ab'], { iterations: 1 });
    recurrent.push(JSON.parse(JSON.stringify(net.toJSON())));
  }
}
writeFileSync(new URL('brain.json.gz', import.meta.url), gzipSync(JSON.stringify({ cases, recurrent }), { level: 9 }));
