import { expect } from 'vitest';
import { SimdenseError } from '../../src/index.js';
import { readTable, type Table } from '../../src/table/index.js';

/** Milliseconds of computing that no file of at most 64 KB may take: not of waiting, which a busy machine adds. */
const LONGEST = 2000;
const computed = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** Reads a spoilt file: it gives a table that holds together, or is refused with a SimdenseError, whose message is returned. */
export async function readOrRefused(
  spoilt: Uint8Array,
  read: (bytes: Uint8Array) => Promise<Table> = readTable,
): Promise<string> {
  const start = computed();
  try {
    const table = await read(spoilt);
    for (const { cells } of table.data.columns) {
      if ('codes' in cells) for (const code of cells.codes) expect(code).toBeLessThan(cells.texts.length);
      else for (const value of cells.values) expect(Math.abs(value)).not.toBe(Number.POSITIVE_INFINITY);
    }
    for (const line of table.describe().split('\n')) expect(Array.from(line).length).toBeLessThanOrEqual(80);
    table.row(-1);
    return 'read';
  } catch (error) {
    expect(error).toBeInstanceOf(SimdenseError);
    expect(['FORMAT', 'DATA', 'UNSUPPORTED', ...(read === readTable ? [] : ['ARGUMENT'])]).toContain(
      (error as SimdenseError).code,
    );
    expect((error as SimdenseError).message).toMatch(/^readTable: /);
    return (error as SimdenseError).message;
  } finally {
    expect(computed() - start).toBeLessThan(LONGEST);
  }
}
