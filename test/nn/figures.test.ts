// The names of figures in the logs, for training and validation rows.
import { expect, test } from 'vitest';
import { figures, lessIsBetter, trainingName, validationName } from '../../src/nn/figures.js';

test.each([
  ['loss', 'valLoss'],
  ['accuracy', 'valAccuracy'],
  ['r2', 'valR2'],
  ['matthewsCorrelation', 'valMatthewsCorrelation'],
  ['meanAbsoluteError', 'valMeanAbsoluteError'],
])('%s is %s on validation rows', (name, validation) => {
  expect(validationName(name)).toBe(validation);
  expect(trainingName(validation)).toBe(name);
  expect(trainingName(name)).toBe(name);
  expect(figures).toContain(validation);
  expect(lessIsBetter(validation)).toBe(lessIsBetter(name));
});

test('a metric of one’s own that begins so is not one of validation rows', () => {
  expect(trainingName('value')).toBe('value');
  expect(trainingName('val')).toBe('val');
});
