// Reading a large CSV file: readTable from bytes against pandas.read_csv, in time and in memory above the start.
//   npx tsx bench/read-table.ts [rows] [rounds]
// Each round is a process of its own, in turns. Needs Python with pandas, at PYTHON or python3.
import { execFileSync } from 'node:child_process';
import { createWriteStream, existsSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { readTable } from '../src/table/index.js';

const [rows = '1000000', rounds = '3'] = process.argv.slice(2);
const path = join(tmpdir(), `simdense-read-table-${rows}.csv`);

/** 17 columns of numbers with six digits, three of categories. */
async function write(): Promise<void> {
  const out = createWriteStream(path);
  const names = Array.from({ length: 20 }, (_, c) => `${c < 17 ? 'x' : 'c'}${c}`);
  out.write(`${names.join(',')}\n`);
  let state = 1;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const cities = Array.from({ length: 50 }, (_, i) => `city ${i}`);
  for (let row = 0; row < Number(rows); ) {
    let text = '';
    for (const end = row + 1000; row < end; row++) {
      for (let c = 0; c < 17; c++) text += `${(next() * 100 - (c % 3) * 50).toFixed(c % 2 === 0 ? 6 : 4)},`;
      text += `${cities[Math.floor(next() * 50)]},${next() < 0.3 ? 'yes' : 'no'},${'abcde'[Math.floor(next() * 5)]}\n`;
    }
    if (!out.write(text)) await new Promise<void>((resolve) => out.once('drain', () => resolve()));
  }
  out.end();
  await finished(out);
}

async function read(file: string): Promise<void> {
  const bytes = readFileSync(file);
  const before = process.memoryUsage().rss;
  const start = performance.now();
  const table = await readTable(bytes);
  const seconds = (performance.now() - start) / 1000;
  // The largest resident memory so far, in KiB.
  const peak = process.resourceUsage().maxRSS * 1024 - before;
  console.log(JSON.stringify({ seconds, peak, rows: table.rows, columns: table.columns.length }));
}

const python = `
import json, resource, sys, time
import pandas
start = time.perf_counter()
frame = pandas.read_csv(sys.argv[1])
print(json.dumps({'seconds': time.perf_counter() - start, 'rows': len(frame)}))
`;

async function compare(): Promise<void> {
  if (!existsSync(path)) await write();
  const { size } = statSync(path);
  console.log(
    `${Number(rows).toLocaleString('en-US')} rows × 20 columns, ${(size / 1e6).toFixed(0)} MB, Node ${process.version}`,
  );
  const ours: { seconds: number; peak: number }[] = [];
  const theirs: { seconds: number }[] = [];
  for (let round = 0; round < Number(rounds); round++) {
    ours.push(JSON.parse(run(process.execPath, ['--import', 'tsx', import.meta.filename, '--read', path])));
    theirs.push(JSON.parse(run(process.env['PYTHON'] ?? 'python3', ['-c', python, path])));
  }
  const best = (all: readonly { seconds: number }[]): number => Math.min(...all.map(({ seconds }) => seconds));
  console.log(`readTable        ${best(ours).toFixed(2)} s`);
  console.log(
    `pandas.read_csv  ${best(theirs).toFixed(2)} s, so ours is ${(best(ours) / best(theirs)).toFixed(2)} × that`,
  );
  const peak = Math.max(...ours.map(({ peak }) => peak));
  console.log(
    `memory above the start, at its peak: ${(peak / 1e6).toFixed(0)} MB, ${(peak / size).toFixed(2)} × the file`,
  );
}

const run = (program: string, words: readonly string[]): string =>
  execFileSync(program, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });

if (rows === '--read') await read(rounds);
else await compare();
