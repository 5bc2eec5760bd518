// What the command advises does what it says, and what it would lose is asked for first.
import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { numbers } from '../helpers/numbers.js';
import { workplace } from './run.js';

const { file, run, write } = workplace();
const train = (name: string, target: string, ...more: string[]) =>
  run('train', name, '--target', target, '--report', 'none', ...more);

beforeAll(() => {
  const next = numbers(3);
  const line = Array.from({ length: 120 }, () => {
    const [a, b] = [next(), next()];
    return `${a},${b},${30 * a - 20 * b + 100 + 3 * next()}`;
  });
  write('line.csv', `a,b,y\n${line.join('\n')}\n`);
  const rare = Array.from({ length: 600 }, (_, i) => {
    const fraud = i % 20 === 0;
    return `${next() + (fraud ? 0.7 : 0)},${next()},${fraud ? 'fraud' : 'ok'}`;
  });
  write('rare.csv', `a,b,y\n${rare.join('\n')}\n`);
  const words = ['good', 'bad', 'fine', 'poor', 'great', 'awful'];
  const texts = Array.from({ length: 120 }, (_, i) => {
    const about = `the room number ${i} on floor ${i % 7} was ${words[i % 6]} and the house is near the station`;
    return `${next()},${about},${i % 2 ? 'no' : 'yes'}`;
  });
  write('text.csv', `a,message,y\n${texts.join('\n')}\n`);
  write('message.csv', `message,y\n${texts.map((text) => text.replace(/^[^,]*,/, '')).join('\n')}\n`);
});

test('--hidden 0 trains the linear model that is advised', () => {
  const { figures } = { figures: JSON.parse(train('line.csv', 'y', '--json').out) };
  const linear = figures.linear?.meanAbsoluteError ?? figures.linearMeanAbsoluteError ?? figures.linear;
  const own = JSON.parse(train('line.csv', 'y', '--hidden', '0', '--json').out);
  expect(linear).toBeGreaterThan(0);
  // The rows that judge are others. Noise of ±3, and nothing else, is left.
  expect(own.meanAbsoluteError).toBeLessThan(1.5 * linear);
  expect(linear).toBeLessThan(2);
});

test.each([3, 4, 5, 6])('%i rows are judged, as far as they go', (rows) => {
  const lines = Array.from({ length: rows }, (_, i) => `${i + (i % 2) / 3},${(2 * i + 0.5) * 1.1}`);
  write(`few-${rows}.csv`, `x,y\n${lines.join('\n')}\n`);
  const { status, out, err } = run('train', `few-${rows}.csv`, '--target', 'y');
  expect([status, err]).toEqual([0, expect.not.stringContaining('expected')]);
  expect(out).toContain('The model that is saved');
  expect(readFileSync(file(`few-${rows}.html`), 'utf8')).toContain('Course of the run');
});

test('a wish about one of two classes needs its name, unless the words tell', () => {
  const asked = train('rare.csv', 'y', '--recall', '0.8');
  expect([asked.status, asked.err]).toEqual([
    2,
    expect.stringContaining('--recall: is about one of the classes; say which: --positive fraud or --positive ok'),
  ]);
  expect(train('rare.csv', 'y', '--recall', '0.8', '--positive', 'fraud').out).toContain('it answers fraud');
});

test('a class of which little is found is named, and the report asks for the rarer class', () => {
  const { out } = run('train', 'rare.csv', '--target', 'y');
  expect(out).toMatch(/Of 30 rows of "fraud" it finds \d+; --balanced finds more of it|never finds fraud/);
  expect(readFileSync(file('rare.html'), 'utf8')).toContain('ROC curve of fraud');
});

test('text that is left out is what is tried first', () => {
  expect(train('text.csv', 'y').out).toContain('Learn from its words first: --kind message=text.');
  expect(train('text.csv', 'y', '--kind', 'message=text').out).not.toContain('Learn from its words first');
  const { err } = train('message.csv', 'y');
  expect(err).toContain('--kind message=text learns from that column all the same');
});

test('a model of another target is not replaced where nobody has named the target', () => {
  expect(train('line.csv', 'b', '--quick').status).toBe(0);
  const last = run('train', 'line.csv', '--report', 'none', '--quick');
  expect([last.status, last.err.replace(/\s+/g, ' ')]).toEqual([
    2,
    expect.stringContaining('line.safetensors is a model of b, and this run learns y, the last column: --target asks'),
  ]);
  expect(train('line.csv', 'y', '--quick').status).toBe(0);
  expect(run('train', 'line.csv', '--report', 'none', '--quick').status).toBe(0);
});

test('the report of an evaluation is about its rows', () => {
  expect(train('line.csv', 'y').status).toBe(0);
  const lines = readFileSync(file('line.csv'), 'utf8').trim().split('\n');
  const [a, b] = (lines[7] as string).split(',');
  lines[7] = `${a},${b},999`;
  // Row 8 of the first file is row 10 here.
  write('later.csv', [lines[0], '', '', ...lines.slice(1)].join('\n'));
  expect(run('evaluate', 'line.safetensors', 'later.csv', '--report', 'later.html').status).toBe(0);
  const text = readFileSync(file('later.html'), 'utf8').replace(/<[^>]+>/g, ' ');
  expect(text).toMatch(/row\s+true\s+predicted\s+absolute error\s+a\s+b\s+10\s+999/);
  expect(text).toContain('npx simdense evaluate line.safetensors later.csv --report later.html');
  expect(text).toContain('it says nothing of these rows');
  expect(text).toContain('What the model needs');
});
