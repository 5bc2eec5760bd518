// Pipelines on numbers and tables, with rows to predict.
import { type FittedPipeline, fitPipeline } from '../../src/evaluate/index.js';
import { dense } from '../../src/index.js';
import { readTable } from '../../src/table/index.js';
import { hash } from '../helpers/networks.js';

export const rows = Array.from({ length: 90 }, (_, i) => [1e6 + (hash(i) % 1000), (hash(i + 500) % 100) / 7]);
export const tableRows = Array.from({ length: 200 }, (_, i) => ({
  age: i % 9 === 0 ? null : 20 + (hash(i) % 50) + 0.5,
  'open?': i % 7 === 0 ? null : i % 3 === 0,
  city: i % 11 === 0 ? null : ['Wien', 'Graz', 'Linz, an der Donau', 'x "y" */'][i % 4],
  big: i % 13 === 0 ? 1e30 : 1e12 * (hash(i) / 2 ** 32 - 0.5),
  kind: hash(i) % 50 > 25 ? 'old' : 'young',
  price: (hash(i + 7) % 1000) * 100,
}));
export const pipelines: Readonly<
  Record<string, () => Promise<[FittedPipeline, readonly (readonly number[] | object)[]]>>
> = {
  'two classes of numbers': async () => [
    await fitPipeline(
      { layers: [dense({ units: 5, activation: 'tanh' })], fit: { epochs: 3 } },
      rows,
      rows.map(([a]) => ((a as number) > 1e6 + 500 ? 'far' : 'near')),
    ),
    rows,
  ],
  'three classes of numbers': async () => [
    await fitPipeline(
      { layers: [dense({ units: 5, activation: 'gelu' })], fit: { epochs: 3 } },
      rows,
      rows.map((_, i) => i % 3),
    ),
    rows,
  ],
  'two numbers of numbers': async () => [
    await fitPipeline(
      { layers: [dense({ units: 5, activation: 'relu' })], task: 'regression', fit: { epochs: 3 } },
      rows,
      rows.map(([a, b]) => [a as number, (b as number) * 1e4]),
    ),
    rows,
  ],
  'classes of a table, with pieces': async () => [
    await fitPipeline(
      { layers: [dense({ units: 6, activation: 'mish' })], encode: { number: { pieces: 4 } }, fit: { epochs: 3 } },
      await readTable(tableRows),
      'kind',
    ),
    tableRows,
  ],
  'numbers of a table': async () => [
    await fitPipeline(
      { layers: [dense({ units: 6, activation: 'silu' })], fit: { epochs: 3 } },
      await readTable(tableRows),
      'price',
    ),
    tableRows,
  ],
};
