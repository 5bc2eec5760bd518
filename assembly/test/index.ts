// A separate build for tests: the functions of math.ts over blocks, and Philox on any counter.

import { draw, words } from '../random';
import { erf, exp, log, log1p, sigmoid, softplus, tanh } from '../math';

/** Allocates `bytes` bytes on AssemblyScript's heap. */
export function allocate(bytes: usize): usize {
  return heap.alloc(bytes);
}

export function release(block: usize): void {
  heap.free(block);
}

/** out[i] = f(x[i]) for tests: 0 exp, 1 log, 2 log1p, 3 tanh, 4 sigmoid, 5 softplus, 6 erf; `count` a multiple of 4. */
export function mapMath(f: i32, count: i32, x: usize, out: usize): void {
  for (let i: usize = 0, n = <usize>count << 2; i < n; i += 16) {
    const v = v128.load(x + i);
    let y = v;
    if (f == 0) y = exp(v);
    else if (f == 1) y = log(v);
    else if (f == 2) y = log1p(v);
    else if (f == 3) y = tanh(v);
    else if (f == 4) y = sigmoid(v);
    else if (f == 5) y = softplus(v);
    else y = erf(v);
    v128.store(out + i, y);
  }
}

/** out[0…15] = the words of the counters (index, step, purpose, last) to (index + 3, …), for the published known answers. */
export function philox(seed0: u32, seed1: u32, index: u32, step: u32, purpose: u32, last: u32, out: usize): void {
  draw(seed0, seed1, purpose, step, index, last);
  memory.copy(out, words, 64);
}

/** Traps. AssemblyScript's heap calls it if it cannot allocate. */
export function fail(message: usize, file: usize, line: u32, column: u32): void {
  unreachable();
}
