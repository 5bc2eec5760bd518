// Sends the digits to three regions, as if each had met them: each region has other writers, and none all digits.   npm run collect
import { readTable } from 'simdense/node';

const url = process.argv[2] ?? 'http://localhost:8787';
const names = [...Array.from({ length: 64 }, (_, i) => `p${i}`), 'digit'];
const table = await readTable(new URL('../data/digits.csv.gz', import.meta.url), { header: false });
const rows = Array.from({ length: table.rows }, (_, row) =>
  Object.fromEntries(Object.values(table.row(row)).map((cell, i) => [names[i], cell])),
);
const known = { eu: [0, 1, 2, 3, 4, 5], us: [3, 4, 5, 6, 7, 8], asia: [6, 7, 8, 9, 0, 1] };
for (const [at, [region, digits]] of Object.entries(known).entries()) {
  // Every fifth row is left to measure with; of those that two regions know each has half.
  const own = rows.filter(({ digit }, row) => row % 5 !== 0 && digits.includes(digit) && (row + at) % 2 === 0);
  for (let from = 0; from < own.length; from += 100) {
    const body = JSON.stringify(own.slice(from, from + 100));
    const response = await fetch(new URL(`/${region}/rows`, url), { method: 'POST', body });
    if (!response.ok) throw new Error(await response.text());
  }
  console.log(`${region}: ${own.length} rows`);
}
