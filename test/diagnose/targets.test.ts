// Statistics of the targets of an epoch.
import { expect, test } from 'vitest';
import type { Bound } from '../../src/diagnose/look.js';
import { TargetColumns } from '../../src/diagnose/targets.js';
import { blobs, classifier } from '../helpers/models.js';

test.each([
  ['none', undefined, false],
  ['ones', [1, 1, 1], false],
  ['others that are one on average, as balanced classes have', [0.5, 1, 1.5], true],
  ['others', [2, 2, 2], true],
])('rows weigh something else than one each: %s', (_, weights, weighted) => {
  const { x, y } = blobs(3);
  using model = classifier().compile({ loss: 'categoricalCrossentropy' });
  model.trainOnBatch(x, y, weights && { sampleWeight: weights });
  const columns = new TargetColumns(3, 'categoricalCrossentropy');
  columns.add(model.bound as unknown as Bound);
  expect(columns.weighted).toBe(weighted);
});
