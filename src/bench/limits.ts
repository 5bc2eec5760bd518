/**
 * Seconds that a measurement may take. With less, the options would have no time: making their engines and timing the tiles of these takes three seconds where the
 * runtime has all of them.
 */
export const [LEAST_SECONDS, MOST_SECONDS] = [8, 600];
/** Seconds that it takes by default. */
export const SECONDS = 15;
