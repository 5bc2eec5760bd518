// Figures of a run that were written as JSON.
import type { Logs } from '../train/history.js';

/** Figures from JSON, which has null where a figure was NaN or infinite. */
export const readLogs = (logs: Readonly<Record<string, number | null>>): Logs =>
  Object.fromEntries(Object.entries(logs).map(([name, figure]) => [name, figure ?? Number.NaN]));
