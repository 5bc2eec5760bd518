import { FROM_ZERO, metricNames, metricRange, type Range } from './metrics/names.js';

/** The name of a figure on validation rows: valLoss for loss. */
export const validationName = (figure: string): string => `val${figure[0]?.toUpperCase()}${figure.slice(1)}`;

/** The name of the same figure on training rows: loss for valLoss, and for loss itself. */
export const trainingName = (figure: string): string =>
  figure.replace(/^val([A-Z])/, (_, first: string) => first.toLowerCase());

/** All names of figures in the logs, except those of custom metrics. */
export const figures: readonly string[] = ['loss', ...metricNames].flatMap((name) => [name, validationName(name)]);

/** The range of a figure of the logs, in training and validation; undefined for an unknown one, such as a custom metric. */
export function rangeOf(figure: string): Range | undefined {
  const name = trainingName(figure);
  return name === 'loss' ? FROM_ZERO : metricRange(name);
}

/**
 * Whether less of a figure of the logs is better: true for the loss and for errors, which have no greatest value, and false for other metrics. undefined for an
 * unknown figure, such as a custom metric.
 */
export function lessIsBetter(figure: string): boolean | undefined {
  const range = rangeOf(figure);
  return range && range[1] === Number.POSITIVE_INFINITY;
}
