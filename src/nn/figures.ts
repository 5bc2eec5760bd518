import { metricNames } from './metrics/names.js';

/** The name of a figure on validation rows: valLoss for loss. */
export const validationName = (figure: string): string => `val${figure[0]?.toUpperCase()}${figure.slice(1)}`;

/** The name of the same figure on training rows: loss for valLoss, and for loss itself. */
export const trainingName = (figure: string): string =>
  figure.replace(/^val([A-Z])/, (_, first: string) => first.toLowerCase());

/** All names of figures in the logs, except those of custom metrics. */
export const figures: readonly string[] = ['loss', ...metricNames].flatMap((name) => [name, validationName(name)]);

/**
 * Whether less of a figure of the logs is better: true for the loss and for errors, false for other metrics, in training and validation. undefined for an
 * unknown figure, such as a custom metric.
 */
export function lessIsBetter(figure: string): boolean | undefined {
  const name = trainingName(figure);
  if (name === 'loss') return true;
  return (metricNames as readonly string[]).includes(name) ? name.endsWith('Error') : undefined;
}
