// Functions that judge predictions refuse invalid labels and predictions, and splits that would make the figures too good.
import { describe, expect, test } from 'vitest';
import { Matrix, scalerFromJson } from '../../src/data/index.js';
import { calibration, classFigures, confusionMatrix, crossValidate } from '../../src/evaluate/index.js';
import { dense } from '../../src/index.js';
import { checkMessages } from '../bad-input/check.js';

const figures = (counts: number[][]) => classFigures({ labels: counts.map(String), counts });
const calibrated = (data: number[]) => calibration([0, 1], new Matrix(data, 2), [0, 1]);
const p = { layers: [dense({ units: 2, activation: 'relu' })], fit: { epochs: 1 } };
const x = Array.from({ length: 8 }, (_, i) => [i]);
const y = x.map((_, i) => i % 2);
const split = (train: number[], test: number[]) => [{ train: Int32Array.from(train), test: Int32Array.from(test) }];

describe('refuses', () => {
  const counts = 'SimdenseError [ARGUMENT]: classFigures(confusion)';
  const shares = 'SimdenseError [DATA]: calibration(probabilities)';
  checkMessages([
    [
      () => confusionMatrix([1], [1], [1, 1]),
      'SimdenseError [ARGUMENT]: confusionMatrix(classes): expected each class once, got 1 twice',
    ],
    [
      () => calibration([1], new Matrix([0.5, 0.5], 2), ['a', 'a']),
      'SimdenseError [ARGUMENT]: calibration(classes): expected each class once, got "a" twice',
    ],
    [() => figures([[-1]]), `${counts}.counts[0][0]: expected a number from 0 up, got -1`],
    [
      () =>
        figures([
          [1, 0],
          [0, Number.NaN],
        ]),
      `${counts}.counts[1][1]: expected a number from 0 up, got NaN`,
    ],
    [() => calibrated([5, 0.5, 0.3, 0.7]), `${shares}: 5 in row 0, column 0, expected 0 to 1`],
    [() => calibrated([0.5, 0.5, -0.5, 0.7]), `${shares}: -0.5 in row 1, column 0, expected 0 to 1`],
    [
      () => crossValidate(p, x, y, split([0, 1, 2, 3], [4, 3])),
      'SimdenseError [ARGUMENT]: crossValidate(splits[0]): row 3 is in both train and test, which would make the figures too good; remove it from one',
    ],
    [
      () => scalerFromJson({ type: 'standard', center: new Array(1), scale: [1] }),
      'SimdenseError [FORMAT]: scalerFromJson(data): expected what toJSON gave',
    ],
  ]);
});

test('a row may be drawn several times to train on', async () => {
  expect((await crossValidate(p, x, y, split([0, 0, 1, 1, 2], [6, 7, 7]))).accuracy?.values).toHaveLength(1);
});
