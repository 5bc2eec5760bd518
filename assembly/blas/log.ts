// The logarithm for long arrays: that of math.ts, with its polynomial in Estrin's form, which a processor overlaps better, and without what only special numbers need.

import { log as logOfAny } from '../generated/blas-math';

const C = memory.data<f32>([
  -0.07634429633617401, -0.07634429633617401, -0.07634429633617401, -0.07634429633617401,
  0.12761549651622772, 0.12761549651622772, 0.12761549651622772, 0.12761549651622772,
  -0.131601944565773, -0.131601944565773, -0.131601944565773, -0.131601944565773,
  0.14201761782169342, 0.14201761782169342, 0.14201761782169342, 0.14201761782169342,
  -0.16623356938362122, -0.16623356938362122, -0.16623356938362122, -0.16623356938362122,
  0.20001226663589478, 0.20001226663589478, 0.20001226663589478, 0.20001226663589478,
  -0.250008225440979, -0.250008225440979, -0.250008225440979, -0.250008225440979,
  0.3333333134651184, 0.3333333134651184, 0.3333333134651184, 0.3333333134651184,
  1, 1, 1, 1,
  0.5, 0.5, 0.5, 0.5,
  -2.12194440e-4, -2.12194440e-4, -2.12194440e-4, -2.12194440e-4,
  0.693359375, 0.693359375, 0.693359375, 0.693359375,
], 16);
const I = memory.data<u32>([
  0x3f3504f3, 0x3f3504f3, 0x3f3504f3, 0x3f3504f3,
  0x007fffff, 0x007fffff, 0x007fffff, 0x007fffff,
  0x00800000, 0x00800000, 0x00800000, 0x00800000,
  0x7effffff, 0x7effffff, 0x7effffff, 0x7effffff,
], 16);

/** y = log x for `count` floats, a multiple of 4; in place if x = y. */
export function logFloats(count: i32, x: usize, y: usize): void {
  for (const end = x + (<usize>count << 2); x < end; x += 16, y += 16) {
    const v = v128.load(x);
    // Positive, normal and finite: from 0x00800000 to 0x7f7fffff, as bits.
    const shiftedBits = i32x4.sub(v, v128.load(I, 32));
    if (v128.any_true(i32x4.gt_u(shiftedBits, v128.load(I, 48)))) {
      v128.store(y, logOfAny(v));
      continue;
    }
    const shifted = i32x4.sub(v, v128.load(I));
    const e = f32x4.convert_i32x4_s(i32x4.shr_s(shifted, 23));
    const m = i32x4.add(v128.and(shifted, v128.load(I, 16)), v128.load(I));
    const f = f32x4.sub(m, v128.load(C, 128));
    const ff = f32x4.mul(f, f), f4 = f32x4.mul(ff, ff);
    const a = f32x4.add(f32x4.mul(v128.load(C), f), v128.load(C, 16));
    const b = f32x4.add(f32x4.mul(v128.load(C, 32), f), v128.load(C, 48));
    const c = f32x4.add(f32x4.mul(v128.load(C, 64), f), v128.load(C, 80));
    const d = f32x4.add(f32x4.mul(v128.load(C, 96), f), v128.load(C, 112));
    const p = f32x4.add(f32x4.mul(f32x4.add(f32x4.mul(a, ff), b), f4), f32x4.add(f32x4.mul(c, ff), d));
    let r = f32x4.mul(f32x4.mul(p, f), ff);
    r = f32x4.add(r, f32x4.mul(e, v128.load(C, 160)));
    r = f32x4.sub(r, f32x4.mul(ff, v128.load(C, 144)));
    v128.store(y, f32x4.add(f32x4.add(f, r), f32x4.mul(e, v128.load(C, 176))));
  }
}
