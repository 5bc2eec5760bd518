// Random dense networks of TensorFlow.js, saved by it, with rows and what it predicts: tfjs.json.gz. With @tensorflow/tfjs 4.22 installed: node make-tfjs.mjs
import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import * as tf from '@tensorflow/tfjs';

await tf.setBackend('cpu');
tf.env().set('PROD', true);
let state = 20260101;
/** Numbers from 0 to 1 by mulberry32. */
function random() {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
}
const below = (n) => Math.floor(random() * n);
const pick = (list) => list[below(list.length)];
const near = (center, width) => center + (random() - 0.5) * width;

const activations = ['linear', 'relu', 'sigmoid', 'tanh', 'softmax', 'softplus', 'elu', 'selu', 'relu6', 'hardSigmoid', 'swish', 'mish', 'gelu'];
const L = tf.layers;
const others = [
  () => L.activation({ activation: pick(activations) }),
  () => L.reLU(pick([{}, { maxValue: 1.5 }])),
  () => L.leakyReLU(pick([{}, { alpha: 0.1 }])),
  () => L.elu(),
  () => L.prelu(pick([{}, { sharedAxes: [1] }])),
  () => L.softmax(),
  () => L.batchNormalization(pick([{}, { center: false }, { scale: false, epsilon: 0.01 }])),
  () => L.layerNormalization(pick([{}, { center: false }, { scale: false, epsilon: 0.01 }])),
  () => L.dropout({ rate: 0.3 }),
  () => L.gaussianNoise({ stddev: 0.1 }),
];
const denseLayer = (options = {}) =>
  L.dense({ units: 2 + below(6), useBias: random() < 0.8, activation: pick(activations), ...options });

function layersOf() {
  const layers = [];
  for (let n = 1 + below(3); n > 0; n--) {
    layers.push(denseLayer());
    for (let k = below(3); k > 0; k--) layers.push(pick(others)());
  }
  return [...layers, denseLayer({ units: 1 + below(3) })];
}

function model(number) {
  const shape = number % 4 === 3 ? [2, 2 + below(2)] : [2 + below(5)];
  const layers = [...(shape.length === 2 ? [L.flatten()] : []), ...layersOf()];
  if (number % 5 === 1) layers.unshift(L.reshape({ targetShape: shape.length === 2 ? [shape[1], shape[0]] : shape }));
  if (number % 2 === 0) {
    const input = tf.input({ shape });
    return [tf.model({ inputs: input, outputs: layers.reduce((x, layer) => layer.apply(x), input) }), shape];
  }
  const own = tf.sequential();
  for (const [i, layer] of layers.entries()) {
    if (i === 0) layer.batchInputShape = [null, ...shape];
    own.add(layer);
  }
  return [own, shape];
}

/** Draws all weights: a variance is positive. */
function fill(net) {
  for (const layer of net.layers) {
    layer.setWeights(
      layer.weights.map(({ name, shape }) => {
        const isVariance = /variance/.test(name);
        const isFactor = /gamma/.test(name);
        const count = shape.reduce((a, b) => a * b, 1);
        const values = Float32Array.from({ length: count }, () => (isVariance ? near(1, 1) : near(isFactor ? 1 : 0, 1.6)));
        return tf.tensor(values, shape);
      }),
    );
  }
}

/** Packs weights as tfjs's converter does with --quantize_*: the library reads them back below. */
function packed(artifacts, dtype) {
  const floats = new Float32Array(artifacts.weightData);
  let at = 0;
  const parts = [];
  const specs = artifacts.weightSpecs.map((spec) => {
    const count = spec.shape.reduce((a, b) => a * b, 1);
    const own = floats.subarray(at, at + count);
    at += count;
    if (dtype === 'float16') {
      parts.push(...Array.from(own, half).flatMap((bits) => [bits & 255, bits >> 8]));
      return { ...spec, quantization: { dtype, original_dtype: 'float32' } };
    }
    const most = dtype === 'uint8' ? 255 : 65535;
    const [min, max] = [Math.min(...own), Math.max(...own)];
    const scale = (max - min) / most || 1;
    for (const value of own) {
      const bits = Math.round((value - min) / scale);
      parts.push(...(dtype === 'uint8' ? [bits] : [bits & 255, bits >> 8]));
    }
    return { ...spec, quantization: { dtype, min, scale, original_dtype: 'float32' } };
  });
  return { ...artifacts, weightSpecs: specs, weightData: Uint8Array.from(parts).buffer };
}

/** The bits of a number as float16, cut off; those that are too small become 0. */
function half(value) {
  const bits = new Uint32Array(Float32Array.of(value).buffer)[0];
  const exponent = ((bits >>> 23) & 255) - 112;
  return ((bits >>> 16) & 0x8000) | (exponent <= 0 ? 0 : (exponent << 10) | ((bits >>> 13) & 1023));
}

/** What came later: behind the others, so that these stay as they are. */
const later = ['softsign', 'logSoftmax'].flatMap((activation) => [
  () => [L.dense({ units: 4, activation, inputShape: [3] }), L.dense({ units: 2 })],
  () => [L.dense({ units: 3, inputShape: [3] }), L.activation({ activation })],
  () => [L.dense({ units: 5, inputShape: [3] }), L.prelu(), L.dense({ units: 3, activation })],
]);

const cases = [];
for (let number = 0; number < 44 + later.length; number++) {
  const [net, shape] = number < 44 ? model(number) : [tf.sequential({ layers: later[number - 44]() }), [3]];
  fill(net);
  let saved;
  await net.save(tf.io.withSaveHandler(async (artifacts) => {
    saved = artifacts;
    return { modelArtifactsInfo: { dateSaved: new Date(0) } };
  }));
  const dtype = [undefined, undefined, undefined, 'uint8', 'uint16', 'float16'][number % 6];
  const artifacts = dtype ? packed(saved, dtype) : saved;
  // The library itself reads what is written, and predicts by it.
  const read = await tf.loadLayersModel(tf.io.fromMemory(structuredClone(artifacts)));
  const rows = 4;
  const width = shape.reduce((a, b) => a * b, 1);
  const x = Array.from({ length: rows }, () => Array.from({ length: width }, () => Math.fround(near(0, 4))));
  const output = read.predict(tf.tensor(x.flat(), [rows, ...shape]));
  const bytes = new Uint8Array(artifacts.weightData);
  const cut = number % 3 === 0 ? Math.floor(bytes.length / 2) : bytes.length;
  const parts = [bytes.subarray(0, cut), bytes.subarray(cut)].filter(({ length }) => length > 0);
  const paths = parts.map((_, i) => `group1-shard${i + 1}of${parts.length}.bin`);
  const { modelTopology, format, generatedBy, convertedBy } = artifacts;
  cases.push({
    modelJson: { modelTopology, format, generatedBy, convertedBy, weightsManifest: [{ paths, weights: artifacts.weightSpecs }] },
    shards: Object.fromEntries(paths.map((path, i) => [path, Buffer.from(parts[i]).toString('base64')])),
    x,
    y: await output.array(),
  });
}
writeFileSync(new URL('tfjs.json.gz', import.meta.url), gzipSync(JSON.stringify(cases), { level: 9 }));
