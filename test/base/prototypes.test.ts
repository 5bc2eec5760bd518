// Only what an object has itself counts: nothing is read from Object.prototype or another prototype, and no getter of a typed array's subclass is believed.
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { isGone } from '../../src/base/typed-arrays.js';
import { activation, adam, dense, lion, loadModel, Matrix, SimdenseError, sequential, sgd } from '../../src/index.js';

/** Runs a function while a prototype has another property. */
function polluted<T>(prototype: object, name: string, value: unknown, enumerable: boolean, run: () => T): T {
  const before = Object.getOwnPropertyDescriptor(prototype, name);
  Object.defineProperty(prototype, name, { value, enumerable, writable: true, configurable: true });
  try {
    return run();
  } finally {
    if (before) Object.defineProperty(prototype, name, before);
    else delete (prototype as Record<string, unknown>)[name];
  }
}

const x = [
  [1, 2],
  [-3, 4],
  [0.5, -6],
];

/** Everything that depends on options, as a text. */
function trained(): string {
  const layers = [
    dense({ units: 3, activation: 'tanh' }),
    activation({ type: 'elu', alpha: 0.5 }),
    dense({ units: 1 }),
  ];
  const files = ['sgd', adam({ learningRate: { type: 'cosine', initial: 0.1, steps: 9 } }), sgd(), lion()].map(
    (optimizer) => {
      using model = sequential({ inputs: 2, layers }).compile({ optimizer, loss: 'meanSquaredError' });
      model.trainOnBatch(x, [1, 2, 3]);
      model.trainOnBatch(x, [3, 2, 1]);
      model.evaluate(x, [1, 2, 3]);
      using again = loadModel(model.save({ optimizer: true }));
      return Buffer.from(again.save({ optimizer: true })).toString('latin1') + again.predict(x).data.join();
    },
  );
  return files.join();
}

describe('a property of Object.prototype changes nothing', () => {
  const expected = trained();
  const properties = {
    units: 7,
    activation: 'relu',
    alpha: 3,
    name: 'evil',
    seed: 99,
    useBias: false,
    kernelRegularizer: { l2: 1 },
    l1: 1,
    clipNorm: 0.001,
    clipValue: 0.001,
    learningRate: 3,
    momentum: 0.5,
    weightDecay: 1,
    epsilon: 5,
    warmup: 5,
    sampleWeight: [1],
    batchSize: 3,
    metrics: ['r2'],
    networkOnly: true,
  };
  test.each(Object.entries(properties))('%s', (name, value) => {
    for (const enumerable of [false, true])
      expect(polluted(Object.prototype, name, value, enumerable, trained) === expected, `${enumerable}`).toBe(true);
  });
});

describe('options', () => {
  const typo = { units: 3, activaton: 'relu' };
  class Options {
    get units() {
      return 3;
    }
  }
  test.each([
    ['inherited', Object.create(typo)],
    ['inherited from what has no prototype', Object.create(Object.assign(Object.create(null), typo))],
    ['getters of a class', new Options()],
  ])('%s are refused', (_, given) => {
    expect(() => dense(given)).toThrow(/^dense: expected a plain object with options, got an? \w+$/);
  });

  test('a hidden property is checked and read like any other', () => {
    const hidden = (name: string) => Object.defineProperty({ units: 3 }, name, { value: 'relu' }) as { units: number };
    expect(() => dense(hidden('activaton'))).toThrow('did you mean activation?');
    expect(dense(hidden('activation')).activation).toBe('relu');
  });

  test('of no prototype, and of another realm', () => {
    expect(dense(Object.assign(Object.create(null), { units: 3 }))).toEqual(dense({ units: 3 }));
    expect(dense(runInNewContext('({ units: 3 })'))).toEqual(dense({ units: 3 }));
  });

  test('a getter is called once', () => {
    let calls = 0;
    const layer = dense({
      units: 1,
      get activation() {
        calls++;
        return calls > 1 ? 'tanh' : 'relu';
      },
    });
    expect([layer.activation, layer.kernelInitializer, calls]).toEqual(['relu', 'heUniform', 1]);
  });
});

test('an error whose name the prototype does not let be assigned', () => {
  const before = Object.getOwnPropertyDescriptor(Error.prototype, 'name') as PropertyDescriptor;
  Object.defineProperty(Error.prototype, 'name', { writable: false });
  try {
    expect(() => dense({ units: 0 })).toThrow(SimdenseError);
  } finally {
    Object.defineProperty(Error.prototype, 'name', before);
  }
  const error = new SimdenseError('DATA', 'x');
  expect([error.name, Object.keys(error)]).toEqual(['SimdenseError [DATA]', ['code']]);
});

describe('typed arrays that say something else', () => {
  const model = sequential({ inputs: 2, layers: [activation('linear')] });
  const { buffer } = new Float32Array(9).fill(7);
  const lies = { byteOffset: 8, buffer, length: 4, byteLength: 0 };
  for (const [name, value] of Object.entries(lies)) {
    class Z extends Float32Array {}
    Object.defineProperty(Z.prototype, name, { get: () => value });
    const own = Object.defineProperty(Float32Array.of(1, 2), name, { value });
    test.each([
      ['of a class', Z.of(1, 2)],
      ['of its own', own],
    ])(`${name} %s`, (_, floats) => {
      const weights = new Map([
        ['dense/kernel', { shape: [2, 1], data: floats }],
        ['dense/bias', { shape: [1], data: Float32Array.of(0) }],
      ]);
      expect(model.predict(floats).toArrays()).toEqual([[1, 2]]);
      expect(model.predict([floats]).toArrays()).toEqual([[1, 2]]);
      expect(new Matrix(floats, 2).toArrays()).toEqual([[1, 2]]);
      expect(() => new Matrix(floats, 4)).toThrow('Matrix(data): 2 numbers do not fill rows of 4 columns');
      using other = sequential({ inputs: 2, layers: [dense({ units: 1 })] });
      other.setWeights(weights);
      expect(other.predict([[1, 10]]).toArrays()).toEqual([[21]]);
    });
  }

  test('a file', () => {
    const bytes = model.save();
    class Z extends Uint8Array {
      override get byteOffset() {
        return 8;
      }
    }
    expect(loadModel(Z.from(bytes)).inputs).toBe(2);
  });

  test('bytes that are gone, and say that they are there', () => {
    class Z extends Float32Array {
      override get byteLength() {
        return 8;
      }
    }
    const floats = Z.of(1, 2);
    structuredClone(floats.buffer, { transfer: [floats.buffer] });
    expect(isGone(floats)).toBe(true);
    expect(() => model.predict(floats)).toThrow(SimdenseError);
  });
});
