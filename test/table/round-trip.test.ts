// A random table, written as CSV in a random dialect, is read back to the same cells.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Cell, type Kind, readTable, type Table } from '../../src/table/index.js';
import { missingWords } from '../../src/table/kinds/missing.js';

interface Column {
  readonly kind: Kind;
  readonly cells: readonly Cell[];
}

const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value || 0);
const decimals = fc
  .tuple(fc.integer({ min: -1e7, max: 1e7 }), fc.integer({ min: 0, max: 6 }))
  .map(([n, d]) => n / 10 ** d || 0);
const isWord = (text: string) =>
  text.trim() === text && text !== '' && !missingWords.includes(text) && !text.includes('\0') && !/^\uFEFF/.test(text);
const word = fc
  .oneof(
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.string({ unit: fc.constantFrom(...'abc1 ,;\t|"\n\r.-éß😀'), maxLength: 8 }),
  )
  .filter((text) => isWord(text) && !/\p{Cs}/u.test(text));
const cellsOf = (cell: fc.Arbitrary<Cell>, rows: number) =>
  fc.array(fc.oneof({ weight: 6, arbitrary: cell }, { weight: 1, arbitrary: fc.constant(null) }), {
    minLength: rows,
    maxLength: rows,
  });
const date = fc.integer({ min: Date.UTC(1000, 0), max: Date.UTC(2999, 0) }).map((time) => new Date(time));

const table = fc.integer({ min: 1, max: 30 }).chain((rows) =>
  fc.array(
    fc.oneof(
      cellsOf(fc.oneof(finite, decimals, fc.integer()), rows).map((cells): Column => ({ kind: 'number', cells })),
      cellsOf(word, rows).map((cells): Column => ({ kind: 'category', cells })),
      cellsOf(fc.boolean(), rows).map((cells): Column => ({ kind: 'boolean', cells })),
      cellsOf(date, rows).map((cells): Column => ({ kind: 'date', cells })),
    ),
    { minLength: 2, maxLength: 6 },
  ),
);

interface Dialect {
  readonly delimiter: string;
  readonly newline: string;
  readonly decimal: '.' | ',';
  readonly quoteAll: boolean;
  readonly missing: string;
  readonly end: boolean;
}
const dialect: fc.Arbitrary<Dialect> = fc.record({
  delimiter: fc.constantFrom(',', ';', '\t', '|'),
  newline: fc.constantFrom('\n', '\r\n'),
  decimal: fc.constantFrom('.', ','),
  quoteAll: fc.boolean(),
  missing: fc.constantFrom('', 'NA', '?', ' '),
  end: fc.boolean(),
});

function written(columns: readonly Column[], { delimiter, newline, decimal, quoteAll, missing, end }: Dialect): string {
  const quoted = (text: string) =>
    quoteAll || text.includes('"') || text.includes(delimiter) || /[\r\n]/.test(text)
      ? `"${text.replaceAll('"', '""')}"`
      : text;
  const textOf = (cell: Cell): string => {
    if (cell === null) return missing;
    if (typeof cell === 'number') return String(cell).replace('.', decimal);
    return cell instanceof Date ? cell.toISOString() : String(cell);
  };
  const rows = (columns[0] as Column).cells.map((_, row) =>
    columns.map(({ cells }) => quoted(textOf(cells[row] as Cell))),
  );
  const header = columns.map((_, c) => quoted(`c${c}`));
  return [header, ...rows].map((row) => row.join(delimiter)).join(newline) + (end ? newline : '');
}

const cellsIn = (read: Table, name: string): Cell[] =>
  Array.from({ length: read.rows }, (_, row) => read.row(row)[name] as Cell);
const kindsOf = (columns: readonly Column[]) => Object.fromEntries(columns.map(({ kind }, c) => [`c${c}`, kind]));

describe('a random table in a random dialect', () => {
  test('is read back to the same cells', async () => {
    await fc.assert(
      fc.asyncProperty(table, dialect, fc.boolean(), async (columns, how, asBytes) => {
        const text = written(columns, how);
        const kinds = kindsOf(columns);
        // What cannot be told from the cells is said.
        const read = await readTable(asBytes ? new TextEncoder().encode(text) : text, {
          kinds,
          decimal: how.decimal,
          delimiter: how.delimiter,
          header: true,
        });
        for (const [c, { cells, kind }] of columns.entries()) {
          const back = cellsIn(read, `c${c}`);
          // A column of one word cannot say which of two it is.
          if (kind === 'boolean')
            for (const [row, cell] of back.entries()) expect(cell === null).toBe(cells[row] === null);
          if (kind === 'boolean' && new Set(cells.filter((cell) => cell !== null)).size < 2) continue;
          expect(back).toEqual(cells);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('what is found out needs no options', async () => {
    await fc.assert(
      fc.asyncProperty(table, dialect, async (columns, how) => {
        const known = columns.map(
          (column): Column =>
            column.kind === 'category'
              ? {
                  ...column,
                  cells: column.cells.map(
                    (cell) => cell && `w${cell}`.replace(/[\s\S]/gu, (c) => (/[\w ]/.test(c) ? c : 'x')).trim(),
                  ),
                }
              : column,
        );
        // A row that settles the decimal sign.
        const sure = known.map(
          (column): Column => ({
            ...column,
            cells: [column.kind === 'number' ? 0.5 : (column.cells[0] as Cell), ...column.cells],
          }),
        );
        const read = await readTable(written(sure, how));
        for (const [c, { cells, kind }] of sure.entries()) {
          const { holds } = read.column(`c${c}`);
          if (cells.every((cell) => cell === null)) continue;
          const expected = kind === 'category' ? 'text' : kind;
          if (kind === 'boolean' && new Set(cells.filter((cell) => cell !== null)).size < 2) continue;
          expect([holds, ...cellsIn(read, `c${c}`)]).toEqual([expected, ...cells]);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('decimal comma and decimal point give the same table', async () => {
    await fc.assert(
      fc.asyncProperty(table, async (columns) => {
        const sure = columns.map(
          (column): Column => ({
            ...column,
            cells: [column.kind === 'number' ? 0.5 : (column.cells[0] as Cell), ...column.cells],
          }),
        );
        const how = { newline: '\n', quoteAll: false, missing: '', end: true } as const;
        const kinds = Object.fromEntries(sure.flatMap(({ kind }, c) => (kind === 'category' ? [[`c${c}`, kind]] : [])));
        const points = await readTable(written(sure, { ...how, delimiter: ',', decimal: '.' }), { kinds });
        const commas = await readTable(written(sure, { ...how, delimiter: ';', decimal: ',' }), { kinds });
        const cells = ({ data }: Table) =>
          data.columns.map(({ name, kind, holds, cells }) => ({ name, kind, holds, cells }));
        expect(cells(commas)).toEqual(cells(points));
      }),
      { numRuns: 200 },
    );
  });
});

test('parts that cut rows, cells and quotes anywhere give the same table', async () => {
  const rows = Array.from({ length: 60_000 }, (_, i) => `${i % 977}.5,"w ${i % 7}, x",${i % 3 ? 'yes' : 'no'}`);
  const quoted = await readTable(`a,b,c\n${rows.join('\n')}\n`);
  expect(quoted.rows).toBe(60_000);
  for (const row of [0, 20_000, 59_999])
    expect(quoted.row(row)).toEqual({ a: (row % 977) + 0.5, b: `w ${row % 7}, x`, c: row % 3 > 0 });
  const plain = await readTable(
    new TextEncoder().encode(`a\tb\tc\r\n${rows.join('\r\n').replaceAll(',"', '\t').replaceAll('",', '\t')}`),
  );
  expect(plain.data).toEqual(quoted.data);
});
