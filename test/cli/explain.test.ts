// npx simdense explain: the figures of simdense/explain, in words, bars and JSON.
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { bars, importanceWords, worstWords } from '../../src/cli/explained-words.js';
import { measured } from '../../src/cli/importance.js';
import { type Interrupt, Interruption } from '../../src/cli/interrupt.js';
import { wrapped } from '../../src/cli/wrap.js';
import { fitPipeline, loadEnsemble } from '../../src/evaluate/index.js';
import { partialDependence, permutationImportance, worstRows } from '../../src/explain/index.js';
import { adam } from '../../src/index.js';
import { readTable } from '../../src/table/index.js';
import { numbers } from '../helpers/numbers.js';
import { rows as penguins } from '../helpers/penguins.js';
import { workplace } from './run.js';

const { run, file, write } = workplace();
write('penguins.json', JSON.stringify(penguins));
const table = await readTable(penguins);
run('train', 'penguins.json', '--target', 'species', '--seed', '3');
run('train', 'penguins.json', '--target', 'mass', '--quick', '-o', 'mass.safetensors');
const explained = (...args: string[]) => run('explain', ...args);
const data = (...args: string[]) => JSON.parse(explained(...args, '--json').out);
const model = () => loadEnsemble(readFileSync(file('penguins.safetensors')));

test('importance and worst rows are those of simdense/explain, with rows as in a spreadsheet', async () => {
  using same = model();
  const { importance, worstRows: worst, rows, rowsWithoutTarget } = data('penguins.safetensors', 'penguins.json');
  expect([rows, rowsWithoutTarget]).toEqual([90, 0]);
  expect(importance).toEqual(await permutationImportance(same, table));
  expect(worst).toEqual((await worstRows(same, table)).map((each) => ({ ...each, row: each.row + 2 })));
});

test('rows are counted as in a spreadsheet where lines of the file are no rows of the table', () => {
  const rest = Array.from({ length: 30 }, (_, i) => `${i},${i % 7},${i % 2 ? 'u' : 'v'}`).join('\n');
  write('blank.csv', `# of June\nx,y,t\n11,1,v\n\n22,2,u\n33,3,v\n${rest}\n`);
  run('train', 'blank.csv', '--target', 't', '--quick', '-o', 'blank.safetensors');
  expect(explained('blank.safetensors', 'blank.csv', '--row', '5').out).toMatch(/^Row 5: [\s\S]*^x = 22 /m);
  const no = (row: string) => explained('blank.safetensors', 'blank.csv', '--row', row).err;
  expect(no('4')).toContain('--row: row 4 of the file is blank');
  expect(no('2')).toContain('--row: expected a row from 3 to 36, got 2');
  for (const { row } of data('blank.safetensors', 'blank.csv').worstRows) expect([1, 2, 4]).not.toContain(row);
});

test('in words, with bars', () => {
  const { status, out } = explained('penguins.safetensors', 'penguins.json');
  expect(status).toBe(0);
  expect(out).toMatch(
    /^How much the model needs each column\. Its cells are exchanged among 90 rows of this file at random, 5 times/m,
  );
  expect(out).toMatch(/^(bill|mass) +\d\.\d{2,3} ± \d\.\d{2,3} {2}█{30}$/m);
  expect(out).toMatch(/^row +answer +predicted +probability\n\d+ +(Adelie|Chinstrap|Gentoo) +\w+ +\d+\.\d %$/m);
  const numbers = explained('mass.safetensors', 'penguins.json').out;
  expect(numbers).toContain('r2 falls (it is 1 for exact predictions, and 0 for always predicting the mean)');
  expect(numbers).toMatch(/^row +answer +predicted +off by$/m);
});

test('--row: contributions add up, and the prediction is that of predict', () => {
  const { row } = data('penguins.safetensors', 'penguins.json', '--row', '5');
  const sum = row.contributions.reduce(
    (all: number, { contribution }: { contribution: number }) => all + contribution,
    0,
  );
  expect(sum).toBeCloseTo(row.prediction - row.baseline, 3);
  using same = model();
  const [probabilities] = same.predictProbabilities([penguins[3] as object]).toArrays();
  expect(row.output).toBe(same.predict([penguins[3] as object])[0]);
  expect(row.prediction).toBeCloseTo(Math.max(...(probabilities as number[])), 5);
  const { out } = explained('penguins.safetensors', 'penguins.json', '--row', '5');
  expect(out).toMatch(
    /^Row 5: (\w+) has \d+\.\d %\. The file says \1\. It is compared with a row in the middle \(the medians of the training rows, the commoner of true and false and an even mix of the categories\), which has \d+\.\d %/m,
  );
  expect(out).toMatch(new RegExp(`^island = ${penguins[3]?.island} +[+-]?\\d+\\.\\d`, 'm'));
  const other = data('penguins.safetensors', 'penguins.json', '--row', '5', '--output', 'Gentoo');
  expect(other.row.output).toBe('Gentoo');
  expect(explained('mass.safetensors', 'penguins.json', '--row', '5').out).toMatch(/^Row 5: mass is \d+/m);
});

test('a boolean has the words of the file, the report shows the seed that was asked for, and names its losses', () => {
  const shops = Array.from({ length: 120 }, (_, i) => {
    const [open, size] = [i % 2 ? 'Yes' : 'No', (i * 37) % 23];
    return `${open},${size},${300_000 + (i % 2) * 200_000 + size * 1000}`;
  });
  write('shops.csv', ['open,size,price', ...shops].join('\n'));
  run('train', 'shops.csv', '--target', 'price', '--seed', '0');
  const { out } = explained('shops.safetensors', 'shops.csv', '--column', 'open');
  expect(out).toMatch(/^(Yes|No) +\d{3},\d00 /m);
  expect(out).not.toMatch(/^(true|false)/m);
  const html = readFileSync(file('shops.html'), 'utf8');
  expect(html).toMatch(/>Yes: \d{3},\d00/);
  expect(html).not.toMatch(/>(true|false):|\de\+5/);
  expect(html).toContain('<th>absolute error</th>');
  expect(html).toMatch(/<figcaption>loss: [a-z ]+<\/figcaption>/);
  expect(html).toMatch(/<td>seed<\/td><td>0<\/td>/);
  const size = explained('shops.safetensors', 'shops.csv', '--column', 'size').out;
  const values = [...size.matchAll(/^(\d[\d.,]*) +\d/gm)].map(([, value]) => value);
  expect(values.length).toBeGreaterThan(5);
  expect(new Set(values).size).toBe(values.length);
});

test('rows that are all right are those that it was least sure of', () => {
  const right = { row: 3, actual: 'yes', predicted: 'yes', loss: 0.6 };
  const told = { task: 'classification', target: 'ripe', width: 80 } as const;
  expect(worstWords([right, { ...right, row: 5 }], told)).toMatch(
    /^The rows whose answers it was least sure of, with the probability that it gives the answer: it is right in all of these\./,
  );
  expect(worstWords([right, { ...right, predicted: 'no' }], told)).toMatch(/^The rows whose ripe it predicts worst/);
  const labels = { row: 2, actual: ['a', 'b'], predicted: ['a', 'b'], loss: 0.6 };
  expect(worstWords([labels], { ...told, task: 'multilabel' })).toContain('right in all of these');
  expect(worstWords([{ ...right, actual: 1, predicted: 1, loss: 0 }], { ...told, task: 'regression' })).toMatch(
    /predicts worst/,
  );
});

test('--row says what the file has as the answer, or that it has none', () => {
  const [first, second] = penguins;
  write('two.json', JSON.stringify([first, { ...second, species: null }]));
  expect(explained('penguins.safetensors', 'two.json', '--row', '2').out).toContain(`The file says ${first?.species}.`);
  expect(data('penguins.safetensors', 'two.json', '--row', '2').row.actual).toBe(first?.species);
  expect(explained('penguins.safetensors', 'two.json', '--row', '3').out).toContain('The file has no answer for it.');
  write('none.json', JSON.stringify([{ ...first, species: undefined }]));
  expect(explained('penguins.safetensors', 'none.json', '--row', '2').out).not.toContain('The file');
});

test('--column: what is predicted on average', async () => {
  using same = model();
  const { column } = data('penguins.safetensors', 'penguins.json', '--column', 'island');
  expect(column).toEqual(await partialDependence(same, table, 'island'));
  const { out } = explained('penguins.safetensors', 'penguins.json', '--column', 'ringed');
  expect(out).toMatch(/^ringed +Adelie +Chinstrap +Gentoo\n2007-\d\d-\d\d/m);
  const one = explained('penguins.safetensors', 'penguins.json', '--column', 'bill', '--output', 'Gentoo').out;
  expect(one).toContain(
    'What the probability of Gentoo is on average, if bill were the same in all 90 rows of this file',
  );
});

test('without the answers a row and a column can be explained', () => {
  write('new.json', JSON.stringify(penguins.slice(0, 20).map(({ species, ...row }) => row)));
  const { status, out } = explained('penguins.safetensors', 'new.json', '--row', '2');
  expect(status).toBe(0);
  expect(out).toMatch(/^Row 2: /m);
  expect(explained('penguins.safetensors', 'new.json')).toMatchObject({ status: 2, out: '' });
});

test('a row is explained alike in a file of its own: it is compared with the training rows', () => {
  write('one.json', JSON.stringify([penguins[3]]));
  const { row: alone } = data('penguins.safetensors', 'one.json', '--row', '2');
  const { row: among } = data('penguins.safetensors', 'penguins.json', '--row', '5');
  expect({ ...alone, row: 5 }).toEqual(among);
  expect(
    Math.max(...alone.contributions.map((c: { contribution: number }) => Math.abs(c.contribution))),
  ).toBeGreaterThan(0.01);
});

test('--row and --column are answered alone; which rows a figure is of is said', () => {
  const asked = data('penguins.safetensors', 'penguins.json', '--row', '5', '--column', 'island');
  expect(Object.keys(asked).filter((key) => ['row', 'column', 'importance', 'worstRows'].includes(key))).toEqual([
    'row',
    'column',
  ]);
  const { out } = explained('penguins.safetensors', 'penguins.json');
  expect(out).toContain('Where the model was trained on them, a column also counts that was learnt by heart');
});

test('too few rows tell nothing of columns', () => {
  write('two.json', JSON.stringify(penguins.slice(0, 2)));
  const { out } = explained('penguins.safetensors', 'two.json');
  expect(out).toContain('2 rows are too few to tell which columns the model needs: that takes 10.');
  expect(data('penguins.safetensors', 'two.json')).not.toHaveProperty('importance');
});

test('of very many columns those are measured to which the predictions are most sensitive', async () => {
  const next = numbers(3);
  const wide = Array.from({ length: 300 }, () => {
    const cells = Object.fromEntries(Array.from({ length: 100 }, (_, c) => [`c${c}`, next()]));
    return { ...cells, y: 5 * (cells['c7'] as number) };
  });
  write('wide.json', JSON.stringify(wide));
  run('train', 'wide.json', '--target', 'y', '--hidden', '0', '-o', 'wide.safetensors');
  const { importance, columnsNotMeasured } = data('wide.safetensors', 'wide.json');
  expect(importance).toHaveLength(60);
  expect(importance[0].column).toBe('c7');
  expect(columnsNotMeasured).toBe(40);
  expect(explained('wide.safetensors', 'wide.json').out).toContain(
    'It reads 100 columns; these are of the 60 to which its predictions are most sensitive.',
  );
});

test('ended before a column is measured: none, and no error', async () => {
  const x = Array.from({ length: 20 }, (_, i) => Array.from({ length: 70 }, (_, c) => (i * (c + 1)) % 7));
  using fitted = await fitPipeline(
    { layers: [], fit: { epochs: 1 } },
    x,
    x.map(([first]) => first!),
  );
  const signal = AbortSignal.abort(new Interruption('interrupted'));
  const interrupt = { signal, happened: true } as Interrupt;
  const part = {
    select: (places: Int32Array) => Array.from(places, (row) => x[row]!),
    answers: (places: Int32Array) => Array.from(places, (row) => x[row]![0]!),
  };
  const found = await measured(fitted, 20, part, { values: { quiet: true }, interrupt });
  expect(found).toMatchObject({ columns: [], of: 70, wanted: 60 });
});

test('a model of numbers, and one of several targets', async () => {
  const x = penguins.map(({ mass }, i) => [mass, i]);
  using fitted = await fitPipeline(
    { layers: [], optimizer: adam({ learningRate: 0.05 }), fit: { epochs: 100 } },
    x,
    penguins.map(({ species }) => species),
    {
      columns: ['mass', 'day'],
      target: 'species',
    },
  );
  writeFileSync(file('old.safetensors'), fitted.save());
  write('days.json', JSON.stringify(penguins.map((row, day) => ({ ...row, day, twice: row.mass * 2 }))));
  expect(data('old.safetensors', 'days.json').importance[0].column).toBe('mass');
  const { column } = data('old.safetensors', 'days.json', '--column', 'mass');
  expect(column.values).toHaveLength(10);
  run('train', 'days.json', '--target', 'mass,twice', '--quick', '-o', 'two.safetensors');
  expect(explained('two.safetensors', 'days.json', '--row', '3').err).toBe(
    'simdense: --row: the model predicts several things; give --output one of "mass", "twice"',
  );
  expect(explained('two.safetensors', 'days.json', '--row', '3', '--output', 'twice').out).toMatch(/^Row 3: twice is/m);
});

test('what is refused', () => {
  const refused = (message: string, ...args: string[]) =>
    expect(explained('penguins.safetensors', 'penguins.json', ...args)).toEqual({
      status: 2,
      out: '',
      err: `simdense: ${message}`,
    });
  refused('--row: expected a row from 2 to 91, got 92', '--row', '92');
  refused(
    '--column: expected a column that the model reads, "island", "bill", "mass", "male", "ringed", got "ringd"; did you mean ringed?',
    '--column',
    'ringd',
  );
  refused(
    '--output: expected one of "Adelie", "Chinstrap", "Gentoo", got "Adele"; did you mean Adelie?',
    '--output',
    'Adele',
  );
});

test('40 columns are enough', () => {
  const long = 'a column with a very long name that nobody can read here';
  const columns = [1.25, 0.1, 0, -0.01].map((mean, i) => ({
    column: `${long} ${i}`,
    mean,
    std: 0.1,
    values: [mean],
  }));
  const worst = [{ row: 100_000, actual: long, predicted: long, loss: 3 }];
  const words = [
    importanceWords({ columns, rows: 2000, of: 4, wanted: 4 }, { task: 'classification', width: 40 }),
    worstWords(worst, { task: 'classification', target: 'kind', width: 40 }),
  ].join('\n');
  for (const line of wrapped(words, 40).split('\n')) expect(line.length).toBeLessThanOrEqual(40);
  // Nothing of 0 and below has a bar.
  expect(words.match(/█+$/gm)).toHaveLength(2);
  expect(bars([{ name: 'a', value: 0, words: '0' }], 40)).toBe('a  0');
});
