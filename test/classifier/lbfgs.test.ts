import fc from 'fast-check';
import { expect, test } from 'vitest';
import { atOnce } from '../../src/base/pause.js';
import { Minimizer } from '../../src/classifier/lbfgs.js';

// f(x) = ½ Σ a (x − c)², whose penalized minimum is a c / (a + p).
const number = fc.double({ min: -10, max: 10, noNaN: true });
const positive = fc.double({ min: 0.05, max: 20, noNaN: true });

test('the minimum of a quadratic function, also when the penalties change on the way', () => {
  const part = fc.record({ a: positive, c: number, p: positive, q: positive });
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 12 }), (parts) => {
      const f = function* (x: Float64Array, gradient: Float64Array): Generator<void, number> {
        yield;
        let value = 0;
        for (const [i, { a, c }] of parts.entries()) {
          const off = (x[i] as number) - c;
          gradient[i] = a * off;
          value += 0.5 * a * off * off;
        }
        return value;
      };
      const minimizer = new Minimizer(new Float64Array(parts.length));
      const limits = { decrease: 0, iterations: 500 };
      atOnce(
        minimizer.run(
          f,
          Float64Array.from(parts, ({ q }) => q),
          { decrease: 0.1, iterations: 3 },
        ),
      );
      atOnce(
        minimizer.run(
          f,
          Float64Array.from(parts, ({ p }) => p),
          limits,
        ),
      );
      for (const [i, { a, c, p }] of parts.entries()) expect(minimizer.x[i]).toBeCloseTo((a * c) / (a + p), 4);
    }),
  );
});
