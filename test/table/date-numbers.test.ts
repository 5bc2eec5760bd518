// Numbers that are asked to be dates.
import { expect, test } from 'vitest';
import { fitPipeline } from '../../src/evaluate/index.js';
import { loadPredictor } from '../../src/predict/index.js';
import { readTable } from '../../src/table/index.js';

const kinds = { when: 'date' } as const;
const dates = async (cells: readonly unknown[]) => {
  const table = await readTable(
    cells.map((when) => ({ when, x: 1 })),
    { kinds },
  );
  return {
    why: table.column('when').why,
    cells: table.head(9).map(({ when }) => (when as Date | null)?.toISOString() ?? null),
  };
};

test('milliseconds and seconds since 1970, told apart by their size', async () => {
  expect(await dates([1_700_000_000_000, null, 1_700_000_000_123])).toEqual({
    why: 'dates, as milliseconds since 1970, as asked',
    cells: ['2023-11-14T22:13:20.000Z', null, '2023-11-14T22:13:20.123Z'],
  });
  expect(await dates([1_700_000_000.25, 0, -86_400])).toEqual({
    why: 'dates, as seconds since 1970, as asked',
    cells: ['2023-11-14T22:13:20.250Z', '1970-01-01T00:00:00.000Z', '1969-12-31T00:00:00.000Z'],
  });
  // The first milliseconds too, beside later ones.
  expect((await dates([0, 1_700_000_000_000])).cells[0]).toBe('1970-01-01T00:00:00.000Z');
  expect((await dates([1_700_000_000_000n, 'NA'])).cells).toEqual(['2023-11-14T22:13:20.000Z', null]);
});

test('years and days stay what they are, also where one is wrong', async () => {
  expect(await dates([1999, 20001231])).toEqual({
    why: 'dates, as asked',
    cells: ['1999-01-01T00:00:00.000Z', '2000-12-31T00:00:00.000Z'],
  });
  await expect(dates([20001231, 20001331])).rejects.toThrow(`row 2, column "when" is "20001331", no date`);
  await expect(dates([1999, 20])).rejects.toThrow(`row 2, column "when" is "20", no date`);
  await expect(dates([1e16])).rejects.toThrow('no date');
  // Unasked they are numbers.
  expect((await readTable([{ a: 1_700_000_000_000 }, { a: 1 }])).column('a').kind).toBe('number');
});

test('a fitted pipeline reads them in objects as its table was read', async () => {
  const learn = async (unit: number) => {
    const rows = Array.from({ length: 40 }, (_, i) => ({
      when: (1_700_000_000_000 + i * 864e5) / unit,
      y: i < 20 ? 'a' : 'b',
    }));
    return fitPipeline({ layers: [], fit: { epochs: 1 } }, await readTable(rows, { kinds }), 'y');
  };
  const [time, text] = [1_700_000_000_000, '2023-11-14T22:13:20Z'];
  for (const [unit, number] of [
    [1, time],
    [1000, time / 1000],
  ] as const) {
    const fitted = await learn(unit);
    const one = (when: unknown) => loadPredictor(fitted.save()).predict([{ when }]).toArrays();
    expect(one(number)).toEqual(one(text));
    expect(one(new Date(time))).toEqual(one(text));
    expect(fitted.encoder?.encodeRecords([{ when: number }]).toArrays()).toEqual(
      fitted.encoder?.encodeRecords([{ when: text }]).toArrays(),
    );
  }
  const dated = Array.from({ length: 40 }, (_, i) => ({ when: new Date(time + i * 864e5), y: i % 2 ? 'a' : 'b' }));
  const { encoder } = await fitPipeline({ layers: [], fit: { epochs: 1 } }, await readTable(dated), 'y');
  const of = (when: unknown) => encoder?.encodeRecords([{ when }]).toArrays();
  expect(of(time)).toEqual(of(text));
  // Seconds would be in January 1970.
  expect(() => of(time / 1000)).toThrow('row 0, column "when" is 1700000000, expected a Date');
});
