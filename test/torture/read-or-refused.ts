import { SimdenseError } from '../../src/index.js';
import { readTable, type Table } from '../../src/table/index.js';

/** Milliseconds of computing that no file of at most 64 KB may take, at its best of so many times: a busy machine makes a single one long. */
const [LONGEST, TIMES] = [2000, 3];

/**
 * Reads a spoilt file: it gives a table that holds together, or is refused with a SimdenseError, whose message is returned. Throws at anything else. What holds is checked
 * without `expect`, which takes ten times as long as the reading.
 */
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
  if (shortest >= LONGEST) throw new Error(`read or refused after ${shortest} ms of computing`);
  return answer;
}

async function answerOf(spoilt: Uint8Array, read: (bytes: Uint8Array) => Promise<Table>): Promise<string> {
  let table: Table;
  try {
    table = await read(spoilt);
  } catch (error) {
    return refusalOf(error, read === readTable ? codes : [...codes, 'ARGUMENT']);
  }
  holdsTogether(table);
  return 'read';
}

const codes = ['FORMAT', 'DATA', 'UNSUPPORTED'];

function refusalOf(error: unknown, allowed: readonly string[]): string {
  if (!(error instanceof SimdenseError)) throw error;
  if (!allowed.includes(error.code) || !error.message.startsWith('readTable: ')) throw error;
  return error.message;
}

function holdsTogether(table: Table): void {
  for (const { name, cells } of table.data.columns) {
    const wrong =
      'codes' in cells
        ? cells.codes.some((code) => code >= cells.texts.length)
        : cells.values.some((value) => Math.abs(value) === Number.POSITIVE_INFINITY);
    if (wrong) throw new Error(`column ${JSON.stringify(name)} does not hold together`);
  }
  const wide = table
    .describe()
    .split('\n')
    .find((line) => Array.from(line).length > 80);
  if (wide !== undefined) throw new Error(`a line of describe is wider than a terminal: ${wide}`);
  table.row(-1);
}
