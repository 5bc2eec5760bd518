// Selection puts at each place what sorting puts there.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { atOnce } from '../../src/base/pause.js';
import { selecting } from '../../src/data/selecting.js';

const number = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer({ min: -3, max: 3 }));

test('as sorting does', () => {
  fc.assert(
    fc.property(
      fc.array(number, { minLength: 1, maxLength: 200 }),
      fc.array(fc.nat(199), { maxLength: 8 }),
      (list, at) => {
        const values = Float64Array.from(list);
        const sorted = values.slice().sort();
        const places = at.map((place) => place % list.length).sort((a, b) => a - b);
        atOnce(selecting(values, places));
        // −0 and 0 are equal here, as they are to < and >.
        for (const place of places) expect((values[place] as number) + 0).toBe((sorted[place] as number) + 0);
        expect(values.slice().sort()).toEqual(sorted);
      },
    ),
    { numRuns: 500 },
  );
});

test.each([
  ['sorted', (i: number) => i],
  ['falling', (i: number) => -i],
  ['alike', () => 7],
  ['of two values', (i: number) => i % 2],
  ['rising and falling', (i: number) => Math.abs(i - 50_000)],
] as const)('in linear time where numbers are %s', (_, of) => {
  const values = Float64Array.from({ length: 100_000 }, (__, i) => of(i));
  const sorted = values.slice().sort();
  let slices = 0;
  for (const work = selecting(values, [25_000, 50_000, 75_000]); !work.next().done; ) slices++;
  expect([25_000, 50_000, 75_000].map((place) => values[place])).toEqual(
    [25_000, 50_000, 75_000].map((place) => sorted[place]),
  );
  expect(slices).toBeLessThan(30);
});
