// Writes src/engine/generated/kernels.ts, the types of simdense.wasm's exports, from the declarations that AssemblyScript writes beside it.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export const KERNEL_TYPES = 'src/engine/generated/kernels.ts';

/** AssemblyScript's types in TypeScript; usize is an address. */
const types = { usize: 'Address', bool: 'boolean', void: 'void' };
const typeOf = (name) => types[name] ?? 'number';

/** `declarations` is the output of `asc --bindings raw`: for each function a comment with the types of its parameters and its result. */
export function writeKernelTypes(declarations) {
  const functions = readFileSync(declarations, 'utf8').matchAll(
    /\/\*\*\n\s+\* (assembly\/\S+)\/(\w+)\n((?:\s+\* @.*\n)*)\s+\*\/\n\s+export function/g,
  );
  const members = Array.from(functions, ([, file, name, tags]) => {
    const parameters = Array.from(
      tags.matchAll(/@param (\w+) `(\w+)`/g),
      ([, each, type]) => `${each}: ${typeOf(type)}`,
    );
    const [, result = 'void'] = /@returns `(\w+)`/.exec(tags) ?? [];
    return `  /** See ${file}.ts. */\n  ${name}(${parameters.join(', ')}): ${typeOf(result)};\n`;
  });
  if (members.length === 0) throw new Error(`${declarations} declares no function`);
  const text = `// Made from the assembly by scripts/kernel-types.mjs.\n\n/** An address in linear memory, in bytes. */
export type Address = number;\n\n/** What simdense.wasm exports. */\nexport interface Kernels {\n  readonly memory: WebAssembly.Memory;\n${members.join('')}}\n`;
  mkdirSync(dirname(KERNEL_TYPES), { recursive: true });
  writeFileSync(KERNEL_TYPES, text);
}
