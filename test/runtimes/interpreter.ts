// WebAssembly in an engine that is of no browser: the interpreter of wabt, whose code shares nothing with those of V8 and JavaScriptCore.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Compiled } from '../../src/compile/index.js';

/** Where it is not installed these tests say that they are skipped; in CI they fail. */
const isInstalled = spawnSync('wasm-interp', ['--version']).status === 0;
export const hasInterpreter = isInstalled || process.env['CI'] !== undefined;
if (!hasInterpreter) console.log('skipped: there is no wasm-interp; Debian has it in wabt');

const PAGE = 65_536;

/** Bytes as a text of WebAssembly. */
const quoted = (bytes: Uint8Array): string =>
  `"${Array.from(bytes, (byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('')}"`;

/** The bits of what a compiled network without a shell gives for rows: the module, with a function more for each row. */
export function interpreted({ wasm, code }: Compiled, rows: Float32Array, inputs: number, outputs: number): Int32Array {
  const folder = mkdtempSync(join(tmpdir(), 'simdense-wabt-'));
  const file = (name: string): string => join(folder, name);
  const [, result] = /found0 = new Float32Array\(memory\.buffer, (\d+)/.exec(code) as unknown as [string, string];
  try {
    writeFileSync(file('network.wasm'), wasm as Uint8Array);
    execFileSync('wasm2wat', [file('network.wasm'), '-o', file('network.wat')]);
    const text = readFileSync(file('network.wat'), 'utf8');
    const pages = Number(/\(memory \(;0;\) (\d+)\)/.exec(text)?.[1]);
    const start = pages * PAGE;
    const count = rows.length / inputs;
    const loads = Array.from({ length: outputs }, (_, u) => `i32.const ${Number(result) + 4 * u} i32.load`).join(' ');
    const functions = Array.from({ length: count }, (_, row) => {
      const copy = `i32.const 0 i32.const ${start + 4 * inputs * row} i32.const ${4 * inputs} memory.copy`;
      return `(func (export "row ${row}") (result${' i32'.repeat(outputs)}) ${copy} call 0 ${loads})`;
    });
    const bytes = new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength);
    const more = [...functions, `(data (i32.const ${start}) ${quoted(bytes)})`].join('\n');
    writeFileSync(
      file('rows.wat'),
      text
        .replace(/\(memory \(;0;\) \d+\)/, `(memory (;0;) ${pages + Math.ceil(bytes.length / PAGE)})`)
        .replace(/\)\s*$/, `\n${more})\n`),
    );
    execFileSync('wat2wasm', [file('rows.wat'), '-o', file('rows.wasm')]);
    const told = execFileSync('wasm-interp', [file('rows.wasm'), '--run-all-exports'], {
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    });
    const lines = Array.from(told.matchAll(/^row \d+\(\) => (.*)$/gm), ([, values]) => values as string);
    return Int32Array.from(
      lines.flatMap((line) => Array.from(line.matchAll(/i32:(\d+)/g), ([, value]) => Number(value) | 0)),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
