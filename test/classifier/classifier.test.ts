// simdense/classifier against scikit-learn's figures, against itself in pieces, and against what reads its files.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readDigits } from '../../examples/digits-data.js';
import { Classifier, classifier, loadClassifier } from '../../src/classifier/index.js';
import { loadPipeline } from '../../src/evaluate/index.js';
import { loadModel, Matrix } from '../../src/index.js';
import { loadPredictor } from '../../src/predict/index.js';

const golden = JSON.parse(readFileSync('test/golden/classifier.json', 'utf8')) as {
  iris: { rows: number; l2: number; probabilities: number[][] }[];
  digits: { accuracy: number; logLoss: number };
};
const iris = readFileSync('test/golden/iris.csv', 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.split(',').map(Number));

const { x: images, y: all } = readDigits();
const digits = Array.from(all);
const rows = (from: number, to: number): Matrix =>
  images.select(Int32Array.from({ length: to - from }, (_, i) => from + i));
const TRAINED = 1_000;
const [x, y] = [rows(0, TRAINED), digits.slice(0, TRAINED)];
const [heldX, heldY] = [rows(TRAINED, digits.length), digits.slice(TRAINED)];

function judge(head: Classifier): { accuracy: number; logLoss: number } {
  const probabilities = head.probabilities(heldX);
  const predicted = head.predict(heldX);
  const own = heldY.map((label, row) => probabilities.row(row)[head.classes.indexOf(label)] as number);
  return {
    accuracy: predicted.filter((label, row) => label === heldY[row]).length / heldY.length,
    logLoss: own.reduce((sum, p) => sum - Math.log(p), 0) / heldY.length,
  };
}

/** The probabilities' bits. */
const bits = (head: { probabilities(x: Matrix): Matrix }) => Array.from(head.probabilities(heldX).data);

test.each(golden.iris)(
  "$rows irises with l2 $l2: scikit-learn's probabilities",
  async ({ rows, l2, probabilities }) => {
    const used = iris.slice(0, rows);
    const embeddings = used.map((line) => line.slice(0, 4));
    using head = await classifier(
      embeddings,
      used.map((line) => line[4] as number),
      { l2 },
    );
    expect(head.l2).toBe(l2);
    const found = head.probabilities(embeddings.filter((_, i) => i % 10 === 0)).toArrays();
    const off = found.flatMap((row, i) => row.map((p, k) => Math.abs(p - (probabilities[i]?.[k] as number))));
    expect(Math.max(...off)).toBeLessThan(0.01);
  },
);

test('digits: as good as scikit-learn on rows that it has not seen, and row by row within two points of all at once', async () => {
  using head = await classifier(x, y);
  const { accuracy, logLoss } = judge(head);
  expect(accuracy).toBeGreaterThanOrEqual(golden.digits.accuracy);
  expect(logLoss).toBeLessThanOrEqual(golden.digits.logLoss);
  expect(head.rows).toBe(TRAINED);
  using one = await classifier(rows(0, 20), y.slice(0, 20));
  for (let row = 20; row < TRAINED; row++) one.learn(x.row(row), [y[row] as number]);
  expect(one.rows).toBe(TRAINED);
  expect(judge(one).accuracy).toBeGreaterThan(accuracy - 0.02);
});

test('classes that come one after the other: the older ones are not forgotten, with few kept rows either', async () => {
  const of = (digit: number) => y.flatMap((label, row) => (label === digit ? [row] : []));
  const first = [...of(3), ...of(7)];
  using head = await classifier(
    x.select(first),
    first.map((row) => y[row] as number),
    { keep: 200 },
  );
  const before = head.predict(x.select(first));
  for (const digit of [0, 1, 2, 4, 5, 6, 8, 9])
    head.learn(
      x.select(of(digit)),
      of(digit).map(() => digit),
    );
  expect(head.classes).toEqual([3, 7, 0, 1, 2, 4, 5, 6, 8, 9]);
  expect(before.filter((label, i) => label === y[first[i] as number]).length).toBeGreaterThan(first.length * 0.98);
  expect(judge(head).accuracy).toBeGreaterThan(0.85);
});

test('a new class is known after one row, and until then the others keep their ratios', async () => {
  const corners = [
    [1, 0, 0],
    [0.9, 0.1, 0],
    [0, 1, 0],
    [0.1, 0.9, 0],
  ];
  using head = await classifier(corners, ['a', 'a', 'b', 'b'], { seed: 1 });
  head.learn([0, 0, 1], ['c']);
  expect(head.predict([[0, 0, 1], ...corners])).toEqual(['c', 'a', 'a', 'b', 'b']);
  expect(head.rows).toBe(5);
});

test('many rows in one call are the same bits as one call each; the seed decides', async () => {
  const start = () => classifier(rows(0, 50), y.slice(0, 50), { seed: 7, keep: 30 });
  using together = await start();
  using apart = await start();
  using other = await classifier(rows(0, 50), y.slice(0, 50), { seed: 8, keep: 30 });
  const [next, labels] = [rows(50, 90), y.slice(50, 90)];
  together.learn(next, labels);
  other.learn(next, labels);
  for (const [row, label] of labels.entries()) apart.learn(next.row(row), [label]);
  expect(bits(apart)).toEqual(bits(together));
  expect(bits(other)).not.toEqual(bits(together));
});

test('a saved head goes on with the same bits, new classes included', async () => {
  const few = Array.from({ length: 60 }, (_, i) => i).filter((row) => (y[row] as number) < 5);
  using head = await classifier(
    x.select(few),
    few.map((row) => `digit ${y[row]}`),
    { seed: 3, keep: 25 },
  );
  const learn = (one: Classifier, from: number, to: number) =>
    one.learn(
      rows(from, to),
      y.slice(from, to).map((label) => `digit ${label}`),
    );
  learn(head, 100, 120);
  using again = loadClassifier(head.save());
  expect(again).toBeInstanceOf(Classifier);
  expect([again.classes, again.l2, again.rows, again.inputs]).toEqual([head.classes, head.l2, head.rows, 64]);
  expect(bits(again)).toEqual(bits(head));
  expect(again.save()).toEqual(head.save());
  for (const one of [head, again]) learn(one, 120, 160);
  expect(head.classes.length).toBe(10);
  expect(bits(again)).toEqual(bits(head));
});

test('simdense/predict and simdense/evaluate read its file with the same bits, from arrays of float64 too', async () => {
  const odd = x.toArrays().map((row) => row.map((value) => value / 3));
  using head = await classifier(odd, y);
  for (const file of [head.save(), head.save({ keptRows: false })]) {
    using predictor = loadPredictor(file);
    using pipeline = loadPipeline(file);
    using network = loadModel(file, { networkOnly: true });
    const asked = odd.slice(0, 50);
    expect(predictor.classes).toEqual(head.classes);
    expect(predictor.predict(asked)).toEqual(head.probabilities(asked));
    expect(predictor.predictLabels(asked)).toEqual(head.predict(asked));
    expect(pipeline.predict(asked)).toEqual(head.predict(asked));
    expect(network.outputs).toBe(10);
  }
  using silent = loadClassifier(head.save({ keptRows: false }));
  expect(silent.probabilities(odd.slice(0, 9))).toEqual(head.probabilities(odd.slice(0, 9)));
  expect(head.save({ keptRows: false }).length).toBeLessThan(10_000);
  expect(silent.save().length).toBe(head.save({ keptRows: false }).length);
});

test('rows of any form; equal rows; one column; strings and numbers', async () => {
  const flat = new Matrix(Float32Array.of(0, 1, 0, 2, 5, 1, 5, 2), 2);
  const forms = [flat, flat.toArrays(), flat.toArrays().map((row) => Float64Array.from(row))];
  const found = await Promise.all(forms.map((form) => classifier(form, ['l', 'l', 'r', 'r'])));
  for (const head of found) expect(head.probabilities(flat)).toEqual((found[0] as Classifier).probabilities(flat));
  using same = await classifier(Array(4).fill([3, 3]), [2, 1, 2, 1]);
  expect(Array.from(same.probabilities([3, 3]).data)).toEqual([0.5, 0.5]);
  using column = await classifier([[1], [2], [30], [40]], Int32Array.of(0, 0, 1, 1));
  expect(column.predict([[0], [50]])).toEqual([0, 1]);
  column.learn([60], [1]);
  expect(column.predict([[0], [50]])).toEqual([0, 1]);
});

test('what is learnt while it is not the caller’s any more', async () => {
  using head = await classifier([[0], [1]], ['a', 'b']);
  const row = Float32Array.of(0.9);
  head.learn(row, ['b']);
  const file = head.save();
  row.fill(-100);
  expect(head.save()).toEqual(file);
});

test('the signal aborts a fit', async () => {
  await expect(classifier(x, y, { signal: AbortSignal.abort('enough') })).rejects.toBe('enough');
});
