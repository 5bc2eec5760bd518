// Predictions of files with weights of 8 bits beside those of float32: medians of interleaved rounds, and the bytes of the files.
//   npx tsx bench/quantized.ts      after npm run build
import { dense, sequential } from 'simdense';
import { fromFloat16, quantize, toFloat16 } from 'simdense/compile';
import { loadPredictor, loadQuantizedPredictor } from 'simdense/predict';
import { interleaved, repeated } from '../src/bench/measure.js';
import { features } from '../src/engine/features.js';

const ROUNDS = 41;
const networks = [
  [64, 32, 10],
  [784, 128, 10],
  [784, 512, 256, 10],
  [2048, 2048],
];

const times = (ratio: number): string => `${ratio.toFixed(2)}×`;
console.log(`Node ${process.version}${features().relaxed ? '' : ', without relaxed SIMD'}`);
console.log('network, rows: float32; int8 plain; int8 relaxed, and how many times as fast');
for (const [inputs = 1, ...widths] of networks) {
  const layers = widths.map((units, i) => dense({ units, activation: i < widths.length - 1 ? 'relu' : 'softmax' }));
  using model = sequential({ inputs, layers, seed: 1 });
  const [file, whole, half] = [model.save(), quantize(model), toFloat16(model)];
  using float32 = loadPredictor(file);
  using plain = loadQuantizedPredictor(whole, { relaxed: false });
  using relaxed = loadQuantizedPredictor(whole);
  for (const rows of [1, 64]) {
    const x = Float32Array.from({ length: rows * inputs }, (_, i) => Math.sin(i));
    const out = new Float32Array(rows * model.outputs);
    const found = await interleaved(
      Object.entries({ float32, plain, ...(features().relaxed && { relaxed }) }).map(([name, one]) =>
        repeated(name, () => void one.predictInto(out, x)),
      ),
      ROUNDS,
    );
    const [own, ...others] = found.values() as unknown as [number, ...number[]];
    const words = others.map((time) => `${time.toFixed(1)} µs (${times(own / time)})`).join('; ');
    console.log(`${[inputs, ...widths].join('-')}, ${rows}: ${own.toFixed(1)} µs; ${words}`);
  }
  const loads = await interleaved(
    [
      repeated('float32', () => loadPredictor(file).dispose()),
      repeated('int8', () => loadQuantizedPredictor(whole).dispose()),
      repeated('float16', () => loadPredictor(fromFloat16(half)).dispose()),
    ],
    11,
  );
  const each = Array.from(loads, ([name, time]) => `${name} ${(time / 1000).toFixed(2)} ms`).join(', ');
  const share = (bytes: Uint8Array): string => (bytes.length / file.length).toFixed(3);
  console.log(`  loading: ${each}; bytes: ${file.length}, int8 ${share(whole)}, float16 ${share(half)} of them`);
}
