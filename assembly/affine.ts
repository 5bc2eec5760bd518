// Rescales all values by the same factor and offset.

/** y = scale·x + offset; in place if x = y. */
export function affine(count: i32, x: usize, y: usize, scale: f32, offset: f32): void {
  const s = f32x4.splat(scale);
  const o = f32x4.splat(offset);
  for (const end = x + (<usize>count << 2); x < end; x += 16, y += 16) {
    v128.store(y, f32x4.add(f32x4.mul(v128.load(x), s), o));
  }
}
