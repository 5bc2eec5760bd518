// Places in a crew's control block, in words of 4 bytes, and what each worker has for itself. Both languages read this file: AssemblyScript takes the numbers for i32.

/** Words between those that different threads write: processors fetch cache lines of 64 bytes in pairs. */
export const APART = 32;

/** An i64 at 0: the job's parts in its lower half, its number in the upper one. */
export const JOB_NUMBER = 1;
/** The part function's index and the units; then the job's own words. */
export const JOB = 2;
export const JOB_WORDS = 4;

/** Workers that sleep until the job's number changes, whether the first thread sleeps, and what it sleeps on. */
export const SLEEPERS = 32;
export const FIRST_SLEEPS = 33;
export const WAKE = 34;

/** Whether the crew is dismissed, workers that have arrived, and whether one has failed. */
export const DISMISSED = 64;
export const ARRIVED = 65;
export const FAILED = 66;
/** Words of all of these. */
export const CONTROL = 67;

/** For each thread, APART words from here on. */
export const CLAIMS = 96;

/** Bytes that each worker has for itself: for random numbers, and behind them for sums over rows. */
export const DRAW_BYTES = 64;
export const SUM_BYTES = 131072;
