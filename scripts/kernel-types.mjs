// Writes src/engine/generated/kernels.ts and blas.ts, the types of what simdense.wasm and simdense.blas.wasm export, from the declarations that AssemblyScript writes beside them.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export const KERNEL_TYPES = 'src/engine/generated/kernels.ts';
export const BLAS_TYPES = 'src/engine/generated/blas.ts';

/** AssemblyScript's types in TypeScript; usize is an address. */
const types = { usize: 'Address', bool: 'boolean', void: 'void' };
const typeOf = (name) => types[name] ?? 'number';

/** Writes an interface to `file`. `declarations` is the output of `asc --bindings raw`: for each function a comment with the types of its parameters and its result. */
export function writeKernelTypes(declarations, file = KERNEL_TYPES, name = 'Kernels') {
  const functions = readFileSync(declarations, 'utf8').matchAll(
    /\/\*\*\n\s+\* (assembly\/\S+)\/(\w+)\n((?:\s+\* @.*\n)*)\s+\*\/\n\s+export function/g,
  );
  const members = Array.from(functions, ([, source, kernel, tags]) => {
    const parameters = Array.from(
      tags.matchAll(/@param (\w+) `(\w+)`/g),
      ([, each, type]) => `${each}: ${typeOf(type)}`,
    );
    const [, result = 'void'] = /@returns `(\w+)`/.exec(tags) ?? [];
    return `  /** See ${source}.ts. */\n  ${kernel}(${parameters.join(', ')}): ${typeOf(result)};\n`;
  });
  if (members.length === 0) throw new Error(`${declarations} declares no function`);
  const wasm = declarations.replace(/^dist\/|\.d\.ts$/g, '');
  const text = `// Made from the assembly by scripts/kernel-types.mjs.\n\n/** An address in linear memory, in bytes. */
export type Address = number;\n\n/** What ${wasm}.wasm exports. */\nexport interface ${name} {\n  readonly memory: WebAssembly.Memory;\n${members.join('')}}\n`;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
