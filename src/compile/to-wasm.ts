import type { Program } from "./program.js"; export const toWasm = (_: Program): { code: string; wasm: Uint8Array } => { throw new Error("not yet"); };
