// Blocks reduced to one number.

/** Whether none of `count` floats, a multiple of 16, is NaN or infinite: 0·v is NaN for these, and so is a sum with it. */
export function allFinite(count: i32, x: usize): bool {
  const zero = f32x4.splat(0);
  let a = zero, b = zero;
  for (const end = x + (<usize>count << 2); x < end; x += 32) {
    a = f32x4.add(a, f32x4.mul(v128.load(x), zero));
    b = f32x4.add(b, f32x4.mul(v128.load(x, 16), zero));
  }
  return i32x4.all_true(f32x4.eq(f32x4.add(a, b), zero));
}
