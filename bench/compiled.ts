// What compiled networks take and weigh: one row at a time, beside predictInto of simdense/predict, in interleaved rounds of this run.
//   npx tsx bench/compiled.ts [rounds]
// docs/deploying.md has the figures. Sizes are those of the WebAssembly with its JavaScript.
import { gzipSync } from 'node:zlib';
import { type CompileOptions, compile } from '../src/compile/index.js';
import { dense, type Sequential, sequential } from '../src/index.js';
import { loadPredictor } from '../src/predict/index.js';

const rounds = Number(process.argv[2] ?? 301);
/** Milliseconds of a round of one way: shorter than an operating system lets others wait, so that most rounds are undisturbed. */
const ROUND = 1;

interface Module {
  predictInto(out: Float32Array, row: Float32Array): Float32Array;
}
const load = (code: string): Promise<Module> =>
  import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`) as Promise<Module>;

const network = (inputs: number, units: readonly number[]): Sequential =>
  sequential({
    inputs,
    layers: units.map((n, i) => dense({ units: n, activation: i === units.length - 1 ? 'softmax' : 'relu' })),
    seed: 1,
  });

/** What is timed: the shapes, and how they are compiled. */
const timed: readonly (readonly [inputs: number, units: readonly number[], ways: readonly CompileOptions[]])[] = [
  [4, [16, 3], [{ to: 'wasm' }, { to: 'js' }]],
  [784, [128, 10], [{ to: 'wasm' }, { to: 'js' }, { to: 'wasm', weights: 'int8' }]],
  [784, [512, 256, 10], [{ to: 'wasm' }, { to: 'wasm', weights: 'int8' }]],
];

/** Microseconds of a call: the median of the rounds, in which the ways take turns. */
function inTurns(ways: ReadonlyMap<string, () => unknown>): Map<string, number> {
  const calls = new Map<string, number>();
  const times = new Map<string, number[]>();
  const time = (run: () => unknown, count: number): number => {
    const begin = performance.now();
    for (let i = 0; i < count; i++) run();
    return performance.now() - begin;
  };
  for (const [name, run] of ways) {
    // Until the runtime's best compiler has seen it.
    for (const begin = performance.now(); performance.now() - begin < 300; ) run();
    calls.set(name, Math.max(1, Math.round(ROUND / (time(run, 20) / 20))));
    times.set(name, []);
  }
  for (let round = 0; round < rounds; round++)
    for (const [name, run] of ways) {
      const count = calls.get(name) as number;
      (times.get(name) as number[]).push((1000 * time(run, count)) / count);
    }
  return new Map(
    Array.from(times, ([name, own]) => [name, own.sort((a, b) => a - b)[Math.floor(own.length / 2)] as number]),
  );
}

console.log(`one row, µs: the median of ${rounds} interleaved rounds, Node ${process.version}`);
for (const [inputs, units, compiled] of timed) {
  using model = network(inputs, units);
  using predictor = loadPredictor(model.save());
  const row = Float32Array.from({ length: inputs }, (_, i) => ((i * 37 + 11) % 64) / 32 - 1);
  const out = new Float32Array(units.at(-1) as number);
  const ways = new Map<string, () => unknown>([['predictInto', () => predictor.predictInto(out, row)]]);
  for (const options of compiled) {
    const module = await load(compile(model, options).code);
    ways.set(`${options.to} ${options.weights ?? 'float32'}`, () => module.predictInto(out, row));
  }
  const times = inTurns(ways);
  const exact = times.get('predictInto') as number;
  console.log(`\n${[inputs, ...units].join('-')}`);
  for (const [name, time] of times)
    console.log(
      `${name.padEnd(16)}${time.toFixed(time < 1 ? 3 : 1).padStart(9)}${`${(time / exact).toFixed(2)}×`.padStart(9)}`,
    );
}

/** What is weighed, with the most bytes that it may have, where that is promised. */
const weighed: readonly (readonly [
  inputs: number,
  units: readonly number[],
  weights: 'float32' | 'int8',
  most?: number,
])[] = [
  [4, [16, 3], 'float32', 2048],
  [64, [32, 10], 'float32'],
  [64, [32, 10], 'int8', 6144],
  [784, [128, 10], 'float32'],
  [784, [128, 10], 'int8'],
];
console.log('\ngzipped bytes of the module with WebAssembly');
let isTooLarge = false;
for (const [inputs, units, weights, most] of weighed) {
  using model = network(inputs, units);
  const bytes = gzipSync(compile(model, { to: 'wasm', weights }).code, { level: 9 }).length;
  isTooLarge ||= bytes > (most ?? bytes);
  const name = `${[inputs, ...units].join('-')} ${weights}`;
  const bound = most === undefined ? '' : `, at most ${most.toLocaleString('en')}`;
  console.log(`${name.padEnd(20)}${bytes.toLocaleString('en').padStart(9)}${bound}`);
}
if (isTooLarge) process.exitCode = 1;
