// The logarithm for long arrays: that of math.ts, with its polynomial in Estrin's form, which a processor overlaps better, and without what only special numbers need.

import { log as logOfAny } from '../generated/blas-math';

const C = memory.data<f32>([
  -0.07634429633617401, 0.12761549651622772, -0.131601944565773, 0.14201761782169342, -0.16623356938362122, 0.20001226663589478, -0.250008225440979, 0.3333333134651184, 1, 0.5, -2.12194440e-4, 0.693359375,
], 16);
const I = memory.data<u32>([
  0x3f3504f3, 0x007fffff, 0x00800000, 0x7effffff,
], 16);

/** y = log x for `count` floats, a multiple of 4; in place if x = y. */
export function logFloats(count: i32, x: usize, y: usize): void {
  for (const end = x + (<usize>count << 2); x < end; x += 16, y += 16) {
    const v = v128.load(x);
    // Positive, normal and finite: from 0x00800000 to 0x7f7fffff, as bits.
    const shiftedBits = i32x4.sub(v, v128.load32_splat(I, 8));
    if (v128.any_true(i32x4.gt_u(shiftedBits, v128.load32_splat(I, 12)))) {
      v128.store(y, logOfAny(v));
      continue;
    }
    const shifted = i32x4.sub(v, v128.load32_splat(I, 0));
    const e = f32x4.convert_i32x4_s(i32x4.shr_s(shifted, 23));
    const m = i32x4.add(v128.and(shifted, v128.load32_splat(I, 4)), v128.load32_splat(I, 0));
    const f = f32x4.sub(m, v128.load32_splat(C, 32));
    const ff = f32x4.mul(f, f), f4 = f32x4.mul(ff, ff);
    const a = f32x4.add(f32x4.mul(v128.load32_splat(C, 0), f), v128.load32_splat(C, 4));
    const b = f32x4.add(f32x4.mul(v128.load32_splat(C, 8), f), v128.load32_splat(C, 12));
    const c = f32x4.add(f32x4.mul(v128.load32_splat(C, 16), f), v128.load32_splat(C, 20));
    const d = f32x4.add(f32x4.mul(v128.load32_splat(C, 24), f), v128.load32_splat(C, 28));
    const p = f32x4.add(f32x4.mul(f32x4.add(f32x4.mul(a, ff), b), f4), f32x4.add(f32x4.mul(c, ff), d));
    let r = f32x4.mul(f32x4.mul(p, f), ff);
    r = f32x4.add(r, f32x4.mul(e, v128.load32_splat(C, 40)));
    r = f32x4.sub(r, f32x4.mul(ff, v128.load32_splat(C, 36)));
    v128.store(y, f32x4.add(f32x4.add(f, r), f32x4.mul(e, v128.load32_splat(C, 44))));
  }
}
