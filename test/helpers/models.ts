// Small models and data that several tests train.
import { createHash } from 'node:crypto';
import { type Activation, dense, Matrix, type Sequential, sequential } from '../../src/index.js';
import { numbers } from './numbers.js';

/** Two blobs of points in the plane for each of three classes: learnt in a few epochs. */
export function blobs(rows: number, seed = 1): { x: Matrix; y: Int32Array } {
  const next = numbers(seed);
  const y = Int32Array.from({ length: rows }, (_, i) => i % 3);
  const data = Float32Array.from({ length: rows * 2 }, (_, i) => {
    const angle = ((y[i >> 1] as number) * 2 * Math.PI) / 3;
    return (i % 2 === 0 ? Math.cos(angle) : Math.sin(angle)) + 0.3 * next();
  });
  return { x: new Matrix(data, 2), y };
}

export function classifier(o: { activation?: Activation; seed?: number } = {}): Sequential {
  const { activation = 'tanh', seed = 0 } = o;
  const layers = [dense({ units: 8, activation }), dense({ units: 3, activation: 'softmax' })];
  return sequential({ inputs: 2, layers, seed });
}

/** SHA-256 of all weights, in the model's order: equal only where every bit is. */
export function weightsHash(model: Pick<Sequential, 'getWeights'>): string {
  const hash = createHash('sha256');
  for (const [name, { data }] of model.getWeights()) {
    hash.update(name).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest('hex');
}
