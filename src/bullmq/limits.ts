// What workers and coordinators agree on.

/** How many seconds results stay in Redis. A coordinator may be away for so long. */
export const ANSWERS_KEPT = 24 * 3600;
/** The longest lock of a worker, in milliseconds. A coordinator takes a longer one for forged. */
export const LONGEST_LOCK = 600_000;
/** How often a job may lose its worker before the job is taken for the cause. */
export const MOST_DEATHS = 5;
