// Networks of other libraries predict here what they predict there.
import { expect, test } from 'vitest';
import { fromBrainJs, fromKeras, fromStateDict, fromTensorFlowJs } from '../../src/convert/index.js';
import { brain, distance, keras, tfjs, torch } from './fixtures.js';

/** Of 1 or the largest number: a few roundings of float32. */
const CLOSE = 1e-6;

test.each(tfjs.map((each, i) => [i, each] as const))('TensorFlow.js %i', (_, { modelJson, shards, x, y }) => {
  using model = fromTensorFlowJs(modelJson, shards);
  expect(distance(model.predict(x).toArrays(), y)).toBeLessThan(CLOSE);
  using again = fromTensorFlowJs(JSON.stringify(modelJson), shards);
  expect(again.predict(x).data).toEqual(model.predict(x).data);
});

test.each(
  keras.flatMap(({ files, x, y }, i) =>
    Object.entries(files).map(([ending, file]) => [ending, i, file, x, y] as const),
  ),
)('Keras .%s %i', async (_, __, file, x, y) => {
  using model = await fromKeras(file);
  expect(distance(model.predict(x).toArrays(), y)).toBeLessThan(CLOSE);
});

test.each(brain.cases.map((each, i) => [i, each] as const))('brain.js %i', (_, { json, x, y }) => {
  const { model, inputs, outputs } = fromBrainJs(json);
  const rows = (given: typeof x, names: readonly string[] | undefined): number[][] => {
    expect(names === undefined).toBe(Array.isArray(given[0]));
    return given.map((row) => (Array.isArray(row) ? row : (names ?? []).map((name) => row[name] as number)));
  };
  expect(distance(model.predict(rows(x, inputs)).toArrays(), rows(y, outputs))).toBeLessThan(CLOSE);
  model.dispose();
});

test.each(brain.recurrent.map((each, i) => [i, each] as const))(
  'recurrent networks of brain.js are refused: %i',
  (_, json) => {
    expect(() => fromBrainJs(json)).toThrow(expect.objectContaining({ code: 'UNSUPPORTED' }));
  },
);

test.each(torch.map((each, i) => [i, each] as const))('PyTorch %i', (_, { file, layers, x, y }) => {
  using model = fromStateDict(file, layers);
  expect(distance(model.predict(x).toArrays(), y)).toBeLessThan(CLOSE);
});
