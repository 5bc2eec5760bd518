// The checks that all descriptions and options share.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { atLeastZero, finiteNumber, fraction, oneOf, options, positiveNumber, show } from '../../src/base/checks.js';
import { didYouMean } from '../../src/base/did-you-mean.js';
import { jitter } from '../../src/data/index.js';
import { adam, batchNormalization, dense, dropout, gaussianNoise, rescaling, sgd } from '../../src/index.js';

describe('first-contact row 9: what float32 cannot hold', () => {
  test.each<[string, () => unknown]>([
    ['constant', () => dense({ units: 1, kernelInitializer: { type: 'constant', value: 1e300 } })],
    ['uniform', () => dense({ units: 1, kernelInitializer: { type: 'randomUniform', min: -1e39, max: 0 } })],
    ['normal', () => dense({ units: 1, biasInitializer: { type: 'randomNormal', stddev: 1e39 } })],
    ['mean', () => dense({ units: 1, biasInitializer: { type: 'randomNormal', mean: -1e39, stddev: 1 } })],
    ['stddev of nothing', () => dense({ units: 1, biasInitializer: { type: 'randomNormal', stddev: 1e-50 } })],
    ['regularizer', () => dense({ units: 1, kernelRegularizer: { l1: 1e39 } })],
    ['scale', () => rescaling({ scale: 1e39 })],
    ['offset', () => rescaling({ scale: 1, offset: -1e39 })],
    ['slope', () => dense({ units: 1, activation: { type: 'leakyRelu', slope: 1e39 } })],
    ['noise', () => gaussianNoise({ stddev: 1e39 })],
    ['jitter', () => jitter({ stddev: 1e39 })],
    ['rate', () => dropout({ rate: 1 - 1e-12 })],
    ['momentum', () => sgd({ momentum: 1 - 1e-12 })],
    ['clipNorm', () => sgd({ clipNorm: 1e39 })],
    ['clipValue', () => sgd({ clipValue: 1e-50 })],
    ['epsilon', () => adam({ epsilon: 1e-60 })],
    ['epsilon of a layer', () => batchNormalization({ epsilon: 1e-60 })],
    ['learning rate', () => adam({ learningRate: 1e39 })],
  ])('%s', (_, call) => {
    expect(call).toThrow(/in float32, got .*, which float32 rounds to -?(Infinity|0|1);/);
  });

  test('a number passes exactly where it and its float32 pass', () => {
    const rules: [(where: string, value: unknown) => number, (n: number) => boolean][] = [
      [finiteNumber, () => true],
      [positiveNumber, (n) => n > 0],
      [atLeastZero, (n) => n >= 0],
      [fraction, (n) => n >= 0 && n < 1],
    ];
    const float32 = new Float32Array(1);
    fc.assert(
      fc.property(fc.double(), (value) => {
        float32[0] = value;
        for (const [check, passes] of rules) {
          const right = [value, float32[0]].every((n) => Number.isFinite(n) && passes(n));
          if (right) expect(check('x', value)).toBe(value);
          else expect(() => check('x', value)).toThrow(/^x: expected a/);
        }
      }),
    );
  });
});

describe('first-contact row 46: did you mean', () => {
  const losses = ['meanSquaredError', 'meanAbsoluteError', 'huber', 'categoricalCrossentropy'];
  const aliases = { meanSquaredError: 'mse', categoricalCrossentropy: 'sparsecategoricalcrossentropy' };

  test.each([
    ['mse', 'meanSquaredError'],
    ['MSE', 'meanSquaredError'],
    ['SparseCategoricalCrossentropy', 'categoricalCrossentropy'],
    ['mean_squared_error', 'meanSquaredError'],
    ['meanSqaredEror', 'meanSquaredError'],
    ['hubre', 'huber'],
  ])('%s is %s', (given, meant) => {
    expect(didYouMean(given, losses, aliases)).toBe(`; did you mean ${meant}?`);
    expect(() => oneOf('loss', given, losses, aliases)).toThrow(
      `loss: expected one of ${losses.join(', ')}, got "${given}"; did you mean ${meant}?`,
    );
  });

  test.each(['', 'x', 'hinge', 'q'.repeat(1e6), 7, undefined, 'constructor'])('nothing is near %s', (given) => {
    expect(didYouMean(given, losses, aliases)).toBe('');
  });

  test('a choice that every object has a property of', () => {
    for (const choice of ['toString', 'constructor', '__proto__'])
      expect(didYouMean('nothing', [choice], aliases)).toBe('');
  });

  test('the compiler compares a list of options with their type', () => {
    interface Options {
      epochs?: number;
      batchSize?: number;
    }
    const given: Options = { epochs: 3 };
    expect(options('fit', given, ['epochs', 'batchSize'])).toEqual(given);
    // @ts-expect-error batchSize is missing.
    expect(options('fit', given, ['epochs'])).toEqual(given);
    // @ts-expect-error The type has no patience.
    expect(options('fit', given, ['epochs', 'batchSize', 'patience'])).toEqual(given);
  });

  test('unknown options are suggested too', () => {
    expect(() =>
      options<{ epochs?: number; batchSize?: number }, string[]>('fit', { epoch: 3 } as object, [
        'epochs',
        'batchSize',
      ]),
    ).toThrow('fit: unknown option "epoch"; known are epochs, batchSize; did you mean epochs?');
  });
});

describe('what a value is shown as', () => {
  const revoked = (target: object): unknown => {
    const { proxy, revoke } = Proxy.revocable(target, {});
    revoke();
    return proxy;
  };

  test.each([
    ['a revoked Proxy', revoked({}), 'an object'],
    ['one of an array', revoked([]), 'an object'],
    ['one of a function', revoked(() => {}), 'a function'],
    [
      'a constructor that throws',
      Object.defineProperty({}, 'constructor', {
        get() {
          throw new Error('from the getter');
        },
      }),
      'an object',
    ],
    ['no prototype', Object.create(null), 'an object'],
    ['no class', {}, 'an Object'],
    ['a class', new Map(), 'a Map'],
    ['a list', [1, 2], 'an array of 2'],
  ])('%s', (_, value, shown) => {
    expect(show(value)).toBe(shown);
  });
});
