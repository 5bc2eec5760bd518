import { metricNames } from './metrics/names.js';

/** What the logs call a figure on validation rows: valLoss of loss. */
export const validationName = (figure: string): string => `val${figure[0]?.toUpperCase()}${figure.slice(1)}`;

/** What the logs call the same figure on training rows: loss of valLoss, and of loss. */
export const trainingName = (figure: string): string =>
  figure.replace(/^val([A-Z])/, (_, first: string) => first.toLowerCase());

/** What the logs may hold beside metrics of one's own. */
export const figures: readonly string[] = ['loss', ...metricNames].flatMap((name) => [name, validationName(name)]);

/**
 * Whether less of a figure of the logs is better: of the loss and of errors less, of the other metrics more, in training as in validation. undefined for a figure
 * that simdense does not know, such as a metric in JavaScript.
 */
export function lessIsBetter(figure: string): boolean | undefined {
  const name = trainingName(figure);
  if (name === 'loss') return true;
  return (metricNames as readonly string[]).includes(name) ? name.endsWith('Error') : undefined;
}
