// What workers and coordinators agree on.

/** Seconds that results stay in Redis: so long a coordinator may be away. */
export const ANSWERS_KEPT = 24 * 3600;
/** Most milliseconds of a worker's lock. A coordinator takes a longer one for forged. */
export const LONGEST_LOCK = 600_000;
/** How often a job may lose its worker before it is taken for what kills them. */
export const MOST_DEATHS = 5;
