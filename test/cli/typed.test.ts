// Files of typed cells: words that are texts, lists as labels; and what says so for CSV.
import { beforeAll, expect, test } from 'vitest';
import { workplace } from './run.js';

const { run, write } = workplace();
const quick = ['--epochs', '40', '--learning-rate', '0.05', '--report', 'none'];
const lines = (text: string): string[] => text.split(/\r?\n/);

beforeAll(() => {
  const rows = Array.from({ length: 120 }, (_, i) => {
    const [x, z] = [(i % 16) / 16, (i % 10) / 10];
    const tags = [...(x > 0.5 ? ['red'] : []), ...(z > 0.5 ? ['big'] : [])];
    return {
      x,
      z,
      tags,
      diet: tags.length > 1 ? 'vegan veg' : tags.length === 1 ? 'veg' : 'all',
      where: i % 2 ? 'NA' : 'EU',
    };
  });
  write('tags.json', JSON.stringify(rows.map(({ x, z, tags }) => ({ x, z, tags }))));
  write('diet.csv', `x,z,diet\n${rows.map(({ x, z, diet }) => `${x},${z},${diet}`).join('\n')}\n`);
  write('where.json', JSON.stringify(rows.map(({ where }) => ({ where, kind: where === 'NA' ? 'n' : 'e' }))));
  write('where.csv', `where,kind\n${rows.map(({ where }) => `${where},${where === 'NA' ? 'n' : 'e'}`).join('\n')}\n`);
});

test('a list as a target: trained, predicted, evaluated', () => {
  const { status, out, err } = run('train', 'tags.json', ...quick);
  expect([status, err]).toEqual([0, '']);
  expect(out).toContain('Several labels of tags (the last column), because each of its cells is a list.');
  write('new.csv', 'x,z\n1,1\n0,0\n');
  const predicted = run('predict', 'tags.safetensors', 'new.csv', '-o', 'predicted.csv');
  expect(predicted.status).toBe(0);
  expect(lines(run('predict', 'tags.safetensors', 'new.csv').out)).toEqual([
    'x,z,tags',
    '1,1,"[""big"",""red""]"',
    '0,0,[]',
  ]);
  expect(JSON.parse(run('predict', 'tags.safetensors', 'new.csv', '--json').out)).toMatchObject({
    predictions: [['big', 'red'], []],
  });
  // What it has predicted is the truth in its own words.
  expect(run('evaluate', 'tags.safetensors', 'predicted.csv', '--json').err).toBe('');
  expect(JSON.parse(run('evaluate', 'tags.safetensors', 'tags.json', '--json').out)).toMatchObject({ rows: 120 });
  expect(run('train', 'tags.json', '--separator', ',', ...quick).err).toContain(
    'each cell of column "tags" is a list, whose parts are the labels; leave out the separator',
  );
});

test('a blank separates labels', () => {
  const { status, err } = run('train', 'diet.csv', '--separator', ' ', ...quick);
  expect([status, err]).toEqual([0, '']);
  expect(run('inspect', 'diet.safetensors').out).toContain('any of all, veg, vegan');
});

test('--no-missing-words keeps words as they are, which the notes of CSV name', () => {
  expect(run('describe', 'where.csv').out.replace(/\s+/g, ' ')).toContain(
    '"NA" in 60 cells of column "where" is taken for missing; --no-missing-words keeps it.',
  );
  const kept = run('describe', 'where.csv', '--no-missing-words', '--json');
  expect(JSON.parse(kept.out)).toMatchObject({ notes: [], columns: [{ name: 'where', missing: 0, distinct: 2 }, {}] });
  expect(JSON.parse(run('describe', 'where.json', '--json').out)).toMatchObject({ columns: [{ missing: 0 }, {}] });
  expect(run('describe', 'where.csv', '--no-missing-words', '--missing-words', 'x').err).toContain(
    'simdense: --no-missing-words: --missing-words says otherwise; leave out one of them',
  );
  // The model knows the word, in whatever file it stands.
  for (const data of [['where.json'], ['where.csv', '--no-missing-words']]) {
    expect(run('train', ...data, ...quick, '-o', 'where.safetensors', '--force').status).toBe(0);
    write('asked.csv', 'where\nNA\nEU\n');
    expect(lines(run('predict', 'where.safetensors', 'asked.csv').out)).toEqual(['where,kind', 'NA,n', 'EU,e']);
  }
});

test('an object with two lists of rows', () => {
  write('two.json', '{"who":[{"a":1}],"rows":[{"b":1},{"b":2}]}');
  expect(run('describe', 'two.json').err).toBe(
    'simdense: two.json: the JSON is an object with 2 lists of objects, "who" and "rows"; give the list that is meant a file of its own',
  );
});
