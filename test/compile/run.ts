// Loads and runs what is compiled.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Compiled } from '../../src/compile/index.js';

export interface Module {
  readonly inputs?: number;
  readonly outputs: number;
  readonly columns?: readonly string[];
  readonly classes?: readonly (string | number)[];
  predict(row: ArrayLike<number> | object): Float32Array;
  predictInto(out: Float32Array, row: ArrayLike<number> | object): Float32Array;
  predictLabel(row: ArrayLike<number> | object): string | number;
}

export const load = ({ code }: Compiled): Promise<Module> =>
  import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`);
/** The bits of floats; all NaN are one. */
export const bits = (values: Float32Array): Int32Array =>
  new Int32Array(values.map((v) => (Number.isNaN(v) ? Number.NaN : v)).buffer);

export const hasCompiler = spawnSync('gcc', ['--version']).status === 0;
if (!hasCompiler) console.log('skipped: there is no gcc for what is compiled to C');

/** What a C header predicts for rows of doubles. */
export function runC(header: string, x: Float64Array, inputs: number, outputs: number): Float32Array {
  const bytes = runMain(header, x, (name) => [
    `double row[${inputs}];`,
    `float out[${outputs}];`,
    `while (fread(row, 8, ${inputs}, stdin) == ${inputs}) {`,
    `  ${name}_predict(row, out);`,
    `  fwrite(out, 4, ${outputs}, stdout);`,
    '}',
  ]);
  return new Float32Array(bytes.buffer);
}

/** The texts of the classes that a C header answers for probabilities, rows × outputs. */
export function labelsInC(header: string, probabilities: Float32Array, outputs: number): string[] {
  const bytes = runMain(header, probabilities, (name) => [
    `float out[${outputs}];`,
    `while (fread(out, 4, ${outputs}, stdin) == ${outputs}) puts(${name}_classes[${name}_label(out)]);`,
  ]);
  return new TextDecoder().decode(bytes).split('\n').slice(0, -1);
}

/** What a program with a C header writes when it reads these numbers. */
function runMain(header: string, given: Float32Array | Float64Array, body: (name: string) => string[]): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'simdense-c-'));
  try {
    const name = /(\w+)_predict\(row, out\)/.exec(header)?.[1] as string;
    writeFileSync(join(folder, 'network.h'), header);
    writeFileSync(
      join(folder, 'main.c'),
      `#include <stdio.h>
#include "network.h"
int main(void) {
  if (!${name}_test()) return 1;
  ${body(name).join('\n  ')}
  return 0;
}`,
    );
    const flags = ['-O2', '-std=c99', '-Wall', '-Wextra', '-Werror', '-ffp-contract=off'];
    execFileSync('gcc', [...flags, '-o', join(folder, 'main'), join(folder, 'main.c'), '-lm']);
    const input = new Uint8Array(given.buffer, given.byteOffset, given.byteLength);
    return Uint8Array.from(execFileSync(join(folder, 'main'), { input, maxBuffer: 2 ** 28 }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
