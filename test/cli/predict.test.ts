// Predictions: every row in its order, behind the columns of the file, with a note where a cell could not be used.
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadPipeline } from '../../src/evaluate/index.js';
import { workplace } from './run.js';

const { run, write } = workplace();
const lines = (text: string): string[] => text.split(/\r?\n/);

beforeAll(() => {
  const rows = Array.from({ length: 90 }, (_, i) => {
    const color = i < 2 ? 'rare' : ['red', 'green', 'blue'][i % 3];
    return `${i % 10},${color},${i % 2 ? 'yes' : 'no'},2024-0${1 + (i % 9)}-01,${(i % 10) + (i % 3)}.5`;
  });
  write('train.csv', `x,color,open,day,y\n${rows.join('\n')}\n`);
  expect(run('train', 'train.csv', '--epochs', '30', '--report', 'none').status).toBe(0);
});

test('cells stand as they do in the file; columns in another order and others more', () => {
  write(
    'later.csv',
    'note,day,color,x,"a ""b""",open\n007,2024-01-01,red,1.50, -1 ,yes\n,2024-02-01,blue,+2,"=1,5",No\n',
  );
  const [head, first, second] = lines(run('predict', 'train.safetensors', 'later.csv').out);
  expect(head).toBe('note,day,color,x,"a ""b""",open,y');
  expect(first).toMatch(/^007,2024-01-01,red,1\.50, -1 ,yes,-?\d+\.\d+$/);
  expect(second).toMatch(/^,2024-02-01,blue,\+2,"=1,5",No,-?\d+\.\d+$/);
});

describe('a note says what was done with a cell that could not be used', () => {
  const header = 'x,color,open,day';
  const noted = (...cells: string[]) => {
    write('one.csv', `${header}\n1,red,yes,2024-01-01\n${cells.join('\n')}\n`);
    const { status, out, err } = run('predict', 'train.safetensors', 'one.csv', '--json');
    expect([status, err]).toEqual([0, '']);
    const { rows, predictions, notes } = JSON.parse(out);
    expect([rows, predictions.length]).toEqual([cells.length + 1, cells.length + 1]);
    for (const value of predictions) expect(value).toEqual(expect.any(Number));
    expect(notes?.[0] ?? '').toBe('');
    return notes?.slice(1);
  };

  test.each([
    [',red,yes,2024-01-01', 'x is missing: taken as 4.5, the median'],
    ['abc,red,yes,2024-01-01', 'x is "abc", no number: taken as 4.5, the median'],
    ['1,pink,yes,2024-01-01', 'color "pink" is rare or not known: taken as one of the rare ones'],
    ['1,,yes,2024-01-01', 'color is missing: taken as one of the rare ones'],
    ['1,red,?,2024-01-01', 'open is missing: taken as false'],
    ['1,red,maybe,2024-01-01', 'open is "maybe", no boolean: taken as no'],
    ['1,red,yes,soon', 'day is "soon", no date: taken as 2024-05-01'],
    [
      ',pink,yes,2024-01-01',
      'x is missing: taken as 4.5, the median; color "pink" is rare or not known: taken as one of the rare ones',
    ],
  ])('%s', (cells, note) => {
    expect(noted(cells)).toEqual([note.replace('taken as false', 'taken as no')]);
  });

  test('several rows, and none', () => {
    expect(noted('2,red,no,2024-01-01')).toBeUndefined();
    expect(noted(',red,no,2024-01-01', '3,red,no,2024-01-01')).toEqual(['x is missing: taken as 4.5, the median', '']);
    write('two.csv', `${header},note\n,red,no,2024-01-01,mine\n3,red,no,2024-01-01,\n`);
    const { out, err } = run('predict', 'train.safetensors', 'two.csv');
    expect(lines(out)[0]).toBe(`${header},note,y,note 2`);
    expect(err).toBe('In 1 row some cell could not be used: x is missing: taken as 4.5, the median (1 row).');
  });

  test('it predicts as for the cell that it is taken as', () => {
    write('gap.csv', `${header}\n,red,yes,2024-01-01\n4.5,red,yes,2024-01-01\n`);
    const [a, b] = JSON.parse(run('predict', 'train.safetensors', 'gap.csv', '--json').out).predictions;
    expect(a).toBe(b);
  });

  test('evaluate says it too', () => {
    write('known.csv', `${header},y\n,red,yes,2024-01-01,1.5\n1,pink,yes,2024-01-01,2\n3,red,no,2024-01-01,3\n`);
    const { out } = run('evaluate', 'train.safetensors', 'known.csv');
    expect(lines(out)[0]).toMatch(
      /^In 2 rows some cell could not be used: x is missing: taken as 4\.5, the median \(1 row\); color is rare or not known/,
    );
    expect(JSON.parse(run('evaluate', 'train.safetensors', 'known.csv', '--json').out)).toMatchObject({
      notedRows: 2,
      rows: 3,
    });
  });
});

test('a column that is not there is refused by its name', () => {
  write('less.csv', 'x,colour,open,day\n1,red,yes,2024-01-01\n');
  expect(run('predict', 'train.safetensors', 'less.csv').err).toBe(
    'simdense: less.csv: there is no column "color" among "x", "colour", "open", "day"; is it colour?',
  );
});

test('texts of the model that a spreadsheet would run are made harmless; those of the file stay', () => {
  const rows = Array.from({ length: 60 }, (_, i) => `${i % 2},=${i % 2 ? 'A' : 'B'}`);
  write('formula.csv', `x,kind\n${rows.join('\n')}\n`);
  expect(run('train', 'formula.csv', '--epochs', '50', '--learning-rate', '0.05', '--report', 'none').status).toBe(0);
  expect(lines(run('predict', 'formula.safetensors', 'formula.csv').out).slice(0, 2)).toEqual([
    'x,kind,prediction',
    "0,=B,'=B",
  ]);
});

describe('models of earlier versions', () => {
  test.each(['0.1.0', '0.2.0'])('%s: a pipeline of numbers', (version) => {
    const bytes = readFileSync(`test/fixtures/${version}/pipeline.safetensors`);
    write('old.safetensors', bytes);
    write('trees.csv', 'name,height,width,tree\na,1.5,0.5,oak\nb,-1,2,ash\nc,x,,elm\n');
    using model = loadPipeline(bytes);
    const [head, ...rows] = lines(run('predict', 'old.safetensors', 'trees.csv').out);
    expect(head).toBe('name,height,width,tree,prediction,note');
    const labels = model.predict([
      [0.5, 1.5],
      [2, -1],
    ]);
    expect(rows.slice(0, 2)).toEqual([`a,1.5,0.5,oak,${labels[0]},`, `b,-1,2,ash,${labels[1]},`]);
    expect(rows[2]).toMatch(/^c,x,,elm,\w+,"width is missing: taken as .*; height is ""x"", no number: taken as /);
    const judged = JSON.parse(run('evaluate', 'old.safetensors', 'trees.csv', '--json').out);
    expect([judged.rows, judged.classes]).toEqual([3, 3]);
    expect(run('train', 'trees.csv', '--from', 'old.safetensors').err).toContain(
      'old.safetensors was trained on numbers, by an earlier version or by a program; train it anew on the table',
    );
  });

  test('features of categories, such as island=Biscoe', async () => {
    const { fitPipeline } = await import('../../src/evaluate/index.js');
    const names = ['island=Biscoe', 'island=Dream', 'mass'];
    const x = Array.from({ length: 40 }, (_, i) => [i % 2, 1 - (i % 2), i]);
    using model = await fitPipeline(
      { layers: [], fit: { epochs: 20 } },
      x,
      x.map(([b = 0, , m = 0]) => 10 * b + m + 0.5),
      {
        columns: names,
        target: 'bill',
      },
    );
    write('penguins.safetensors', model.save());
    write('penguins.csv', 'mass,island,bill\n3,Biscoe,13.5\n4,Dream,4.5\n5,Atlantis,2\n');
    const { predictions, notes } = JSON.parse(run('predict', 'penguins.safetensors', 'penguins.csv', '--json').out);
    expect(predictions.map(Math.fround)).toEqual(
      model.predict([
        [1, 0, 3],
        [0, 1, 4],
        [0, 0, 5],
      ]),
    );
    expect(notes).toEqual(['', '', 'island "Atlantis" is not known: taken as none of the known ones']);
    expect(JSON.parse(run('evaluate', 'penguins.safetensors', 'penguins.csv', '--json').out).rows).toBe(3);
  });
});

test('whole numbers were learnt, and nothing tells whether a file means thousands: it is noted, with either sign', () => {
  const rows = Array.from({ length: 60 }, (_, i) => `${1500 + i * 97};${i % 5};${i % 3 ? 'a' : 'b'}`);
  write('int.csv', `price;z;y\n${rows.join('\n')}\n`);
  run('train', 'int.csv', '--target', 'y', '--quick', '--epochs', '3', '-o', 'int.safetensors', '--report', 'none');
  for (const sign of ['.', ',']) {
    write('either.csv', `price;z\n4${sign}234;1\n2${sign}345;2\n`);
    const { out, err } = run('predict', 'int.safetensors', 'either.csv');
    expect(`${out}${err}`).toContain(`""4${sign}234"", unclear, thousands or decimals`);
    const asked = run('predict', 'int.safetensors', 'either.csv', '--decimal', sign === '.' ? ',' : '.');
    expect(`${asked.out}${asked.err}`).not.toContain('unclear');
  }
  write('lacking.jsonl', '{"z":1}\n{"z":2}\n');
  expect(run('predict', 'int.safetensors', 'lacking.jsonl').err).toMatch(
    /no column "price".*; null says that it is not known/,
  );
});
