// Sums over the rows of a batch: in float32 over blocks of at most 256 rows, in order; the blocks' sums in float64, in order, rounded once
// at the end. The blocks follow from the number of rows alone, so tiles and threads agree to the bit, and a batch of up to 256 rows is one
// float32 sum. The error is that of the longest float32 sum, at most 255·2⁻²⁴ = 1.5e-5 of the sum of absolute values and usually far below,
// whatever the number of rows (Higham 2002, Accuracy and Stability of Numerical Algorithms, section 4.2: blocked summation).

/** The most rows of a block, so that a block of the products' left operand (256 KB) stays in the second-level cache. */
const ROW_BLOCK: i32 = 256;

/** The size of blocks of at most `most` that divide `total` evenly, in multiples of 16. */
// @ts-ignore: decorator
@inline
export function blockSize(total: i32, most: i32): i32 {
  const blocks = (total + most - 1) / most;
  return blocks <= 1 ? total : ((total + blocks - 1) / blocks + 15) & ~15;
}

/** Rows of a block; the last block may have fewer. */
// @ts-ignore: decorator
@inline
export function rowBlock(rows: i32): i32 {
  return blockSize(rows, ROW_BLOCK);
}

/** The first two of four floats, in float64. */
// @ts-ignore: decorator
@inline
export function low(four: v128): v128 {
  return f64x2.promote_low_f32x4(four);
}

/** The last two of four floats, in float64. */
// @ts-ignore: decorator
@inline
export function high(four: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<f32>(four, four, 2, 3, 2, 3));
}

/** Rounds two pairs of float64 to four floats. */
// @ts-ignore: decorator
@inline
export function join(lower: v128, upper: v128): v128 {
  return v128.shuffle<f32>(f32x4.demote_f64x2_zero(lower), f32x4.demote_f64x2_zero(upper), 0, 1, 4, 5);
}

/** The panels of units and the inputs of a kernel's gradient that are summed in float64 at a time: 128 KB, which stay in the second-level cache. */
export const SUM_PANELS: usize = 4;
export const SUM_INPUTS: i32 = 256;
/** The address of these sums: 128 bytes for each line of the gradient. */
export let sums: usize = memory.data(131072, 64);

/** Changes the address of the sums, since each thread has its own. */
export function sumIn(address: usize): void {
  sums = address;
}

/** sum += block, for `lines` lines of 16 floats. `first`: sum = block; `last`: stores the rounded sum in the block. */
export function addBlock(lines: i32, block: usize, sum: usize, first: bool, last: bool): void {
  for (const end = block + (<usize>lines << 6); block < end; block += 16, sum += 32) {
    const four = v128.load(block);
    let lower = low(four), upper = high(four);
    if (!first) {
      lower = f64x2.add(v128.load(sum), lower);
      upper = f64x2.add(v128.load(sum, 16), upper);
    }
    if (last) {
      v128.store(block, join(lower, upper));
    } else {
      v128.store(sum, lower);
      v128.store(sum, upper, 16);
    }
  }
}
