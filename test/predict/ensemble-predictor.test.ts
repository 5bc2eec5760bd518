// The predictor of an ensemble gives the bits of the ensemble, without the code for training.
import { expect, test } from 'vitest';
import type { Matrix } from '../../src/data/index.js';
import { packFiles, unpackFiles } from '../../src/evaluate/files.js';
import { bagging, fitPipeline, loadEnsemble, loadPipeline } from '../../src/evaluate/index.js';
import { loadEnsemblePredictor, loadPredictor } from '../../src/predict/index.js';
import { readTable } from '../../src/table/index.js';
import { rows, species } from '../helpers/penguins.js';

const penguins = await readTable(rows);
const bits = ({ data }: Matrix): Uint32Array => new Uint32Array(Float32Array.from(data).buffer);
const x = Array.from({ length: 40 }, (_, i) => [i]);

test('of a table, with a temperature', async () => {
  using plain = await fitPipeline('tabular', penguins, 'species', { seed: 2, members: 3, calibrate: false });
  const description = { version: 2, outOfBag: {}, temperature: 1.7 };
  const { files } = unpackFiles('test', plain.save());
  const file = packFiles(files, { ensemble: JSON.stringify(description) });
  using fitted = loadEnsemble(file);
  using predictor = loadEnsemblePredictor(file);
  expect([predictor.classes, predictor.outputNames, predictor.members.length]).toEqual([species, species, 3]);
  expect([predictor.columns, predictor.temperature]).toEqual([plain.members[0]?.columns, 1.7]);
  expect(bits(predictor.predict(rows, { batchSize: 7 }))).toEqual(bits(fitted.predictProbabilities(penguins)));
  expect(bits(predictor.predict(rows))).not.toEqual(bits(plain.predictProbabilities(penguins)));
  expect(predictor.predictLabels(rows)).toEqual(plain.predict(penguins));
});

test('of numbers', async () => {
  const two = x.map(([i = 0]) => (i % 8 < 4 ? 'low' : 'high'));
  for (const y of [two, x.map(([i = 0]) => i / 7), x.map(([i = 0]) => [i / 7, -i])]) {
    using fitted = await bagging({ layers: [], fit: { epochs: 3 } }, x, y, { members: 2 });
    using predictor = loadEnsemblePredictor(fitted.save());
    expect(bits(predictor.predict(x))).toEqual(bits(fitted.predictProbabilities(x)));
    if (Array.isArray(y[0]))
      expect(() => predictor.predictLabels(x)).toThrow('a row has several labels or targets; use predict');
    else expect(predictor.predictLabels(x)).toEqual(fitted.predict(x));
  }
});

test('each file says which function reads it', async () => {
  const y = x.map(([i = 0]) => i / 7);
  using fitted = await bagging({ layers: [], fit: { epochs: 1 } }, x, y, { members: 2 });
  const file = fitted.save();
  const [one, other] = unpackFiles('test', file).files as [Uint8Array, Uint8Array];
  expect(() => loadPredictor(file)).toThrow(
    'loadPredictor: the file holds several networks; use loadEnsemblePredictor',
  );
  expect(() => loadPipeline(file)).toThrow('loadPipeline: the file holds several pipelines; use loadEnsemble');
  expect(() => loadEnsemblePredictor(one)).toThrow(
    'loadEnsemblePredictor: not a file of several simdense files; loadPredictor reads those of one network',
  );
  // A part that is no network, and members that do not fit together; nothing stays in memory.
  const ensemble = { ensemble: JSON.stringify({ version: 1, outOfBag: {} }) };
  expect(() => loadEnsemblePredictor(packFiles([one, other.subarray(0, 9)], ensemble))).toThrow(
    /^loadEnsemblePredictor: /,
  );
  using labels = await bagging(
    { layers: [], fit: { epochs: 1 } },
    x,
    y.map((n) => (n > 3 ? 'a' : 'b')),
    { members: 1 },
  );
  const mixed = packFiles([one, unpackFiles('test', labels.save()).files[0] as Uint8Array], ensemble);
  expect(() => loadEnsemblePredictor(mixed)).toThrow(
    'loadEnsemblePredictor: member 1 has other columns or classes than the first',
  );
  expect(() => loadEnsemblePredictor(file, { maxMemory: 0 })).toThrow('loadEnsemblePredictor(maxMemory): expected');
  expect(() => loadEnsemblePredictor('file' as never)).toThrow('loadEnsemblePredictor(bytes): expected a Uint8Array');
});
