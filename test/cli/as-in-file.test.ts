// Predictions are written as the file of the table is: its delimiter, its decimal sign, its names, its cells.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';
import { cli, workplace } from './run.js';

const { folder, run, write } = workplace();
const lines = (text: string): string[] => text.split(/\r?\n/);

beforeAll(() => {
  const rows = Array.from({ length: 60 }, (_, i) => `"${i + 1}";${i},5;"${i % 2 ? 'a' : 'b'}"`);
  write('csv2.csv', `"";"x";"sort"\n${rows.join('\n')}\n`);
  expect(run('train', 'csv2.csv', '--target', 'x', '--epochs', '2', '--report', 'none', '-o', 'm').status).toBe(0);
  expect(run('train', 'csv2.csv', '--target', 'sort', '--epochs', '2', '--report', 'none', '-o', 'c').status).toBe(0);
});

test('semicolons and decimal commas, of probabilities too; a column without a name stays without', () => {
  const [head, first] = lines(run('predict', 'm', 'csv2.csv').out);
  expect(head).toBe(';x;sort;prediction');
  expect(first).toMatch(/^1;0,5;b;-?\d+,\d+$/);
  const { out } = run('predict', 'c', 'csv2.csv', '--probabilities');
  expect(lines(out)[0]).toBe(';x;sort;prediction;p(a);p(b)');
  expect(lines(out)[1]).toMatch(/^1;0,5;b;[ab];0,\d+;0,\d+$/);
  write('again.csv', out);
  const { columns } = JSON.parse(run('describe', 'again.csv', '--json').out);
  expect(columns.map(({ name, kind }: { name: string; kind: string }) => `${name}: ${kind}`).slice(1)).toEqual([
    ...['x: number', 'sort: category', 'prediction: category', 'p(a): number', 'p(b): number'],
  ]);
});

test('tabs, gzip, a delimiter that is asked for, and numbers with commas between commas', () => {
  write('tabs.tsv.gz', gzipSync('sort\tx\nab\t1\n"a\tb"\t2\n'));
  expect(run('predict', 'c', 'tabs.tsv.gz').out).toMatch(/^sort\tx\tprediction\r?\nab\t1\t[ab]\r?\n"a\tb"\t2\t[ab]$/);
  write('colons.txt', 'sort:x\na:1\n');
  expect(run('predict', 'm', 'colons.txt', '--delimiter', ':').out).toMatch(/^sort:x:prediction\r?\na:1:-?[\d.]+$/);
  write('commas.csv', 'sort,more\na,"1,25"\nb,"2,5"\n');
  expect(run('predict', 'm', 'commas.csv').out).toMatch(
    /^sort,more,x\r?\na,"1,25","-?\d+,\d+"\r?\nb,"2,5","-?\d+,\d+"$/,
  );
});

test('what is no CSV gets commas', () => {
  write('rows.json', '[{"sort":"a","day":"2024-01-01T00:00:00.000Z"},{"sort":"b;c","day":null}]');
  expect(run('predict', 'm', 'rows.json').out).toMatch(
    /^sort,day,x(,note)?\r?\na,2024-01-01T00:00:00\.000Z,-?[\d.]+,?\r?\nb;c,,/,
  );
});

test('texts keep the spaces around them, in Latin 1 too, and names stand as they do twice', () => {
  write('spaces.csv', 'sort,other,other\n a\u00a0,\u00a0,"x ""y"" "\nb,1,2\n');
  const [head, first] = lines(run('predict', 'm', 'spaces.csv').out.replace(/^\uFEFF/, ''));
  expect(head).toBe('sort,other,other,x');
  expect(first).toMatch(/^ a\u00a0,\u00a0,"x ""y"" ",-?[\d.]+$/);
  write('latin.csv', Buffer.from('sort,café\na,é\u00a0\n', 'latin1'));
  expect(run('predict', 'm', 'latin.csv').out).toMatch(/^sort,café,x\r?\na,é\u00a0,-?[\d.]+$/);
});

test('a date of xlsx is written without the time that it has not', () => {
  write('table.xlsx', readFileSync(new URL('../golden/formats/table.xlsx', import.meta.url)));
  expect(run('train', 'table.xlsx', '--target', 'ripe', '--epochs', '2', '--report', 'none', '-o', 'x').status).toBe(0);
  const [head, first] = lines(run('predict', 'x', 'table.xlsx').out);
  expect(head).toBe('size,count,city,open,since,ripe,prediction,note');
  expect(first).toMatch(/^1\.25,0,Zürich,true,2001-01-31,grün,/);
});

test('lines end as those of the file do', () => {
  write('unix.csv', 'sort,x\na,1\nb,2\n');
  write('windows.csv', 'sort,x\r\na,1\r\nb,2\r\n');
  const bytes = (name: string) =>
    spawnSync(process.execPath, [cli, 'predict', 'm', name], { cwd: folder }).stdout.toString();
  expect(bytes('unix.csv')).toMatch(/^[^\r]*\n[^\r]*\n[^\r]*\n$/);
  expect(bytes('windows.csv')).toMatch(/^[^\r\n]*\r\n[^\r\n]*\r\n[^\r\n]*\r\n$/);
});

test('a number that may be read in two ways is read as in the training', () => {
  const points = Array.from({ length: 80 }, (_, i) => `${(i / 40 + 0.0625).toFixed(4)};${i % 7};${i * 100 + 0.5}`);
  write('points.csv', `a;z;y\n${points.join('\n')}\n`);
  expect(run('train', 'points.csv', '--target', 'y', '--report', 'none', '--epochs', '5', '-o', 'points').status).toBe(
    0,
  );
  const predicted = (text: string) => {
    write('one.csv', text);
    return JSON.parse(run('predict', 'points', 'one.csv', '--json').out).predictions[0];
  };
  expect(predicted('a;z\n1.234;1\n')).toBe(predicted('a;z\n1.234;1\n0.5;1\n'));
  write('truth.csv', 'a;z;y\n0.5;1;1.250\n0.6;1;2.000\n');
  write('same.csv', 'a;z;y\n0.5;1;1.25\n0.6;1;2.0\n');
  const judged = (name: string) => JSON.parse(run('evaluate', 'points', name, '--json').out).meanAbsoluteError;
  expect(judged('truth.csv')).toBe(judged('same.csv'));
});

test('quotes behind backslashes, also where they come late', () => {
  const rows = Array.from(
    { length: 3000 },
    (_, i) => `"${i}" ${i % 7} "${i === 2500 ? '5\' 7\\"' : 'tall'}" "${i % 2 ? 'a' : 'b'}"`,
  );
  write('late.txt', `"x" "h" "sort"\n${rows.join('\n')}\n`);
  expect(run('train', 'late.txt', '--target', 'sort', '--epochs', '1', '--report', 'none', '-o', 'late').status).toBe(
    0,
  );
  const { status, out, err } = run('predict', 'late', 'late.txt');
  expect([status, err.includes('goes on behind')]).toEqual([0, false]);
  expect(lines(out)).toHaveLength(3001);
  expect(lines(out)[2501]).toContain('5\' 7""');
});

test("the order of dates is the file's own where it settles it, otherwise that of the training", () => {
  const days = Array.from({ length: 80 }, (_, i) => `${(i % 28) + 1}/${(i % 12) + 1}/2015,${i % 12}`);
  write('days.csv', `d,y\n${days.join('\n')}\n`);
  const order = ['--target', 'y', '--task', 'regression', '--epochs', '5', '--report', 'none', '-o', 'days'];
  expect(run('train', 'days.csv', ...order).status).toBe(0);
  const predicted = (...cells: string[]) => {
    write('later.csv', `d,q\n${cells.map((cell) => `${cell},1`).join('\n')}\n`);
    return JSON.parse(run('predict', 'days', 'later.csv', '--json').out).predictions;
  };
  const [april, may] = predicted('2015-04-13', '2015-05-04');
  expect(predicted('04/13/2015', '05/04/2015')).toEqual([april, may]);
  expect(predicted('04/05/2015', '13/04/2015')).toEqual([may, april]);
  expect(predicted('04/05/2015')).toEqual([may]);
});
