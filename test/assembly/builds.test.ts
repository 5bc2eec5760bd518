// The same code calls all four builds of the kernels, so each must export the kernels in the typed list. The fifth build, for simdense/predict, has some of them.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** Read from the bytes (WebAssembly Core Specification 2.0, section 5.5), since this runtime may not support all instructions. */
function exportsOf(file: string): string[] {
  const bytes = readFileSync(`dist/${file}`);
  let at = 8;
  const number = (): number => {
    for (let value = 0, shift = 0; ; shift += 7) {
      const byte = bytes[at++] as number;
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  };
  const names: string[] = [];
  while (at < bytes.length) {
    const [id, size] = [number(), number()];
    const end = at + size;
    if (id === 7)
      for (let count = number(); count > 0; count--) {
        const length = number();
        names.push(bytes.toString('utf8', at, at + length));
        at += length + 1;
        number();
      }
    at = end;
  }
  return names.sort();
}
/** Exports of the builds with threads only. */
const CREW = ['crewControl', 'serve', 'setThreads'];

test.each(['simdense.wasm', 'simdense.relaxed.wasm', 'simdense.threads.wasm', 'simdense.relaxed-threads.wasm'])(
  '%s',
  (file) => {
    const typed = Array.from(
      readFileSync('src/engine/generated/kernels.ts', 'utf8').matchAll(/^ {2}(\w+)\(/gm),
      ([, name]) => `${name}`,
    );
    const crew = file.includes('threads') ? CREW : [];
    expect(exportsOf(file)).toEqual([...typed, ...crew, 'memory'].sort());
  },
);

test.each(['quantized', 'quantized-relaxed'])(
  'simdense.%s.wasm has one kernel, over the memory of the others',
  (name) => {
    expect(exportsOf(`simdense.${name}.wasm`).filter((each) => each !== 'memory')).toEqual(['quantizedForward']);
  },
);

test('simdense.predict.wasm has what assembly/predict.ts names: no kernel that trains', () => {
  const named = Array.from(readFileSync('assembly/predict.ts', 'utf8').matchAll(/^export \{(.*)\}/gm), ([, list]) =>
    `${list}`.split(',').map((name) => name.trim()),
  ).flat();
  const exported = exportsOf('simdense.predict.wasm');
  expect(exported).toEqual([...named, 'memory'].sort());
  expect(exportsOf('simdense.wasm')).toEqual(expect.arrayContaining(exported));
  expect(exported.filter((name) => /backward|gradient|adam|loss|dropout/i.test(name))).toEqual([]);
});
