// Pipelines on a table: one way for training, evaluating and predicting, from tables and from objects, with the same bits everywhere.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { kFold } from '../../src/data/index.js';
import { crossValidate, fitPipeline, loadPipeline, type Pipeline } from '../../src/evaluate/index.js';
import { adam, dense } from '../../src/index.js';
import { loadPredictor } from '../../src/predict/index.js';
import { readTable } from '../../src/table/index.js';
import { rows, species } from '../helpers/penguins.js';

const penguins = await readTable(rows);
const pipeline: Pipeline = {
  layers: [dense({ units: 8, activation: 'relu' })],
  optimizer: adam({ learningRate: 0.02 }),
  fit: { epochs: 30 },
};
const bits = (data: ArrayLike<number>): Uint32Array => new Uint32Array(Float32Array.from(data).buffer);

describe('a fitted pipeline', () => {
  test('learns classes, and says what it reads', async () => {
    using fitted = await fitPipeline(pipeline, penguins, 'species', { seed: 1 });
    expect(fitted.classes).toEqual(species);
    expect(fitted.target).toBe('species');
    expect(fitted.columns).toEqual(['island', 'bill', 'mass', 'male', 'ringed']);
    expect(fitted.why).toBe('the labels are texts');
    expect(fitted.evaluate(penguins)['accuracy']).toBeGreaterThan(0.9);
    // The targets of a table, or labels of the caller's.
    expect(
      fitted.evaluate(
        penguins,
        rows.map((row) => row.species),
      ),
    ).toEqual(fitted.evaluate(penguins));
  });

  test('predicts a table and objects alike, saved, loaded, and by simdense/predict', async () => {
    using fitted = await fitPipeline(pipeline, penguins, 'species', { seed: 1 });
    const expected = bits(fitted.predictProbabilities(penguins).data);
    expect(bits(fitted.predictProbabilities(rows).data)).toEqual(expected);
    const file = fitted.save();
    using loaded = loadPipeline(file);
    expect(bits(loaded.predictProbabilities(penguins).data)).toEqual(expected);
    expect(loaded.save()).toEqual(file);
    expect(loaded.evaluate(penguins)).toEqual(fitted.evaluate(penguins));
    using predictor = loadPredictor(file);
    expect(predictor.columns).toEqual(fitted.columns);
    expect(predictor.inputs).toBe(fitted.encoder?.features.length);
    expect(bits(predictor.predict(penguins).data)).toEqual(expected);
    expect(bits(predictor.predict(rows).data)).toEqual(expected);
    expect(predictor.predictLabels([{ ...rows[0], other: 7 }])).toEqual(fitted.predict(rows.slice(0, 1)));
  });

  test('learns numbers, with the target scaled', async () => {
    using fitted = await fitPipeline({ ...pipeline, fit: { epochs: 60 } }, penguins, 'mass', { seed: 1 });
    expect(fitted.pipeline.task).toBe('regression');
    expect(fitted.evaluate(penguins)['r2']).toBeGreaterThan(0.8);
    using loaded = loadPipeline(fitted.save());
    expect(loaded.predict(rows)).toEqual(fitted.predict(penguins));
  });

  test('the encoder is fitted on the training rows alone', async () => {
    const half = Int32Array.from({ length: 45 }, (_, i) => i);
    using part = await fitPipeline(pipeline, penguins.select(half), 'species', { seed: 1 });
    const job = [{ train: half, test: Int32Array.of(60, 61) }];
    const changed = await readTable(rows.map((row, i) => (i < 45 ? row : { ...row, mass: 1e6, island: 'Elsewhere' })));
    const scores = await crossValidate(pipeline, changed, 'species', job, { seed: 1 });
    expect(Object.keys(scores)).toEqual(['loss', 'accuracy']);
    // Nothing of the other rows has reached it: no such island, and the same scale.
    expect(part.encoder?.features).not.toContain('island=Elsewhere');
    const validated = await fitPipeline({ ...pipeline, fit: { epochs: 1, validationSplit: 0.5 } }, changed, 'species');
    expect(validated.history.epochs[0]).toHaveProperty('valLoss');
    validated.dispose();
  });

  test('encode and scale say how columns are encoded', async () => {
    using fitted = await fitPipeline(
      {
        ...pipeline,
        scale: 'standard',
        encode: { ignore: ['ringed'], columns: { island: { minFrequency: 40 } }, keepConstant: true },
      },
      penguins,
      'species',
    );
    expect(fitted.columns).toEqual(['island', 'bill', 'mass', 'male']);
    expect(fitted.encoder?.features).toContain('island=(rare)');
    using loaded = loadPipeline(fitted.save());
    expect(loaded.pipeline.encode).toEqual(fitted.pipeline.encode);
  });

  test('goes on learning from a table', async () => {
    using fitted = await fitPipeline(pipeline, penguins, 'species', { seed: 1 });
    const before = fitted.evaluate(penguins)['loss'] as number;
    for (let i = 0; i < 20; i++) fitted.trainOnBatch(penguins);
    expect(fitted.evaluate(penguins)['loss']).toBeLessThan(before);
  });
});

describe('several targets', () => {
  const words = ['a', 'b', 'c'];
  const several = rows.map((row, i) => ({
    bill: row.bill,
    mass: row.mass,
    tags: words.filter((_, t) => i % 3 >= t).join('; '),
    heavy: Number(row.mass > 4000),
    early: Number(i % 3 === 0),
  }));

  test('several columns of numbers', async () => {
    const table = (await readTable(several)).known('bill');
    using fitted = await fitPipeline({ ...pipeline, encode: { ignore: ['tags'] } }, table, ['bill', 'mass']);
    expect(fitted.pipeline.task).toBe('regression');
    expect(fitted.predictProbabilities(several).columns).toBe(2);
    expect(fitted.target).toBeUndefined();
    using loaded = loadPipeline(fitted.save());
    expect(loaded.evaluate(table)).toEqual(fitted.evaluate(table));
  });

  test('several columns of 0 and 1 are labels of their own', async () => {
    const table = await readTable(several);
    using fitted = await fitPipeline({ ...pipeline, encode: { ignore: ['tags'] } }, table, ['heavy', 'early']);
    expect([fitted.pipeline.task, fitted.pipeline.loss]).toEqual(['multilabel', 'binaryCrossentropy']);
    expect(fitted.evaluate(table)['accuracy']).toBeGreaterThan(0.6);
    await expect(fitPipeline({ ...pipeline, task: 'classification' }, table, ['heavy', 'early'])).rejects.toThrow(
      "fitPipeline(task): expected 'multilabel' for targets of several labels",
    );
  });

  test('a list in a cell', async () => {
    const table = await readTable(several, { kinds: { tags: 'category' } });
    using fitted = await fitPipeline({ ...pipeline, separator: ';' }, table, 'tags');
    expect(fitted.pipeline.task).toBe('multilabel');
    expect(fitted.predictProbabilities(several).columns).toBe(3);
    using loaded = loadPipeline(fitted.save());
    expect(loaded.evaluate(table)).toEqual(fitted.evaluate(table));
  });
});

describe('what is refused', () => {
  const refused = async (call: () => unknown, message: string): Promise<void> => {
    await expect(async () => call()).rejects.toThrow(message);
  };

  test('names and rows that are not there', async () => {
    await refused(() => fitPipeline(pipeline, penguins, 'specis'), 'the table has no column "specis"; did you mean');
    await refused(
      () => fitPipeline(pipeline, penguins, 7 as never),
      "expected the name of the table's column to predict",
    );
    await refused(
      () => fitPipeline(pipeline, penguins, 'bill'),
      'fitPipeline: row 0 and 6 more of the table has no "bill" to learn from; leave such rows out with table.known("bill")',
    );
    await refused(() => fitPipeline(pipeline, [[1], [2]], 'a'), 'a name only with a Table');
    await refused(
      () => fitPipeline({ ...pipeline, encode: {} }, [[1], [2]], [1, 2]),
      'is about the columns of a Table',
    );
    await refused(
      () => fitPipeline(pipeline, penguins, 'species', { columns: ['a'] }),
      'fitPipeline(columns): the table has names already; leave it out',
    );
  });

  test('rows of another form than those that it was fitted on', async () => {
    using ofTable = await fitPipeline({ ...pipeline, fit: { epochs: 1 } }, penguins, 'species');
    using ofNumbers = await fitPipeline(
      { ...pipeline, fit: { epochs: 1 } },
      [[1], [2], [3], [4]],
      ['a', 'b', 'a', 'b'],
    );
    await refused(
      () => ofTable.predict([[1, 2]]),
      'predict: x: expected a Table, or an array of objects such as { "island": … }',
    );
    await refused(() => ofTable.evaluate(rows), 'evaluate: y: expected a label or targets for each row');
    await refused(() => ofNumbers.predict(penguins), 'predict: x: expected rows of numbers');
    await refused(() => ofNumbers.predict([{ a: 1 }]), 'predict: x: expected rows of numbers');
    using predictor = loadPredictor(ofTable.save());
    await refused(() => predictor.predict([[1, 2]]), 'predict: x: expected a Table, or an array of objects');
    await refused(
      () => predictor.predict([{ island: 'Dream' }]),
      'predict: row 0 has no "mass"; null says that it is not known',
    );
    await refused(
      () => predictor.predictLabels([{ ...rows[0], mass: 'heavy' }]),
      'predictLabels: row 0, column "mass" is "heavy", expected a number',
    );
  });
});

test('the same bits from any table and its rows as objects', async () => {
  const cell = fc.record({
    a: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
    b: fc.option(fc.constantFrom('x', 'y', 'z')),
    c: fc.option(fc.boolean()),
  });
  const fitted = await fitPipeline(
    { ...pipeline, fit: { epochs: 1 } },
    await readTable(
      Array.from({ length: 12 }, (_, i) => ({ a: i, b: 'xyz'[i % 3], c: i % 2 === 0, y: i % 4 < 2 ? 'no' : 'yes' })),
      { kinds: { a: 'number', b: 'category', c: 'boolean', y: 'category' } },
    ),
    'y',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(cell, { minLength: 1, maxLength: 20 }), async (some) => {
      const table = await readTable(some, { kinds: { a: 'number', b: 'category', c: 'boolean' } });
      expect(bits(fitted.predictProbabilities(table).data)).toEqual(bits(fitted.predictProbabilities(some).data));
    }),
  );
  fitted.dispose();
});

describe('what is asked for decides', () => {
  const two = rows.filter((row) => row.species !== species[2]);
  const [first, second] = species as [string, string];

  test.each([first, second])('precision and recall are those of the positive class, %s', async (positive) => {
    const table = await readTable(two);
    const asked: Pipeline = { ...pipeline, fit: { epochs: 1 }, metrics: ['precision', 'recall'], positive };
    using fitted = await fitPipeline(asked, table, 'species', { seed: 1 });
    expect(fitted.classes?.at(-1)).toBe(positive);
    const predicted = fitted.predict(table);
    const [hits, found, all] = [
      predicted.filter((label, i) => label === positive && two[i]?.species === positive).length,
      predicted.filter((label) => label === positive).length,
      two.filter((row) => row.species === positive).length,
    ];
    const { precision, recall } = fitted.evaluate(table) as { precision: number; recall: number };
    expect(precision).toBeCloseTo(hits / found, 6);
    expect(recall).toBeCloseTo(hits / all, 6);
    using loaded = loadPipeline(fitted.save());
    expect(loaded.classes).toEqual(fitted.classes);
    expect(loaded.predict(table)).toEqual(predicted);
    expect(Object.isFrozen(fitted.classes) && Object.isFrozen(fitted.columns)).toBe(true);
  });

  test('a positive class that is none of two is refused', async () => {
    const table = await readTable(two);
    const wrong = { ...pipeline, positive: 'nobody' };
    await expect(fitPipeline(wrong, table, 'species')).rejects.toThrow(
      `fitPipeline(positive): expected one of the classes "${first}", "${second}", got "nobody"`,
    );
    await expect(fitPipeline(wrong, penguins, 'species')).rejects.toThrow('is about two classes, and there are 3');
    await expect(fitPipeline(wrong, penguins, 'mass')).rejects.toThrow('is about two classes, and these are none');
    await expect(fitPipeline({ ...pipeline, positive: true as never }, table, 'species')).rejects.toThrow(
      'fitPipeline(positive): expected the label of a class, got true',
    );
  });

  test.each<[string, Partial<Pipeline>]>([
    ['r2', { metrics: ['r2'] }],
    ['huber', { loss: 'huber' }],
    ['targetScale', { targetScale: 'robust' }],
  ])('%s makes a regression of years that repeat', async (name, asked) => {
    const years = Array.from({ length: 100 }, (_, i) => ({ x: i, year: 2000 + (i % 10) }));
    const table = await readTable(years);
    using classes = await fitPipeline({ ...pipeline, fit: { epochs: 1 } }, table, 'year');
    expect(classes.pipeline.task).toBe('classification');
    using numbers = await fitPipeline({ ...pipeline, ...asked, fit: { epochs: 1 } }, table, 'year');
    expect([numbers.pipeline.task, numbers.why]).toEqual(['regression', `${name} is asked for, which is for numbers`]);
  });
});

test.each([1e9, 1e-300])('a target around %d that float32 blurs is refused, of a table too', async (around) => {
  const blurred = rows.map((row, i) => ({ ...row, mass: around * (1 + 1e-9 * Math.sin(i)), other: i % 7 }));
  const table = await readTable(blurred);
  const message = /^fitPipeline: column "mass" ranges from .*; subtract a constant first, such as /;
  await expect(fitPipeline(pipeline, table, 'mass')).rejects.toThrow(message);
  await expect(fitPipeline(pipeline, table, ['other', 'mass'])).rejects.toThrow(message);
});

test.each([1e13, 1e14, 1e15, -1e15])(
  'whole numbers from %d on are told apart before they are called constant',
  async (from) => {
    const counted = rows.map((row, i) => ({ ...row, mass: from + 3 * i }));
    const message =
      /ranges from -?\d+ to -?\d+, and float32 rounds its numbers by up to \d+(\.\d+)?; subtract a constant first/;
    const numbers = { ...pipeline, task: 'regression' } as const;
    await expect(fitPipeline(numbers, await readTable(counted), 'mass')).rejects.toThrow(message);
    const x = counted.map((_, i) => [i]);
    const masses = counted.map(({ mass }) => mass);
    await expect(fitPipeline(numbers, x, masses)).rejects.toThrow(message);
  },
);

test.each([1e200, -1e300, 1e39])('one target of %d: the others cannot be told apart', async (far) => {
  const off = rows.map((row, i) => ({ ...row, mass: i === 3 ? far : row.mass }));
  await expect(
    fitPipeline({ ...pipeline, task: 'regression' }, (await readTable(off)).known('mass'), 'mass'),
  ).rejects.toThrow(
    /float32 holds up to 3\.4e38: beside a value that is so far off the others cannot be told apart; check it, or divide the column by a constant/,
  );
});

describe('what predictions are called', () => {
  const several = rows.map((row, i) => ({
    ...row,
    tags: i % 2 ? 'a;b' : 'b',
    flag: i % 3 === 0 ? 1 : 0,
    other: i % 2,
  }));

  test.each<[string, string | string[], Partial<Pipeline>, (string | number)[]]>([
    ['classes', 'species', {}, species as string[]],
    ['a number', 'mass', {}, ['mass']],
    ['several numbers', ['mass', 'bill'], {}, ['mass', 'bill']],
    ['several labels in columns', ['other', 'flag'], {}, ['other', 'flag']],
    ['several labels in a cell', 'tags', { separator: ';' }, ['a', 'b']],
  ])('%s', async (_, target, more, names) => {
    const table = (await readTable(several)).known(target);
    using fitted = await fitPipeline({ ...pipeline, ...more, fit: { epochs: 1 } }, table, target);
    expect(fitted.outputNames).toEqual(names);
    expect(fitted.predictProbabilities(table).columns).toBe(names.length);
    const file = fitted.save();
    using loaded = loadPipeline(file);
    using predictor = loadPredictor(file);
    expect([loaded.outputNames, predictor.outputNames]).toEqual([names, names]);
    expect(fitted.evaluate(table, target as string)).toEqual(fitted.evaluate(table));
  });

  test('numbers without names have none', async () => {
    using fitted = await fitPipeline({ layers: [], fit: { epochs: 1 } }, [[1], [2], [3]], [1.5, 2.5, 3]);
    expect(fitted.outputNames).toBeUndefined();
    using named = await fitPipeline({ layers: [], fit: { epochs: 1 } }, [[1], [2], [3]], [1.5, 2.5, 3], {
      target: 'y',
    });
    expect(named.outputNames).toEqual(['y']);
  });
});

test('what the caller does with his pipeline afterwards changes nothing', async () => {
  const own = { layers: [dense({ units: 4, activation: 'relu' })], fit: { epochs: 5 } } satisfies Pipeline;
  const change = () => {
    own.fit.epochs = 1;
    own.layers.length = 0;
  };
  const running = fitPipeline(own, penguins, 'species');
  change();
  using fitted = await running;
  expect([fitted.history.epochs.length, fitted.pipeline.layers.length]).toEqual([5, 2]);
  own.layers.push(dense({ units: 4, activation: 'relu' }));
  own.fit.epochs = 5;
  const splits = [...kFold(penguins.rows, { folds: 3 })];
  const expected = await crossValidate(own, penguins, 'species', splits);
  const judged = crossValidate(own, penguins, 'species', splits);
  change();
  expect(await judged).toEqual(expected);
});

describe('a table that was read in another way than the one that was learnt from', () => {
  const ambiguous = (write: (i: number) => string) =>
    `when;m\n${Array.from({ length: 300 }, (_, i) => `${write(i)};${1 + ((i * 5) % 12)}`).join('\n')}\n`;
  const one: Pipeline = { ...pipeline, fit: { epochs: 2 }, task: 'regression' };

  test('dates with the day or the month first', async () => {
    const dates = ambiguous((i) => `${1 + ((i * 7) % 28)}/${1 + ((i * 5) % 12)}/2001`);
    using fitted = await fitPipeline(one, await readTable(dates), 'm');
    const text = 'when,x\n1/2/2001,1\n3/2/2001,2\n';
    await expect(readTable(text).then((table) => fitted.predict(table))).rejects.toThrow(
      `predict: column "when" was not read as in training: read the table with dates: 'dmy'`,
    );
    const asked = await readTable(text, { dates: 'dmy' });
    expect(fitted.predict(asked)).toEqual(fitted.predict([{ when: '1/2/2001' }, { when: '3/2/2001' }]));
    const open = (await readTable('t,x,y\n1/2/2001,1,4\n3/2/2001,2,5\n4/5/2001,3,6\n')).known('y');
    await expect(fitPipeline(one, open, 'y', { time: 't' })).rejects.toThrow(
      `fitPipeline(time): the dates of column "t" may have the day or the month first; read the table with dates: 'dmy' or 'mdy'`,
    );
  });

  test('a decimal sign that no cell settles', async () => {
    const points = ambiguous((i) => (i / 40 + 0.0625).toFixed(4));
    using fitted = await fitPipeline(one, await readTable(points), 'm');
    const text = 'when;x\n1.234;1\n2.345;2\n';
    await expect(readTable(text).then((table) => fitted.predict(table))).rejects.toThrow(
      `predict: column "when" was not read as in training: read the table with decimal: '.'`,
    );
    const asked = await readTable(text, { decimal: '.' });
    expect(fitted.predict(asked)).toEqual(fitted.predict([{ when: '1.234' }, { when: 2.345 }]));
  });

  test('numbers where categories were learnt', async () => {
    const codes = Array.from({ length: 60 }, (_, i) => `${(i % 3) + 1}.0,${i % 3}`).join('\n');
    const kinds = { g: 'category' } as const;
    using fitted = await fitPipeline(one, await readTable(`g,y\n${codes}\n`, { kinds }), 'y');
    const later = 'g,x\n1.0,1\n2.0,5\n';
    await expect(readTable(later).then((table) => fitted.predict(table))).rejects.toThrow(
      `predict: column "g" was not read as in training: read the table with kinds: { "g": 'category' }`,
    );
    expect(fitted.predict(await readTable(later, { kinds }))).toEqual(fitted.predict([{ g: '1.0' }, { g: '2.0' }]));
  });
});

test('a record may lack a key where training rows did, unless another key is like it', async () => {
  const cards = Array.from({ length: 100 }, (_, i) => ({
    a: i % 20,
    y: i % 20 > 9 ? 'hi' : 'lo',
    ...(i % 4 ? {} : { kind: `k${i % 3}` }),
  }));
  using fitted = await fitPipeline({ ...pipeline, fit: { epochs: 2 } }, await readTable(cards), 'y');
  expect(fitted.predict([{ a: 1 }])).toEqual(fitted.predict([{ a: 1, kind: null }]));
  expect(fitted.predict(cards)).toEqual(fitted.predict(await readTable(cards)));
  expect(() => fitted.predict([{ a: 1, Kind: 'k1' }])).toThrow('row 0 has no "kind"; is it Kind?');
  expect(() => fitted.predict([{ kind: 'k1' }])).toThrow('row 0 has no "a"; null says that it is not known');
});

test('two ways to scale are refused', async () => {
  const both: Pipeline = { ...pipeline, scale: 'standard', encode: { number: { scale: 'minMax' } } };
  await expect(fitPipeline(both, penguins, 'species')).rejects.toThrow(
    'fitPipeline(scale): encode.number.scale says how numbers are scaled too; give one',
  );
});
