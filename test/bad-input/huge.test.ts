// Sizes that no memory can hold are refused before any is allocated. Caller's code that runs while rows are read cannot disturb the training run.
import { describe, expect, test } from 'vitest';
import { parseCsv } from '../../src/data/csv.js';
import { bootstrap, holdOut, kFold, oneHot } from '../../src/data/index.js';
import { findLearningRate } from '../../src/diagnose/index.js';
import { bagging, bootstrapScore, calibration, crossValidate, search } from '../../src/evaluate/index.js';
import { dense, Matrix, sequential } from '../../src/index.js';
import { any, checkMessages, missing } from './check.js';
import { metrics } from './names.js';

const x = new Matrix([1, 2, 3, 4], 2);
const p = { layers: [dense({ units: 2, activation: 'softmax' })] };
const compiled = () => sequential({ inputs: 2, layers: [dense({ units: 1 })] }).compile({ loss: 'meanSquaredError' });
const many = Array.from({ length: 2000 }, (_, i) => i);
const refused = (message: string) => `SimdenseError [ARGUMENT]: ${message}`;

function* endless() {
  for (;;) yield { train: Int32Array.of(0), test: Int32Array.of(1) };
}

describe('counts that no memory holds', () => {
  checkMessages([
    [
      () => oneHot([0, 4_000_000_000]),
      'SimdenseError [DATA]: oneHot(labels): 2 rows of 4000000001 classes are more than the 2147483647 numbers that a matrix can hold; number the classes with encodeLabels first',
    ],
    [() => kFold(2 ** 53 - 1), refused('kFold(rows): expected at most 2147483647, got 9007199254740991')],
    [() => holdOut(2 ** 40), refused('holdOut(rows): expected at most 2147483647, got 1099511627776')],
    [() => bootstrap(2 ** 40), refused('bootstrap(rows): expected at most 2147483647, got 1099511627776')],
    [
      () => bagging(p, x, [0, 1], { members: 2 ** 40 }),
      refused('bagging(members): expected at most 100000, got 1099511627776'),
    ],
    [
      () => search({ space: { a: [1] }, pipeline: () => p, x, y: [0, 1], trials: 2 ** 40 }),
      refused('search(trials): expected at most 1000000, got 1099511627776'),
    ],
    [
      () => search({ space: { a: many, b: many }, pipeline: () => p, x, y: [0, 1], strategy: 'grid' }),
      refused(
        "search(space): a grid of 4000000 points has more than the allowed 1000000; leave values out, or use strategy: 'random'",
      ),
    ],
    [
      () => kFold(4, { folds: 2, repeats: 1e15 }),
      refused('kFold(repeats): expected at most 100000, got 1000000000000000'),
    ],
    [() => holdOut(4, { repeats: 1e15 }), refused('holdOut(repeats): expected at most 100000, got 1000000000000000')],
    [
      () => bootstrap(4, { repeats: 1e15 }),
      refused('bootstrap(repeats): expected at most 100000, got 1000000000000000'),
    ],
    [
      () => bootstrapScore(p, x, [0, 1], { repeats: 1e15 }),
      refused('bootstrapScore(repeats): expected at most 100000, got 1000000000000000'),
    ],
    [() => crossValidate(p, x, [0, 1], endless()), refused('crossValidate(splits): expected at most 100000 splits')],
    [
      () => calibration([0], new Matrix([0.5, 0.5], 2), [0, 1], 1e9),
      refused('calibration(bins): expected at most 100000, got 1000000000'),
    ],
    [
      () => findLearningRate(compiled(), x, [0, 1], { steps: 1e15 }),
      refused('findLearningRate(steps): expected at most 100000, got 1000000000000000'),
    ],
    // An array of holes is refused at the first: going through all of them takes long.
    [() => Matrix.from(new Array(2e8)), refused('Matrix.from: row 0 is undefined, expected numbers')],
    [
      () => new Matrix(new Array(2e8), 2),
      `SimdenseError [DATA]: Matrix(data) is undefined in row 0, column 0${missing}`,
    ],
    [
      () => Matrix.from(any([[1, 2], ...new Array(1), ...[[3, 4]]])),
      refused('Matrix.from: row 1 is undefined, expected numbers'),
    ],
    [
      () => compiled().fit(new Array(2e8), [1]),
      `SimdenseError [DATA]: fit: x is undefined in row 0, column 0${missing}`,
    ],
    [
      () => compiled().predict(new Array(2e8)),
      `SimdenseError [DATA]: predict: x is undefined in row 0, column 0${missing}`,
    ],
    [
      () => compiled().fit(x, [0, 1], { augment: new Array(2e8) }),
      refused('fit(augment): expected at most 32 augmentations, got an array of 200000000'),
    ],
    [
      () => compiled().compile({ loss: 'meanSquaredError', metrics: new Array(2e8) }),
      refused(`compile(metrics[0]): expected one of ${metrics}, got undefined`),
    ],
    [
      () => sequential({ inputs: 2, layers: any(new Array(3)) }),
      refused(
        'sequential(layers[0]): expected a layer such as dense({ units: 10 }), its type one of dense, activation, rescaling, batchNormalization, layerNormalization, prelu, dropout, gaussianNoise, got undefined',
      ),
    ],
    ...[
      ['"', '"""'],
      ['\n', '"\\u000a"'],
      ['', '""'],
    ].map(([delimiter = '', shown]): [() => unknown, string] => [
      () => parseCsv('a,b\n1,2\n', { delimiter }),
      refused(
        `parseCsv(delimiter): expected the text between two cells, such as ';', without quotes or line ends, got ${shown}`,
      ),
    ]),
  ]);
});

describe('a getter that changes the rows while they are read', () => {
  const model = compiled();
  const zeroAfter = (cells: ArrayLike<number>, at: number, change: () => unknown) =>
    Object.defineProperty(cells, at, {
      get() {
        change();
        return 0;
      },
    });
  const changing = (change: (rows: number[][]) => unknown): number[][] => {
    const rows = [
      [0, 0],
      [5, 5],
    ];
    zeroAfter(rows[0] as number[], 0, () => change(rows));
    return rows;
  };
  const ragged = 'SimdenseError [SHAPE]: predict: x: row 1 has 1 numbers, row 0 has 2';
  const gone = 'SimdenseError [ARGUMENT]: predict: x: row 1 is undefined, expected numbers';

  checkMessages([
    [() => model.predict(changing((rows) => rows[1]?.pop())), ragged],
    [() => model.predict(changing((rows) => rows.pop())), gone],
    [
      () => model.predict(changing((rows) => rows[0]?.pop())),
      `SimdenseError [DATA]: predict: x is undefined in row 0, column 1${missing}`,
    ],
  ]);

  test('its numbers of flat ones, too', () => {
    const flat = [1, 2, 3, 4];
    zeroAfter(flat, 1, () => flat.splice(2));
    expect(() => new Matrix(flat, 2)).toThrow('Matrix(data) is undefined in row 1, column 0');
  });

  test('a typed row whose buffer goes', () => {
    const typed = Float32Array.of(5, 5);
    const first = [0, 0];
    zeroAfter(first, 0, () => typed.length > 0 && structuredClone(0, { transfer: [typed.buffer] }));
    expect(() => model.predict([first, typed])).toThrow('predict: x: row 1 has 0 numbers, row 0 has 2');
  });

  test('rows that grow are read as they were', () => {
    expect(model.predict(changing((rows) => rows.push([7, 7]))).data).toEqual(
      model.predict([
        [0, 0],
        [5, 5],
      ]).data,
    );
  });
});

describe('a getter that runs while rows are read', () => {
  const built = () =>
    sequential({ inputs: 2, layers: [dense({ units: 1 })] }).compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  const reading = (then: () => undefined): number[][] => {
    const rows = [
      [1, 2],
      [3, 4],
    ];
    Object.defineProperty(rows[1], 0, { enumerable: true, get: () => then() ?? 3 });
    return rows;
  };

  test('disposes the model', async () => {
    const model = built();
    await expect(
      model.fit(
        reading(() => void model.dispose()),
        [[1], [2]],
      ),
    ).rejects.toThrow(/disposed/);
    const other = built();
    expect(() =>
      other.trainOnBatch(
        reading(() => void other.dispose()),
        [[1], [2]],
      ),
    ).toThrow(/disposed/);
  });

  test('compiles it anew', async () => {
    const model = built();
    const anew = () => void model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
    await expect(model.fit(reading(anew), [[1], [2]])).rejects.toMatchObject({ code: 'BUSY' });
    expect(() => model.trainOnBatch(reading(anew), [[1], [2]])).toThrow(/compiled anew/);
    await model.fit(
      [
        [1, 2],
        [3, 4],
      ],
      [[1], [2]],
      { epochs: 1 },
    );
  });

  test('begins another fit', async () => {
    const model = built();
    let inner: Promise<unknown> | undefined;
    const outer = model.fit(
      reading(() => {
        inner ??= model.fit([[1, 2]], [[1]], { epochs: 2 });
        return undefined;
      }),
      [[1], [2]],
    );
    await expect(outer).rejects.toMatchObject({ code: 'BUSY' });
    await inner;
    expect(model.trainedEpochs).toBe(2);
  });
});
