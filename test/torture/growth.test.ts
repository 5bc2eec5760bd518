// Time and memory of reading grow linearly with the input: fits exponents over sizes, with the built package, each size in its own process. It depends on the clock, so it
// only runs in `npm run torture`, and alone.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dense, sequential } from '../../src/index.js';
import { toOnnx } from '../../src/onnx/index.js';
import { torture } from './rounds.js';

/** The largest allowed exponents of time and of memory over size. */
const MOST = 1.1;
/** The most bytes of memory for each further byte of input, and the bytes that may be left uncollected. */
const FACTOR = 40;
const SLACK = 100e6;

const bytes = (value: string): Uint8Array => new TextEncoder().encode(value);
const rows = (count: number, cell: (i: number) => string): Uint8Array =>
  bytes(`a,b,c\n${Array.from({ length: count }, (_, i) => `${i},${cell(i)},x`).join('\n')}`);

interface Case {
  readonly name: string;
  readonly sizes: readonly number[];
  make(size: number): Uint8Array;
  /** From which entry, and what is called with `bytes` or `text`. */
  readonly entry: string;
  readonly call: string;
}

const cases: readonly Case[] = [
  {
    name: 'loadModel',
    sizes: [2000, 8000, 32000, 128000],
    make: (units) => sequential({ inputs: 64, layers: [dense({ units })] }).save(),
    entry: 'simdense',
    call: 'loadModel(bytes).dispose()',
  },
  {
    name: 'loadModel, a header of junk',
    sizes: [4e5, 16e5, 64e5],
    make(n) {
      const junk = new Uint8Array(n + 8).fill(91, 8);
      new DataView(junk.buffer).setUint32(0, n, true);
      return junk;
    },
    entry: 'simdense',
    call: 'loadModel(bytes)',
  },
  {
    name: 'loadModel, many tensors',
    sizes: [4000, 16000, 64000],
    make(n) {
      const entry = (i: number) => `"t${i}":{"dtype":"F32","shape":[1],"data_offsets":[${i * 4},${i * 4 + 4}]}`;
      const head = bytes(`{${Array.from({ length: n }, (_, i) => entry(i)).join()}}`);
      const file = new Uint8Array(8 + head.length + n * 4);
      file.set(head, 8);
      new DataView(file.buffer).setUint32(0, head.length, true);
      return file;
    },
    entry: 'simdense',
    call: 'loadModel(bytes)',
  },
  {
    name: 'loadPredictor, many layers',
    sizes: [1000, 4000, 16000],
    make: (n) => sequential({ inputs: 2, layers: Array.from({ length: n }, () => dense({ units: 2 })) }).save(),
    entry: 'simdense/predict',
    call: 'loadPredictor(bytes).dispose()',
  },
  {
    name: 'fromOnnx',
    sizes: [8000, 32000, 128000],
    make: (n) => toOnnx(sequential({ inputs: 64, layers: [dense({ units: n })] })),
    entry: 'simdense/onnx',
    call: 'fromOnnx(bytes).dispose()',
  },
  {
    name: 'fromOnnx, many nodes',
    sizes: [1000, 4000, 16000],
    make: (n) => toOnnx(sequential({ inputs: 2, layers: Array.from({ length: n }, () => dense({ units: 2 })) })),
    entry: 'simdense/onnx',
    call: 'fromOnnx(bytes).dispose()',
  },
  {
    name: 'parseCsv, numbers',
    sizes: [40_000, 160_000, 640_000],
    make: (n) => rows(n, String),
    entry: 'simdense/data',
    call: "parseCsv(text, { target: 'c' })",
  },
  {
    name: 'parseCsv, categories',
    sizes: [40_000, 160_000, 640_000],
    make: (n) => rows(n, (i) => `k${i % 20}`),
    entry: 'simdense/data',
    call: "parseCsv(text, { target: 'c' })",
  },
  {
    name: 'parseCsv, open quotes',
    sizes: [4e5, 16e5, 64e5],
    make: (n) => bytes(`a,b\n"${'x"'.repeat(n)}`),
    entry: 'simdense/data',
    call: 'parseCsv(text)',
  },
  {
    name: 'parseCsv, one quoted cell',
    sizes: [4e6, 16e6, 48e6],
    make: (n) => bytes(`a,b\n1,"${'x\n'.repeat(n / 2)}"`),
    entry: 'simdense/data',
    call: "parseCsv(text, { target: 'b' })",
  },
  {
    name: 'parseCsv, many columns by their names',
    sizes: [4000, 16_000, 64_000],
    make: (n) => bytes([0, 1].map((row) => Array.from({ length: n }, (_, i) => (row ? i : `c${i}`)).join()).join('\n')),
    entry: 'simdense/data',
    call: "parseCsv(text, { features: text.slice(0, text.indexOf('\\n')).split(',') })",
  },
  {
    // First-contact row 12.
    name: 'parseCsv, a cell of digits and an x',
    sizes: [4e6, 16e6, 48e6],
    make: (n) => bytes(`a,b\n${'1'.repeat(n)}x,1\n2,3\n`),
    entry: 'simdense/data',
    call: 'parseCsv(text)',
  },
  {
    // First-contact row 13.
    name: 'parseCsv, two rows of many columns',
    sizes: [60_000, 250_000, 1_000_000],
    make: (n) =>
      bytes([0, 1].map((row) => Array.from({ length: n }, (_, i) => (row ? i % 7 : `c${i}`)).join()).join('\n')),
    entry: 'simdense/data',
    call: 'parseCsv(text)',
  },
  {
    name: 'parseIdx',
    sizes: [1e6, 4e6, 16e6],
    make(n) {
      const file = new Uint8Array(8 + n);
      file.set([0, 0, 8, 1]);
      new DataView(file.buffer).setUint32(4, n);
      return file;
    },
    entry: 'simdense/data',
    call: 'parseIdx(bytes)',
  },
];

/** Reads the file once to measure memory, and again to measure time; prints bytes and milliseconds. */
const program = (file: string, { entry, call }: Case): string => `
import * as all from '${entry}';
import { readFileSync } from 'node:fs';
const { ${/^\w+/.exec(call)?.[0]} } = all;
const bytes = new Uint8Array(readFileSync(${JSON.stringify(file)}));
${call.includes('text') ? 'const text = new TextDecoder().decode(bytes);' : ''}
const run = () => {
  const begin = performance.now();
  try { ${call}; } catch (error) { if (error.code === undefined) throw error; }
  return performance.now() - begin;
};
const before = process.memoryUsage.rss();
run();
const memory = process.resourceUsage().maxRSS * 1024 - before;
console.log(JSON.stringify({ memory, time: Math.min(...Array.from({ length: 9 }, run)) }));`;

/** The slope of a line through the logarithms. */
function exponent(points: readonly (readonly [size: number, value: number])[]): number {
  const logs = points.map(([size, value]) => [Math.log(size), Math.log(value)] as const);
  const mean = (k: 0 | 1) => logs.reduce((sum, p) => sum + p[k], 0) / logs.length;
  const [mx, my] = [mean(0), mean(1)];
  return logs.reduce((sum, [a, b]) => sum + (a - mx) * (b - my), 0) / logs.reduce((sum, [a]) => sum + (a - mx) ** 2, 0);
}

describe.runIf(torture > 0)('time and memory grow as the input does', { timeout: 600_000 }, () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'simdense-growth-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(cases)('$name', (one) => {
    const file = join(folder, 'input');
    const measured = one.sizes.map((size) => {
      const input = one.make(size);
      writeFileSync(file, input);
      const out = execFileSync(process.execPath, ['--input-type=module', '-e', program(file, one)], {
        encoding: 'utf8',
      });
      return { bytes: input.length, ...(JSON.parse(out) as { memory: number; time: number }) };
    });
    const power = exponent(measured.map(({ bytes, time }) => [bytes, time]));
    const told = measured
      .map((m) => `${m.bytes} B: ${m.time.toFixed(1)} ms, ${(m.memory / 1e6).toFixed(0)} MB`)
      .join('; ');
    console.log(`${one.name}: exponent ${power.toFixed(2)}; ${told}`);
    expect(power).toBeLessThan(MOST);
    for (const { bytes, memory } of measured) expect(memory).toBeLessThan(SLACK + FACTOR * bytes);
  });
});
