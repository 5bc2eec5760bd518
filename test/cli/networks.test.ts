// The networks that the command trains where nobody asks for one.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { fitPipeline, loadEnsemble } from '../../src/evaluate/index.js';
import { loadEnsemblePredictor } from '../../src/predict/index.js';
import { readTable } from '../../src/table/index.js';
import { rows as penguins } from '../helpers/penguins.js';
import { workplace } from './run.js';

const { run, file, write } = workplace();
write('penguins.json', JSON.stringify(penguins));
const train = (...more: string[]) => run('train', 'penguins.json', '--target', 'species', '--seed', '3', ...more);

test('five, which are the same bits as those of fitPipeline, each judged by what it has not learnt from', async () => {
  const { status, out } = train();
  expect(status).toBe(0);
  expect(out).toMatch(/Trained 5 networks for \d+ epochs, each on \d+ rows without a part of its own\./);
  expect(out).toMatch(
    /right in \d+ of \d+ rows, each predicted by a network that has not learnt from it: (9\d\.\d|100) %/,
  );
  expect(out).toContain('The model that is saved is the mean of these 5.');
  using same = await fitPipeline('tabular', await readTable(penguins), 'species', { seed: 3 });
  using saved = loadEnsemble(readFileSync(file('penguins.safetensors')));
  expect(saved.predictProbabilities(penguins).data).toEqual(same.predictProbabilities(penguins).data);
  const judged = JSON.parse(train('--json').out);
  expect(judged.accuracy).toBeCloseTo(same.outOfBag['accuracy'] as number, 12);
  expect(judged.rows).toBe(penguins.length);
  expect(judged.networks).toHaveLength(5);
});

test('predict, evaluate, inspect, compile, and what only one network can do', async () => {
  train();
  const predicted = run('predict', 'penguins.safetensors', 'penguins.json');
  expect(predicted.status).toBe(0);
  expect(predicted.out.split('\n')).toHaveLength(penguins.length + 1);
  expect(run('evaluate', 'penguins.safetensors', 'penguins.json').out).toMatch(/right in \d+ of \d+ rows/);
  const seen = run('inspect', 'penguins.safetensors').out;
  expect(seen).toMatch(/^5 networks, whose mean it predicts(, with a temperature of [\d.]+, [^.]+)?\. The first:/);
  expect(seen).toContain('predicts species: Adelie, Chinstrap, Gentoo');
  expect(run('compile', 'penguins.safetensors').out).toMatch(/^penguins\.mjs has [\d,]+ bytes\./);
  const { predictLabel } = await import(file('penguins.mjs'));
  using saved = loadEnsemblePredictor(readFileSync(file('penguins.safetensors')));
  expect(penguins.map((row) => predictLabel(row))).toEqual(saved.predictLabels(penguins));
  expect(run('export', 'penguins.safetensors').err).toMatch(/holds several networks .* train --quick makes one$/);
  expect(run('train', 'penguins.json', '--from', 'penguins.safetensors').err).toMatch(/train --quick makes one$/);
});

test('--test holds rows out from all of them, and they are then trained on all', () => {
  const data = JSON.parse(train('--test', '0.3', '--json').out);
  expect(data.trainedRows).toBeLessThan(data.usedRows);
  expect(data.rows).toBe(data.usedRows - data.trainedRows);
  expect(data.refit.rows).toBe(data.usedRows);
});

test.each([['--quick'], ['--hidden', '16'], ['--cv', '3']])('%s asks for one network', (...options) => {
  const { out } = train(...options);
  expect(out).toMatch(/^Trained \d+ epochs on \d+ rows/m);
  expect(out).toContain('was trained again on all');
});

test('--balanced', () => {
  const { out } = train('--balanced');
  expect(out).toContain('it was trained with balanced classes');
});

describe('from which probability on the positive class is predicted', () => {
  const flip = Array.from({ length: 300 }, (_, i) => {
    const x = ((i * 37) % 101) / 100;
    return { x, noise: ((i * 61) % 97) / 96, ripe: x + 0.5 * Math.sin(i * 9.7) > 0.6 ? 'yes' : 'no' };
  });
  write('fruit.json', JSON.stringify(flip));
  const ask = (...more: string[]) => run('train', 'fruit.json', '--target', 'ripe', '--report', 'none', ...more);

  test('is chosen for a precision, stands in the model, and is what predict and evaluate go by', () => {
    const plain = JSON.parse(ask('--json').out);
    const { out } = ask('--positive', 'yes', '--precision', '0.95');
    const said =
      /From a probability of ([\d.]+) on it answers yes, as --precision asks: of 300 rows that it was chosen by, \d+ are called so, ([\d.]+) % of these are/.exec(
        out,
      ) as RegExpExecArray;
    expect(Number(said[2])).toBeGreaterThanOrEqual(95);
    using saved = loadEnsemble(readFileSync(file('fruit.safetensors')));
    expect(saved.decision).toMatchObject({ positive: 'yes' });
    const { threshold } = saved.decision!;
    expect(threshold).toBeCloseTo(Number(said[1]), 2);
    const p = saved.predictProbabilities(flip);
    const answers = saved.predict(flip);
    expect(answers).toEqual(Array.from({ length: 300 }, (_, i) => (p.row(i)[1]! >= threshold ? 'yes' : 'no')));
    const written = JSON.parse(run('predict', 'fruit.safetensors', 'fruit.json', '--json').out);
    expect(written.predictions).toEqual(answers);
    using predictor = loadEnsemblePredictor(readFileSync(file('fruit.safetensors')));
    expect(predictor.predictLabels(flip)).toEqual(answers);
    const judged = JSON.parse(ask('--positive', 'yes', '--precision', '0.95', '--json').out);
    expect(judged.decision).toEqual(saved.decision);
    expect(judged.hits).toBeLessThan(plain.hits);
  });

  test('explain and the words go by it', () => {
    const { out } = ask('--positive', 'yes', '--precision', '0.95');
    expect(out).toMatch(/The most probable class would be right in \d+\.\d % of all\./);
    using saved = loadEnsemble(readFileSync(file('fruit.safetensors')));
    const answers = saved.predict(flip);
    const p = saved.predictProbabilities(flip);
    const { worstRows } = JSON.parse(run('explain', 'fruit.safetensors', 'fruit.json', '--json').out);
    for (const { row, predicted } of worstRows) expect(predicted).toBe(answers[row - 2]);
    // A row whose most probable class is not what is answered.
    const shifted = answers.findIndex((answer, row) => answer === 'no' && p.row(row)[1]! > 0.5);
    expect(shifted).toBeGreaterThanOrEqual(0);
    const line = ['explain', 'fruit.safetensors', 'fruit.json', '--row', String(shifted + 2)];
    expect(JSON.parse(run(...line, '--json').out).row.output).toBe('no');
    expect(run(...line).out).toMatch(
      new RegExp(`Row ${shifted + 2}: no has \\d.* The file says ${flip[shifted]!.ripe}\\. It answers yes from a prob`),
    );
  });

  test('what it costs is no reason to look for wrong labels', () => {
    const { out } = ask('--positive', 'no', '--cost', '1:500');
    expect(out).toContain('That is the price of what --cost asks for');
    expect(out).not.toMatch(/Check first|--balanced/);
    const judged = run('evaluate', 'fruit.safetensors', 'fruit.json').out;
    expect(judged).toMatch(/It answers no from a probability of [\d.]+ on, as it was told for another aim/);
    expect(judged).not.toContain('Check first');
  });

  test('a precision that cannot be reached: the model is saved, and says so', () => {
    write(
      'toss.json',
      // Each x has both answers.
      JSON.stringify(Array.from({ length: 200 }, (_, i) => ({ x: (i >> 1) % 10, win: i % 2 ? 'yes' : 'no' }))),
    );
    const toss = ['train', 'toss.json', '--target', 'win', '--report', 'none', '--precision', '0.999'];
    const { status, out } = run(...toss);
    expect(status).toBe(0);
    expect(out).toMatch(
      /--precision cannot be met: no threshold reaches a precision of 0\.999; the best is 0\.\d+, at a threshold of 0\.\d+ with a recall of [\d.]+\. So the model answers the most probable class/,
    );
    using saved = loadEnsemble(readFileSync(file('toss.safetensors')));
    expect(saved.decision).toBeUndefined();
    expect(JSON.parse(run(...toss, '--json').out).decision).toBeNull();
  });

  test('or a recall, or what errors cost', () => {
    expect(ask('--recall', '0.99').out).toMatch(/as --recall asks: .* % of these are, and it finds (99|100)/);
    expect(ask('--positive', 'no', '--cost', '1:9').out).toMatch(
      /From a probability of 0\.[\d]+ on it answers no, as --cost asks/,
    );
  });

  test.each<[string[], RegExp]>([
    [['--precision', '0.9', '--recall', '0.9'], /--recall: --precision chooses already/],
    [
      ['--precision', '0.9', '--quick'],
      /--precision: is chosen by what each of several networks has not learnt from, and --quick asks for one network; leave it out/,
    ],
    [['--cost', '0:0'], /--cost: expected two costs such as 1:5/],
    [['--precision', '1.5'], /--precision: expected a share/],
    [['--precision', '0.9', '--target', 'x'], /--precision: is about two classes/],
  ])('%j is refused', (options, message) => {
    const { status, err } = run(
      'train',
      'fruit.json',
      ...(options.includes('--target') ? [] : ['--target', 'ripe']),
      ...options,
    );
    expect(status).not.toBe(0);
    expect(err).toMatch(message);
  });
});
