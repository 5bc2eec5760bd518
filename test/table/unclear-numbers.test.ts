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
