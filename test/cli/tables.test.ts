// Tables as people have them: what is said of them first, what is left out, and how a file is read.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { cli, workplace } from './run.js';

const { folder, file, run, write } = workplace();

/** Cars with a column of names, a constant, decimal commas, and rows that lack the target. */
const cars = Array.from({ length: 120 }, (_, i) => {
  const origin = ['Europe', 'Japan', 'USA'][i % 3];
  const mpg = i % 20 === 0 ? 'NA' : `${20 + (i % 3) * 4 + (i % 7)},5`;
  return `car no. ${i};${mpg};${i % 9 === 0 ? '' : 1500 + 10 * (i % 50)};${origin};car;${i % 2 ? 'yes' : 'no'}`;
});
write('cars.csv', `name;mpg;weight;origin;type;turbo\n${cars.join('\n')}\n`);
const brief = ['--epochs', '5', '--report', 'none'];

describe('what is said first', () => {
  const order = ['train', 'cars.csv', '--target', 'mpg', ...brief];

  test('in words', () => {
    const { status, out } = run(...order);
    expect(status).toBe(0);
    expect(out.split('\n').slice(0, 6)).toEqual([
      '120 rows and 6 columns read; it learns from 1 number, 1 category, 1 boolean.',
      'Left out: name (each of its texts is another: names or ids), type (it is always "car").',
      expect.stringMatching(/^Missing cells: weight \(14\)\. Their rows are used all the same\.$/),
      expect.stringMatching(/^Regression of mpg, because the labels are not all whole: 2\d\.5\.$/),
      '6 rows have no mpg to learn from and are left out; 114 rows are used.',
      '',
    ]);
  });

  test('as data', () => {
    expect(JSON.parse(run(...order, '--json').out)).toMatchObject({
      read: {
        rows: 120,
        columns: 6,
        kinds: { number: 1, category: 1, boolean: 1 },
        ignored: { name: 'each of its texts is another: names or ids', type: 'it is always "car"' },
        missing: { weight: 14 },
      },
      target: 'mpg',
      task: 'regression',
      rowsWithoutTarget: 6,
      usedRows: 114,
    });
  });

  test('before a training that fails', () => {
    const { status, out, err } = run('train', 'cars.csv', '--target', 'name', ...brief);
    expect([status, out.split('\n')[0]]).toEqual([1, expect.stringContaining('120 rows and 6 columns read')]);
    expect(err).toBe(
      'simdense: column "name" has 120 different values in 120 rows: none is left to test with. Give --target a column whose values repeat',
    );
  });
});

test('which class is the positive one', () => {
  const order = ['train', 'cars.csv', '--target', 'turbo', ...brief, '--json', '--force', '--out', 'turbo.model'];
  const classesOf = (...args: string[]) => {
    expect(run(...order, ...args).status).toBe(0);
    return JSON.parse(run('inspect', 'turbo.model', '--json').out).classes;
  };
  expect(classesOf()).toEqual(['no', 'yes']);
  expect(classesOf('--positive', 'no')).toEqual(['yes', 'no']);
  expect(run(...order, '--positive', 'maybe').err).toBe(
    'simdense: --positive: expected one of the classes "no", "yes", got "maybe"',
  );
  expect(run('train', 'cars.csv', '--target', 'mpg', '--positive', 'yes', ...brief).err).toBe(
    'simdense: --positive: is about two classes, and these are none',
  );
});

describe('what columns are, by name', () => {
  const read = (...more: string[]) =>
    JSON.parse(run('train', 'cars.csv', '--target', 'mpg', ...brief, '--json', ...more).out).read;

  test('--ignore and --kind, lists and repeated', () => {
    expect(read('--ignore', 'weight,origin').ignored).toMatchObject({ weight: 'as asked', origin: 'as asked' });
    expect(read('--ignore', 'weight', '--ignore', 'origin').kinds).toEqual({ boolean: 1 });
    expect(read('--kind', 'weight=category,turbo=category').kinds).toEqual({ category: 3 });
    expect(read('--kind', 'name=text').kinds).toEqual({ number: 1, category: 1, boolean: 1, text: 1 });
    write('comma.csv', `"a,b",c,y\n${Array.from({ length: 40 }, (_, i) => `${i % 5},${i % 3},${i % 2}`).join('\n')}`);
    const { out } = run('train', 'comma.csv', ...brief, '--ignore', '"a,b"', '--json');
    expect(JSON.parse(out).read.ignored).toEqual({ 'a,b': 'as asked' });
  });

  test('what does not go together, and columns that are not there', () => {
    for (const [args, message] of [
      [['--ignore', 'wieght'], 'cars.csv: there is no column "wieght"; there are "name", "mpg", "weight", '],
      [['--kind', 'wieght=number'], 'cars.csv: there is no column "wieght"'],
      [['--ignore', 'weight', '--kind', 'weight=number'], '--kind: column "weight" is left out by --ignore'],
      [['--header', 'yes', '--no-header'], '--no-header: --header yes says otherwise'],
      [['--kind', 'origin=number'], 'cars.csv: row 2, column "origin" is "Europe"'],
    ] as const)
      expect(run('train', 'cars.csv', '--target', 'mpg', ...args).err).toContain(`simdense: ${message}`);
  });

  test('the target by default is the last column that is used', () => {
    const { out } = run('train', 'cars.csv', '--ignore', 'turbo', ...brief);
    expect(out).toContain('Classification of origin (the last column that is used), because the labels are texts.');
  });
});

describe('how files are read', () => {
  const rows = [...readFileSync(file('iris.csv'), 'utf8').trim().split('\n')];
  const [head = '', ...lines] = rows;
  const names = head.trim().split(',');
  const records = lines.map((line) => {
    const cells = line.trim().split(',');
    return Object.fromEntries(names.map((name, i) => [name, i < 4 ? Number(cells[i]) : cells[i]]));
  });

  test('one table in several formats gives the same model, to the bit', () => {
    write('iris.json', JSON.stringify(records));
    write('iris.jsonl', records.map((record) => JSON.stringify(record)).join('\n'));
    write('packed.gz', gzipSync(rows.join('\n')));
    write('iris.tsv', rows.map((row) => row.replaceAll(',', '\t')).join('\n'));
    const comma = rows.map((row) => row.replaceAll(',', ';').replaceAll('.', ','));
    write('comma.csv', comma.join('\n'));
    const files = ['iris.csv', 'iris.json', 'iris.jsonl', 'packed.gz', 'iris.tsv'].map((name) => {
      expect(run('train', name, ...brief, '-o', `${name}.safetensors`).status).toBe(0);
      return readFileSync(file(`${name}.safetensors`));
    });
    for (const bytes of files) expect(bytes.equals(files[0] as Buffer)).toBe(true);
    // How numbers are written is kept, so the file is another; what it predicts is the same.
    expect(run('train', 'comma.csv', ...brief, '-o', 'comma.safetensors').status).toBe(0);
    const predicted = (model: string, table: string) =>
      JSON.parse(run('predict', model, table, '--json', '--probabilities').out).probabilities;
    const first = predicted('iris.csv.safetensors', 'iris.csv');
    for (const [model, table] of [
      ['comma.safetensors', 'comma.csv'],
      ['comma.safetensors', 'iris.csv'],
      ['iris.csv.safetensors', 'comma.csv'],
      ['iris.csv.safetensors', 'iris.jsonl'],
    ] as const)
      expect(predicted(model, table)).toEqual(first);
  });

  test('- is standard input', () => {
    const piped = (args: string[]) =>
      spawnSync(process.execPath, [cli, ...args], { cwd: folder, input: rows.join('\n'), encoding: 'utf8' });
    expect(piped(['train', '-', ...brief]).stdout).toContain('It is in stdin.safetensors.');
    expect(piped(['predict', 'stdin.safetensors', '-']).stdout.split('\n').length).toBe(152);
    expect(piped(['evaluate', 'stdin.safetensors', '-', '--json']).status).toBe(0);
    expect(piped(['describe', '-']).stdout).toContain('150 rows, 5 columns');
  });

  test('--decimal, --delimiter and --header', () => {
    write('plain.csv', Array.from({ length: 40 }, (_, i) => `${i % 5},1;${i % 2}`).join('\n'));
    const { read } = JSON.parse(
      run('train', 'plain.csv', '--decimal', ',', '--delimiter', ';', '--header', 'no', ...brief, '--json').out,
    );
    expect([read.rows, read.columns]).toEqual([40, 2]);
  });
});

describe('describe', () => {
  test('shows the table, and with --target what would be learnt', () => {
    const { status, out } = run('describe', 'cars.csv', '--target', 'mpg');
    expect(status).toBe(0);
    expect(out).toMatch(/^120 rows, 6 columns, 2 left out\n/);
    expect(out).toMatch(/^origin +category +– +3 +Europe/m);
    expect(out).toMatch(/Regression of mpg, because .*\n6 rows have no mpg to learn from/);
    expect(run('describe', 'cars.csv').out).not.toContain('Regression');
  });

  test('as data', () => {
    const data = JSON.parse(run('describe', 'cars.csv', '--target', 'mpg', '--json').out);
    expect(data).toMatchObject({ rows: 120, columnCount: 6, leftOut: 2, task: 'regression', rowsWithoutTarget: 6 });
    expect(data.columns[2]).toEqual({
      name: 'weight',
      kind: 'number',
      missing: 14,
      distinct: expect.any(Number),
      example: expect.any(Number),
      why: 'whole numbers',
    });
  });
});

describe('rows that belong together', () => {
  const visits = Array.from(
    { length: 120 },
    (_, i) =>
      `p${i % 15},2020-01-${String(1 + ((i * 7) % 30)).padStart(2, '0')},${i % 15},${(i * 37) % 11},${i % 15 < 8 ? 'ill' : 'well'}`,
  );
  write('visits.csv', `patient,day,a,b,state\n${visits.join('\n')}\n`);
  const order = ['train', 'visits.csv', '--target', 'state', ...brief, '--force'];

  test('--group: whole groups are held out, and the column is not learnt from', () => {
    const { status, out } = run(...order, '--group', 'patient', '--cv', '3', '--executor', 'inline');
    expect(status).toBe(0);
    expect(out).toContain('Left out: patient (--group keeps its rows together).');
    expect(out).toMatch(/In 3-fold cross-validation/);
    // 15 patients of 8 rows each.
    const { trainedRows, groups } = JSON.parse(run(...order, '--group', 'patient', '--json').out);
    expect([trainedRows % 8, groups]).toEqual([0, 'patient']);
    const model = JSON.parse(run('inspect', 'visits.safetensors', '--json').out);
    expect(model.columns).toEqual(['day', 'a', 'b']);
  });

  test('--time: the latest rows judge', () => {
    const { status, out } = run(...order, '--time', 'day');
    expect(status).toBe(0);
    expect(out).toContain('The latest rows by day judge it.');
    expect(
      run(
        'tune',
        'visits.csv',
        '--target',
        'state',
        '--time',
        'day',
        '--trials',
        '2',
        '--folds',
        '2',
        '--executor',
        'inline',
        ...brief,
        '--force',
      ).status,
    ).toBe(0);
  });

  test('columns that are not there, the target, and both', () => {
    expect(run(...order, '--group', 'patiant').err).toContain('--group: there is no column "patiant"');
    expect(run(...order, '--time', 'state').err).toContain('--time: "state" is the column to predict');
    expect(run(...order, '--time', 'day', '--group', 'patient').err).toContain(
      '--time: give --group or --time, not both',
    );
  });
});

describe("what a table names of readTable's options", () => {
  const rows = Array.from(
    { length: 60 },
    (_, i) =>
      `"${i + 1}" ${i % 12 === 5 ? `"5' ${i}\\""` : 150 + (i % 30)} "The ${i}. guest would have liked a larger room" ${i % 7}.0 "${i % 2 ? 'a' : 'b'}"`,
  );
  write('guests.txt', `"body height" "review" "user_id" "kind"\n${rows.join('\n')}\n`);

  test('is named as the command has it', () => {
    const { status, out } = run('describe', 'guests.txt');
    expect(status).toBe(0);
    const words = out.replace(/\s+/g, ' ');
    expect(words).toContain(`--kind "body height=number" takes these for missing`);
    expect(words).toContain('--kind review=text learns from its words');
    expect(words).toContain('--kind user_id=number overrules it');
    expect(words).not.toMatch(/kinds:|encode:/);
    expect(JSON.parse(run('describe', 'guests.txt', '--json').out).columns[2].why).toMatch(/--kind review=text/);
    const train = run('train', 'guests.txt', '--target', 'kind', '--kind', 'body height=number', ...brief);
    expect([train.status, train.out]).toEqual([0, expect.stringContaining('5 of 60 cells are no numbers')]);
    expect(train.out).toContain('--kind review=text learns from its words');
    // Ids that are written 3.0 or 3 are the same category.
    write('new.txt', 'body height,review,user_id\n160,x,3\n160,x,3.0\ntall,x,3\n');
    const predicted = run('predict', 'guests.safetensors', 'new.txt');
    expect([predicted.status, predicted.out.match(/not known/)]).toEqual([0, null]);
  });

  test('--delimiter space', () => {
    write('spaces.txt', 'a b\nx 1\ny  2\n');
    expect(JSON.parse(run('describe', 'spaces.txt', '--delimiter', 'space', '--json').out).columns).toHaveLength(2);
  });
});

test('options that contradict each other', () => {
  const said = (...args: string[]) => run('train', 'cars.csv', ...brief, ...args).err;
  expect(said('--target', 'mpg', '--ignore', 'mpg')).toBe('simdense: --ignore: "mpg" is the column to predict');
  expect(said('--target', 'mpg', '--kind', 'weight=number,weight=category')).toBe(
    'simdense: --kind: column "weight" is said to be two kinds',
  );
  const { status } = run('train', 'cars.csv', ...brief, '--target', 'origin', '--kind', 'origin=text', '--force');
  expect(status).toBe(0);
});
