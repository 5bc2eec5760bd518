// The layout of a crew's control block, in words of 4 bytes, and of each worker's own memory. TypeScript and AssemblyScript (as i32) both import this file.

/** The distance between words that different threads write. It avoids false sharing: processors fetch cache lines of 64 bytes in pairs. */
export const APART = 32;

/** The job's number: the upper half of an i64 at 0, whose lower half is its number of parts. */
export const JOB_NUMBER = 1;
/** The part function's index and the number of units; then the job's arguments. */
export const JOB = 2;
export const JOB_WORDS = 4;

/** The number of workers that sleep until the job's number changes; whether the first thread sleeps; and the word that wakes it. */
export const SLEEPERS = 32;
export const FIRST_SLEEPS = 33;
export const WAKE = 34;

/** Whether the crew is dismissed, how many workers have arrived, and whether one has failed. */
export const DISMISSED = 64;
export const ARRIVED = 65;
export const FAILED = 66;
/** The number of words up to here. */
export const CONTROL = 67;

/** The claims of the first thread; those of the next one are APART words further on, and so on. */
export const CLAIMS = 96;

/** Bytes of each worker's own memory: for random numbers, and after them for sums over rows. */
export const DRAW_BYTES = 64;
export const SUM_BYTES = 131072;
