// What is compiled answers the class that the model answers: by its decision where there is one.
import { beforeAll, describe, expect, test } from 'vitest';
import { classifier } from '../../src/classifier/index.js';
import { compile } from '../../src/compile/index.js';
import { Matrix } from '../../src/data/matrix.js';
import { answersIn } from '../../src/evaluate/decision.js';
import { bagging, type Ensemble, fitPipeline } from '../../src/evaluate/index.js';
import { dense, sequential } from '../../src/index.js';
import { any, checkMessages } from '../bad-input/check.js';
import { rows } from './pipelines.js';
import { hasCompiler, labelsInC, load, runC } from './run.js';

const pipeline = { layers: [dense({ units: 5, activation: 'gelu' })], fit: { epochs: 3 } } as const;
const far = rows.map(([a]) => ((a as number) > 1e6 + 500 ? 'far' : 'near'));
const three = rows.map((_, i) => i % 3);

/** Probabilities around a threshold: its own float and both neighbours, and equal ones. */
function around(threshold: number, columns: number): Float32Array {
  const near = new Float32Array([threshold]);
  const whole = new Int32Array(near.buffer);
  const values = [-1, 0, 1].map((step) => {
    const other = whole.slice();
    other[0] = (other[0] as number) + step;
    return new Float32Array(other.buffer)[0] as number;
  });
  const all = [...values, 0, 0.25, 0.5, 1];
  const count = all.length ** columns;
  return Float32Array.from(
    { length: count * columns },
    (_, i) => all[Math.floor(Math.floor(i / columns) / all.length ** (i % columns)) % all.length] as number,
  );
}

describe.each([
  ['two classes', far],
  ['three classes', three],
] as const)('%s', { timeout: 120_000 }, (_, y) => {
  let ensemble: Ensemble;
  beforeAll(async () => {
    ensemble = await bagging(pipeline, rows, y as readonly string[], { members: 3, seed: 1 });
    return () => ensemble.dispose();
  }, 120_000);

  test.runIf(hasCompiler)('c decides as JavaScript, at the threshold and beside it', async () => {
    const classes = ensemble.classes as readonly (string | number)[];
    const columns = classes.length;
    const plain = compile(ensemble, { to: 'c' }).code;
    const given = new Matrix(around(0.5, columns), columns);
    expect(labelsInC(plain, given.data as Float32Array, columns)).toEqual(
      answersIn(given, classes, undefined).map(String),
    );
    const found = runC(plain, Float64Array.from(rows.flat()), 2, columns);
    for (const [place, positive] of classes.entries()) {
      // A row's own probability; one that is a float; one between two floats; and one that is never met.
      const own = ensemble.predictProbabilities(rows as number[][]).row(7)[place] as number;
      for (const threshold of [own, own + 2 ** -40, own - 2 ** -40, 0.187, 0.25, 1, 1.5]) {
        ensemble.decide({ positive, threshold });
        const { code } = compile(ensemble, { to: 'c' });
        const near = around(threshold, columns);
        const expected = answersIn(new Matrix(near, columns), classes, { positive, threshold });
        const { predictLabel } = await load(compile(ensemble));
        const answers = rows.map((row) => predictLabel(row));
        expect(labelsInC(code, Float32Array.of(...near, ...found), columns), `${positive} from ${threshold}`).toEqual(
          [...expected, ...answers].map(String),
        );
        expect(answers).toEqual(ensemble.predict(rows));
      }
    }
  });
});

test.runIf(hasCompiler)('a pipeline in C answers the most likely class, one of numbers has no label', async () => {
  using one = await fitPipeline(pipeline, rows, far);
  const { code } = compile(one, { to: 'c' });
  expect(code).toContain('_label(out)] is the answer');
  expect(code).toContain('if (out[c] != out[c]) return -1;');
  const found = runC(code, Float64Array.from(rows.flat()), 2, 2);
  expect(labelsInC(code, found, 2)).toEqual(one.predict(rows));
  using model = sequential({ inputs: 2, layers: [dense({ units: 2 })], seed: 1 });
  expect(compile(model, { to: 'c' }).code).not.toContain('_label');
  expect(compile(model, { to: 'html' }).code).not.toContain('predictLabel');
});

/** An element of a page, as far as the page uses it. */
class Fake {
  textContent: unknown = '';
  children: Fake[] = [];
  constructor(readonly tag: string) {}
  appendChild(child: Fake): Fake {
    this.children.push(child);
    return child;
  }
  insertRow(): Fake {
    return this.appendChild(new Fake('tr'));
  }
  replaceChildren(...children: Fake[]): void {
    this.children = children;
  }
}

/** What a page shows for a row: the texts of its first line, and of the first cell of each line of its table. */
async function shown(page: string, row: readonly number[]): Promise<{ answer: Fake; table: unknown[] }> {
  const script = /<script type="module">\n([\s\S]*)<\/script>/.exec(page)?.[1] as string;
  const status = new Fake('div');
  const elements = row.map((value, i) => ({
    name: String(i),
    value: String(value),
    tagName: 'INPUT',
    setAttribute() {},
  }));
  const document = {
    querySelector: (what: string) => (what === 'form' ? { elements, addEventListener() {} } : status),
    createElement: (tag: string) => new Fake(tag),
  };
  await new Function('document', `return (async () => {\n${script}\n})()`)(document);
  const [answer, table] = status.children as [Fake, Fake];
  return { answer, table: table.children.map(({ children: [name] }) => name?.textContent) };
}

test('a page shows the answer first, then the probabilities, the largest first', async () => {
  using ensemble = await bagging(pipeline, rows, far, { members: 2, seed: 1 });
  for (const threshold of [undefined, 0.187, 1.5]) {
    if (threshold !== undefined) ensemble.decide({ positive: 'far', threshold });
    const { code } = compile(ensemble, { to: 'html' });
    expect(code.includes('It answers far from a probability of 18.7 % on.')).toBe(threshold === 0.187);
    expect(code.includes('It never answers far')).toBe(threshold === 1.5);
    const probabilities = ensemble.predictProbabilities(rows);
    for (const [i, row] of rows.slice(0, 20).entries()) {
      const { answer, table } = await shown(code, row);
      expect([answer.tag, answer.textContent]).toEqual(['p', ensemble.predict([row])[0]]);
      const [p, q] = probabilities.row(i) as unknown as [number, number];
      expect(table).toEqual(p >= q ? ['far', 'near'] : ['near', 'far']);
    }
  }
});

test("a classifier's file is compiled", async () => {
  using head = await classifier(
    [
      [1, 0],
      [0.9, 0.1],
      [0, 1],
      [0.1, 0.9],
    ],
    ['cat', 'cat', 'dog', 'dog'],
  );
  const { predictLabel } = await load(compile(head.save()));
  expect(predictLabel([0.8, 0.3])).toBe('cat');
});

checkMessages([
  [
    async () => {
      using head = await classifier(
        [
          [1, 0],
          [0.9, 0.1],
          [0, 1],
          [0.1, 0.9],
        ],
        ['cat', 'cat', 'dog', 'dog'],
      );
      compile(any(head));
    },
    'SimdenseError [ARGUMENT]: compile(model): expected a model, a pipeline, an ensemble, or the file of one, got a Classifier; pass its file, head.save()',
  ],
]);
