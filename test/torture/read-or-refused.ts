import { expect } from 'vitest';
import { SimdenseError } from '../../src/index.js';
import { readTable, type Table } from '../../src/table/index.js';

/** Milliseconds of computing that no file of at most 64 KB may take, at its best of so many times: a busy machine makes a single one long. */
const [LONGEST, TIMES] = [2000, 3];

/** Reads a spoilt file: it gives a table that holds together, or is refused with a SimdenseError, whose message is returned. */
export async function readOrRefused(
  spoilt: Uint8Array,
  read: (bytes: Uint8Array) => Promise<Table> = readTable,
): Promise<string> {
  let shortest = Number.POSITIVE_INFINITY;
  let answer = '';
  for (let time = 0; time < TIMES && shortest >= LONGEST; time++) {
    const before = process.cpuUsage();
    answer = await answerOf(spoilt, read);
    const { user, system } = process.cpuUsage(before);
    shortest = Math.min(shortest, (user + system) / 1000);
  }
  expect(shortest).toBeLessThan(LONGEST);
  return answer;
}

async function answerOf(spoilt: Uint8Array, read: (bytes: Uint8Array) => Promise<Table>): Promise<string> {
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
  }
}
