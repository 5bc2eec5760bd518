// Numbers that tell the kernels which activation or loss to compute. TypeScript and AssemblyScript (as i32) both import this file.

export const SIGMOID = 0;
export const TANH = 1;
export const RELU = 2;
export const LEAKY_RELU = 3;
export const ELU = 4;
export const SOFTPLUS = 5;
export const SILU = 6;
export const GELU = 7;
export const MISH = 8;
export const SOFTSIGN = 9;
export const HARD_SWISH = 10;
export const TANH_SHRINK = 11;

export const MEAN_SQUARED = 0;
export const HALF_SQUARED = 1;
export const MEAN_ABSOLUTE = 2;
export const HUBER = 3;
export const BINARY = 4;
export const CATEGORICAL = 5;
export const BINARY_LOGITS = 6;
export const CATEGORICAL_LOGITS = 7;
export const LOG_COSH = 8;
export const CATEGORICAL_LOGS = 9;

/** What is added to whole numbers of 7 bits with a sign, for products that take them without. */
export const SHIFT = 64;
/** The rows that a product of whole numbers takes at a time. */
export const ROWS = 16;
