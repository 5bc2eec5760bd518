import { metricNames } from './metrics/names.js';

/** What the logs may hold beside metrics of one's own. */
export const figures: readonly string[] = ['loss', ...metricNames].flatMap((name) => [
  name,
  `val${name[0]?.toUpperCase()}${name.slice(1)}`,
]);

/**
 * Whether less of a figure of the logs is better: of the loss and of errors less, of the other metrics more, in training as in validation. undefined for a figure
 * that simdense does not know, such as a metric in JavaScript.
 */
export function lessIsBetter(figure: string): boolean | undefined {
  const name = /^val[A-Z]/.test(figure) ? `${figure[3]?.toLowerCase()}${figure.slice(4)}` : figure;
  if (name === 'loss') return true;
  return (metricNames as readonly string[]).includes(name) ? name.endsWith('Error') : undefined;
}
