// The data sets: rows, a class a row, what the classes and columns are called, and which rows are held back to validate.
import { encodeLabels, fitScaler, holdOut, Matrix, parseCsv } from 'simdense/data';
import digitsUrl from '../../data/digits.csv.gz?url';
import irisUrl from '../../data/iris.csv?url';

/** Numbers from 0 to 1 that follow from a seed (mulberry32). */
function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const POINTS = 400;

/** Points of the plane, about −1 to 1, by class. */
const toys = {
  circles(next) {
    const inner = next() < 0.5;
    const [r, a] = [inner ? next() * 0.4 : 0.65 + next() * 0.3, next() * 2 * Math.PI];
    return [r * Math.cos(a), r * Math.sin(a), inner ? 0 : 1];
  },
  xor(next) {
    const [x, y] = [next() * 2 - 1, next() * 2 - 1];
    return [x, y, x * y > 0 ? 0 : 1];
  },
  moons(next) {
    const [upper, a] = [next() < 0.5, next() * Math.PI];
    return upper
      ? [Math.cos(a) * 0.6 - 0.3, Math.sin(a) * 0.6 - 0.15, 0]
      : [0.3 - Math.cos(a) * 0.6, 0.15 - Math.sin(a) * 0.6, 1];
  },
  spirals(next) {
    const [one, t] = [next() < 0.5, Math.sqrt(next())];
    const a = t * 3 * Math.PI + (one ? Math.PI : 0);
    return [t * Math.cos(a) * 0.95, t * Math.sin(a) * 0.95, one ? 0 : 1];
  },
};

/** The data set that the settings name. `text` is the user's own CSV. Throws what parseCsv throws. */
export async function loadData({ data, noise, seed }, text) {
  if (Object.hasOwn(toys, data)) {
    const next = random(seed);
    const jitter = () => (next() + next() + next() - 1.5) * noise;
    const points = Array.from({ length: POINTS }, () => {
      const [x, y, label] = toys[data](next);
      return [x + jitter(), y + jitter(), label];
    });
    return split(
      Matrix.from(points.map(([x, y]) => [x, y])),
      points.map(([, , label]) => label),
      { toy: true, seed },
    );
  }
  if (data === 'digits') {
    const stream = (await fetch(digitsUrl)).body.pipeThrough(new DecompressionStream('gzip'));
    const { x, target } = parseCsv(await new Response(stream).text(), { header: false, target: 64 });
    const scaled = new Matrix(
      x.data.map((value) => value / 16),
      64,
    );
    return split(scaled, target, { side: 8, seed });
  }
  const { x, target } = parseCsv(data === 'iris' ? await (await fetch(irisUrl)).text() : text, { target: -1 });
  return split(fitScaler('standard', x).transform(x), target, { seed });
}

function split(x, labels, { seed, ...rest }) {
  const { classes, indices } = encodeLabels(labels);
  if (classes.length < 2) throw new Error('the last column has one value only: a classification needs at least two');
  if (classes.length > 50)
    throw new Error(`the last column has ${classes.length} different values; up to 50 make classes`);
  const [{ train, test }] = holdOut(x.rows, {
    testSize: 0.25,
    seed,
    ...(classes.length < x.rows / 4 && { stratify: indices }),
  });
  return { x, y: indices, classes, train: train.sort(), test: test.sort(), ...rest };
}
