// The networks that the command trains where nobody asks for one.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fitPipeline, loadEnsemble } from '../../src/evaluate/index.js';
import { readTable } from '../../src/table/index.js';
import { rows as penguins } from '../helpers/penguins.js';
import { workplace } from './run.js';

const { run, file, write } = workplace();
write('penguins.json', JSON.stringify(penguins));
const train = (...more: string[]) => run('train', 'penguins.json', '--target', 'species', '--seed', '3', ...more);

test('five, which are the same bits as those of fitPipeline, each judged by what it has not learnt from', async () => {
  const { status, out } = train();
  expect(status).toBe(0);
  expect(out).toMatch(/Trained 5 networks for \d+ to \d+ epochs, each on a part of \d+ rows/);
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

test('predict, evaluate, inspect, and what only one network can do', () => {
  train();
  const predicted = run('predict', 'penguins.safetensors', 'penguins.json');
  expect(predicted.status).toBe(0);
  expect(predicted.out.split('\n')).toHaveLength(penguins.length + 1);
  expect(run('evaluate', 'penguins.safetensors', 'penguins.json').out).toMatch(/right in \d+ of \d+ rows/);
  const seen = run('inspect', 'penguins.safetensors').out;
  expect(seen).toMatch(/^5 networks, whose mean it predicts\. The first:/);
  expect(seen).toContain('predicts species: Adelie, Chinstrap, Gentoo');
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
