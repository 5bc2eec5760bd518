import { expect, test } from 'vitest';
import { sorting } from '../../src/data/sorting.js';
import { numbers } from '../helpers/numbers.js';

test.each([1, 2, 1000, 32_768, 32_769, 65_536, 98_305, 300_000])(
  '%i numbers in the order of sort(), in slices',
  (count) => {
    const next = numbers(count);
    const values = Float64Array.from({ length: count }, (_, i) => (i % 3 === 0 ? Math.round(next() * 9) + 0 : next()));
    const expected = values.slice().sort();
    const slices = sorting(values);
    let [turns, step] = [0, slices.next()];
    for (; step.done !== true; step = slices.next()) turns++;
    expect(step.value).toBe(values);
    expect(values).toEqual(expected);
    // A turn of the event loop for each run, and more while runs are merged.
    expect(turns).toBeGreaterThanOrEqual(Math.ceil(count / 32_768));
  },
);
