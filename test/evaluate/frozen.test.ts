// What an ensemble says of itself cannot be changed by whoever has it, and is saved as it was judged.
import { expect, test } from 'vitest';
import { bagging, type Ensemble, loadEnsemble } from '../../src/evaluate/index.js';

const x = Array.from({ length: 40 }, (_, i) => [i]);
const y = x.map(([i]) => (i! < 20 ? 'low' : 'high'));

/** All objects and arrays in plain data. */
const partsOf = (data: unknown): object[] =>
  typeof data === 'object' && data !== null ? [data, ...Object.values(data).flatMap(partsOf)] : [];

const changes: readonly [string, (ensemble: Ensemble) => void][] = [
  ['judgement.words', ({ judgement }) => Object.assign(judgement!, { words: 'q' })],
  ['judgement.figures.accuracy', ({ judgement }) => Object.assign(judgement!.figures, { accuracy: 2 })],
  ['outOfBag.accuracy', ({ outOfBag }) => Object.assign(outOfBag, { accuracy: 2 })],
  ['outOfFold.actual', ({ outOfFold }) => Object.assign(outOfFold!.actual, ['q'])],
  ['outOfFold.rows', ({ outOfFold }) => Object.assign(outOfFold!, { rows: new Int32Array(1) })],
];

test.each(changes)('%s', async (_, change) => {
  using ensemble = await bagging({ layers: [], fit: { epochs: 2 } }, x, y, { members: 2 });
  const before = ensemble.save();
  expect(() => change(ensemble)).toThrow(TypeError);
  expect(ensemble.save()).toEqual(before);
});

test('all of it, of a loaded one too', async () => {
  using ensemble = await bagging({ layers: [], fit: { epochs: 2 } }, x, y, { members: 2 });
  using loaded = loadEnsemble(ensemble.save());
  for (const { judgement, outOfBag } of [ensemble, loaded])
    expect(
      partsOf([judgement, outOfBag])
        .slice(1)
        .filter((part) => !Object.isFrozen(part)),
    ).toEqual([]);
});
