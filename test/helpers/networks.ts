// Random networks of all layers and activations, and rows for them that are the same in every runtime.
import {
  type Activation,
  activation,
  batchNormalization,
  dense,
  type Layer,
  layerNormalization,
  prelu,
  rescaling,
  type Sequential,
  sequential,
} from '../../src/index.js';

export const activations: readonly Activation[] = [
  'linear',
  'sigmoid',
  'tanh',
  'relu',
  'leakyRelu',
  'elu',
  'softplus',
  'silu',
  'gelu',
  'mish',
  'softsign',
  'hardSwish',
  'tanhShrink',
  'softmax',
  'logSoftmax',
  { type: 'elu', alpha: 0.3 },
  { type: 'leakyRelu', slope: 0.2 },
];

/** Whole numbers that look random, below 2³². */
export const hash = (i: number): number => {
  let x = Math.imul(i + 1, 0x9e3779b1);
  x = Math.imul(x ^ (x >>> 15), 0x85ebca77);
  return (x ^ (x >>> 13)) >>> 0;
};

/** A random network: its shape follows from the number. */
export function randomModel(seed: number): Sequential {
  const pick = (i: number, n: number): number => hash(seed * 64 + i) % n;
  const inputs = 1 + pick(0, 40);
  const layers: Layer[] = pick(1, 3) === 0 ? [rescaling({ scale: 0.37, offset: -0.2 })] : [];
  const depth = 1 + pick(2, 3);
  for (let i = 0; i < depth; i++) {
    const own = activations[(seed + i * 5) % activations.length] as Activation;
    layers.push(dense({ units: 2 + pick(10 + i, 45), useBias: pick(20 + i, 5) > 0, activation: own }));
    if (pick(30 + i, 3) === 0) layers.push(batchNormalization());
    if (pick(60 + i, 3) === 0) layers.push(prelu());
    if (pick(40 + i, 3) === 0) layers.push(layerNormalization(), activation(own));
  }
  layers.push(dense({ units: 1 + pick(50, 5), activation: pick(51, 2) === 0 ? 'softmax' : 'linear' }));
  const model = sequential({ inputs, layers, seed });
  const weights = Array.from(model.getWeights(), ([path, { shape, data }]) => {
    const changed = data.map((value, j) =>
      /Variance/.test(path) ? 0.1 + (hash(j) % 100) / 50 : value + ((hash(j + seed) % 200) - 100) / 500,
    );
    return [path, { shape, data: changed }] as const;
  });
  model.setWeights(new Map(weights));
  return model;
}

/** Rows of all magnitudes. */
export const randomRows = (rows: number, columns: number, seed: number): Float32Array =>
  Float32Array.from({ length: rows * columns }, (_, i) => {
    const size = 10 ** ((hash(i >> 4) % 7) - 2);
    return (hash(i + seed) / 2 ** 31 - 1) * size;
  });
