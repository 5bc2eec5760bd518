// Numbers to predict that may be two: thousands or decimals, and a share or percents. They are refused, and not one of both.
import { describe, expect, test } from 'vitest';
import { fitPipeline, loadPipeline } from '../../src/evaluate/index.js';
import { readTable } from '../../src/table/index.js';

const pipeline = { layers: [], fit: { epochs: 2 } } as const;
const learnt = async (cell: (i: number) => string, more: Parameters<typeof readTable>[1] = {}) => {
  const rows = Array.from({ length: 60 }, (_, i) => `${cell(i)};${i % 7 > 3 ? 'b' : 'a'}`);
  const fitted = await fitPipeline(pipeline, await readTable(`x;y\n${rows.join('\n')}`, more), 'y');
  const again = loadPipeline(fitted.save());
  fitted.dispose();
  return again;
};
const comma = (value: number): string => String(value).replace('.', ',');

describe('thousands or decimals', () => {
  test.each([
    ['decimal commas', (i: number) => comma((i % 50) + 0.25), '1.234', '1,234', 1.234],
    ['decimal points', (i: number) => String((i % 50) + 0.25), '1,234', '1.234', 1.234],
    ['whole numbers', (i: number) => String(100 + ((i * 37) % 50)), '1,234', '1.234', 1.234],
    ['kilograms', (i: number) => `${(i % 50) + 0.25} kg`, '1,234 kg', '1.234 kg', 1.234],
    ['dollars', (i: number) => `$${(i % 50) + 0.25}`, '$1,234', '$1.234', 1.234],
  ] as const)('%s', async (_, cell, bad, good, value) => {
    using fitted = await learnt(cell);
    expect(() => fitted.predict([{ x: bad }])).toThrow(
      `predict: row 0, column "x" is "${bad}", expected a number as in training`,
    );
    expect(fitted.predictProbabilities([{ x: good }]).data).toEqual(fitted.predictProbabilities([{ x: value }]).data);
    // Where it can only be thousands, it is.
    const [many, most] = bad.includes('.') ? ['1.234.567', '12.345,5'] : ['1,234,567', '12,345.5'];
    const like = (text: string): string => bad.replace(/[\d.,]+/, text);
    for (const [text, number] of [
      [many, 1234567],
      [most, 12345.5],
    ] as const)
      expect(fitted.predictProbabilities([{ x: like(text as string) }]).data).toEqual(
        fitted.predictProbabilities([{ x: number }]).data,
      );
    // A table whose only cells are such, and which does not tell either.
    const table = await readTable(`x|z\n${bad}|1\n${bad}|2\n`);
    if (table.column('x').format?.guessed) expect(() => fitted.predict(table)).toThrow('read the table with decimal:');
    const asked = await readTable(`x|z\n${bad}|1\n${bad}|2\n`, { decimal: bad.includes('.') ? ',' : '.' });
    expect(fitted.predictProbabilities(asked).data.slice(0, 2)).toEqual(
      fitted.predictProbabilities([{ x: 1234 }]).data,
    );
  });

  test('a model that has seen thousands takes them', async () => {
    for (const [cell, text] of [
      [(i: number) => `${(i % 9) + 1},${String(i).padStart(3, '0')}.5`, '1,234'],
      [(i: number) => `${(i % 9) + 1}.${String(i).padStart(3, '0')},5`, '1.234'],
      [(i: number) => `$${(i % 9) + 1},${String(i).padStart(3, '0')}.5`, '$1,234'],
    ] as const) {
      using fitted = await learnt(cell);
      expect(fitted.predictProbabilities([{ x: text }]).data).toEqual(fitted.predictProbabilities([{ x: 1234 }]).data);
    }
  });
});

describe('columns whose every cell is like 1.500', () => {
  const cells = Array.from({ length: 20 }, (_, i) => 1500 + 301 * i);
  const file = (sign: string, delimiter: string) =>
    `a${delimiter}y\n${cells.map((cell) => `${String(cell).replace(/(?=\d{3}$)/, sign)}${delimiter}${cell % 2 ? 'p' : 'q'}`).join('\n')}\n`;
  test.each([
    [',', ';', "whether 1,500 is 1.5, as it is read, or 1500; decimal: '.' reads it as 1500.", '.'],
    ['.', ';', "whether 1.500 is 1500, as it is read, or 1.5; decimal: '.' reads it as 1.5.", ','],
    ['.', '\t', "whether 1.500 is 1.5, as it is read, or 1500; decimal: ',' reads it as 1500.", ','],
  ])('%s between cells separated by %j', async (sign, delimiter, said, thousands) => {
    const text = file(sign, delimiter);
    const { data } = await readTable(text);
    // Of the first cell that is no whole number, or of a text of thousands.
    expect(data.notes).toHaveLength(1);
    expect(data.notes?.[0]).toMatch(/^Column "a": nothing tells whether /);
    expect(data.notes?.[0]).toContain(said);
    const asked = await readTable(text, { decimal: thousands as '.' });
    expect(asked.values('a')).toEqual(cells);
    expect(asked.data.notes).toBeUndefined();
  });
  test('nothing is said where another cell tells, nor of a file with commas', async () => {
    expect((await readTable(`${file(',', ';')}2,25;p\n`)).data.notes).toBeUndefined();
    expect((await readTable(file('.', ','))).data.notes).toBeUndefined();
  });
});

test('a model of whole numbers beyond 999 refuses a table that may mean thousands', async () => {
  using fitted = await learnt((i) => String(1500 + i * 97));
  for (const text of ['x;z\n4.234;1\n2.345;2\n', 'x;z\n4,234;1\n2,345;2\n']) {
    const table = await readTable(text);
    expect(() => fitted.predict(table)).toThrow("read the table with decimal: '.' or ','");
    const thousands = await readTable(text, { decimal: text.includes('4.') ? ',' : '.' });
    expect(fitted.predictProbabilities(thousands).data.slice(0, 2)).toEqual(
      fitted.predictProbabilities([{ x: 4234 }]).data,
    );
  }
});

describe('a share or percents', () => {
  test('0.2 to a model of percents of which none is as small', async () => {
    using fitted = await learnt((i) => `${(i % 50) + 2} %`);
    for (const x of [0.2, '0.2', 1, -0.5])
      expect(() => fitted.predict([{ x }])).toThrow(
        `row 0, column "x" is ${JSON.stringify(x)}, expected a number as in training`,
      );
    const of20 = fitted.predictProbabilities([{ x: '20 %' }]).data;
    for (const x of [20, '20', '20%']) expect(fitted.predictProbabilities([{ x }]).data).toEqual(of20);
    const small = fitted.predictProbabilities([{ x: '0.2 %' }]).data;
    expect(fitted.predictProbabilities(await readTable('x,z\n0.2 %,1\n0.2 %,2\n')).data.slice(0, 2)).toEqual(small);
    fitted.predict([{ x: 0 }]);
    const table = await readTable([{ x: 0.2 }, { x: 0.4 }, { x: 0.1 }]);
    expect(() => fitted.predict(table)).toThrow(
      'column "x" was not read as in training: read the table with amounts in %',
    );
    fitted.predict(await readTable([{ x: 20 }, { x: 40 }]));
  });

  test('a model that has seen as small ones takes them', async () => {
    using fitted = await learnt((i) => `${(i % 50) / 4} %`);
    expect(fitted.predictProbabilities([{ x: 0.2 }]).data).toEqual(fitted.predictProbabilities([{ x: '0.2 %' }]).data);
    fitted.predict(await readTable([{ x: 0.2 }, { x: 0.4 }]));
  });
});
