// Small matrix products, where packing would take longer than the product. The sums are those of product.ts, to the bit.

import { multiplyAdd } from '../multiply-add';
import { multiplyAddDouble } from './multiply-add-double';

/** c[m, n] = a[m, k]·b[k, n], without gaps between rows. */
export function gemmSmall(shift: i32, m: i32, n: i32, k: i32, a: usize, b: usize, c: usize): void {
  const row = <usize>n << shift, depth = <usize>k << shift;
  for (let i = 0; i < m; i++, a += depth) {
    if (shift == 2) {
      let j: usize = 0;
      for (; j + 32 <= row; j += 32) {
        let s = f32x4.splat(0), t = s, at = b + j;
        for (let p: usize = 0; p < depth; p += 4, at += row) {
          const v = v128.load32_splat(a + p);
          s = multiplyAdd(v, v128.load(at), s), t = multiplyAdd(v, v128.load(at, 16), t);
        }
        v128.store(c + j, s), v128.store(c + j, t, 16);
      }
      for (; j + 16 <= row; j += 16) {
        let s = f32x4.splat(0), at = b + j;
        for (let p: usize = 0; p < depth; p += 4, at += row) s = multiplyAdd(v128.load32_splat(a + p), v128.load(at), s);
        v128.store(c + j, s);
      }
      for (; j < row; j += 4) {
        let s = f32x4.splat(0), at = b + j;
        for (let p: usize = 0; p < depth; p += 4, at += row) s = multiplyAdd(v128.load32_zero(a + p), v128.load32_zero(at), s);
        store<f32>(c + j, f32x4.extract_lane(s, 0));
      }
    } else {
      let j: usize = 0;
      for (; j + 32 <= row; j += 32) {
        let s = f64x2.splat(0), t = s, at = b + j;
        for (let p: usize = 0; p < depth; p += 8, at += row) {
          const v = v128.load64_splat(a + p);
          s = multiplyAddDouble(v, v128.load(at), s), t = multiplyAddDouble(v, v128.load(at, 16), t);
        }
        v128.store(c + j, s), v128.store(c + j, t, 16);
      }
      for (; j < row; j += 8) {
        let s = f64x2.splat(0), at = b + j;
        for (let p: usize = 0; p < depth; p += 8, at += row) s = multiplyAddDouble(v128.load64_zero(a + p), v128.load64_zero(at), s);
        store<f64>(c + j, f64x2.extract_lane(s, 0));
      }
    }
    c += row;
  }
}
