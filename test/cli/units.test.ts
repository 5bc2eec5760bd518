// What predict makes of numbers in another unit than the model's, and of numbers that are words for missing cells.
import { describe, expect, test } from 'vitest';
import { workplace } from './run.js';

const { run, write } = workplace();
const rows = (cell: (i: number) => string | number) =>
  `x,y\n${Array.from({ length: 60 }, (_, i) => `${cell(i)},${i % 7 > 3 ? 'b' : 'a'}`).join('\n')}\n`;
const learn = (name: string, cell: (i: number) => string | number, ...more: string[]) => {
  write(`${name}.csv`, rows(cell));
  const args = ['--target', 'y', '--epochs', '3', '--report', 'none', '--out', `${name}.safetensors`, ...more];
  expect(run('train', `${name}.csv`, ...args).status).toBe(0);
};
const predicted = (name: string, text: string) => {
  write('new.csv', text);
  return run('predict', `${name}.safetensors`, 'new.csv').out.trimEnd().split('\n').slice(1);
};

describe('units', () => {
  test.each([
    ['dollars', (i: number) => `$${i % 7}`, '€5', '$5'],
    ['dollars', (i: number) => `$${i % 7}`, '5%', '5'],
    ['mass', (i: number) => `${i % 7} kg`, '5 lb', '5 kg'],
    ['percent', (i: number) => `${i % 7}%`, '$5', '5%'],
    ['plain', (i: number) => i % 7, '03:21', '5'],
  ] as const)('%s: %#', (name, cell, other, own) => {
    learn(name, cell);
    const lines = predicted(name, `x\n${other}\n${other}\n`);
    expect(lines).toHaveLength(2);
    for (const line of lines) expect(line).toContain(`x is ""${other}"", no number`);
    for (const line of predicted(name, `x\n${own}\n${own}\n`)) expect(line).not.toContain('no number');
  });
});

test('numbers among the missing words of the training', () => {
  learn('words', (i) => (i % 9 === 0 ? -999 : i % 7), '--missing-words=-999');
  const note = 'x is missing: the model has learnt what that means';
  const [word, written, blank, five] = predicted('words', 'x\n-999\n-999.0\n""\n5\n');
  for (const line of [word, written, blank]) expect(line).toContain(note);
  expect(five).not.toContain(note);
});

describe('numbers that may be two', () => {
  test('1.234 to a model of decimal commas: said, and not taken for one of both', () => {
    learn('commas', (i) => `"${i % 50},25"`);
    for (const [text, note] of [
      ['"1.234"', 'x is ""1.234"", unclear, thousands or decimals: taken as'],
      ['"1,5"', undefined],
      ['"1.234.567"', undefined],
    ] as const)
      for (const line of predicted('commas', `x;z\n${text};1\n${text};2\n`))
        if (note) expect(line).toContain(note);
        else expect(line).not.toContain('unclear');
    // What another cell of the file tells, it tells of all.
    for (const line of predicted('commas', 'x;z\n1.234;1,5\n1.234;2,5\n')) expect(line).not.toContain('unclear');
    write('new.csv', 'x\n1.234\n1.234\n');
    expect(run('predict', 'commas.safetensors', 'new.csv', '--decimal', ',').out).not.toContain('unclear');
    expect(run('predict', 'commas.safetensors', 'new.csv').err).toContain(
      'In 2 rows some cell could not be used: x is unclear, thousands or decimals',
    );
  });

  test('0.2 to a model of percents', () => {
    learn('percents', (i) => `${(i % 50) + 2} %`);
    for (const line of predicted('percents', 'x\n0.2\n0.3\n'))
      expect(line).toContain('unclear, a share or %: taken as');
    for (const line of predicted('percents', 'x\n20\n0.2 %\n')) expect(line).not.toContain('unclear');
  });
});
