// Every public function has a doc comment with its parameters, result, errors, and an example that compiles, runs, and states the right values.
import { expect, test } from 'vitest';
import { hasRedis, startRedis } from '../bullmq/redis.js';
import { REDIS, runModules, withStated } from './examples.js';
import { type Documented, entries, Reference } from './reference.js';

/** The entries whose doc comments are complete. Never remove one. */
const complete: readonly string[] = [
  'simdense',
  'simdense/data',
  'simdense/evaluate',
  'simdense/predict',
  'simdense/table',
  'simdense/diagnose',
  'simdense/explain',
  'simdense/kernels',
  'simdense/onnx',
  'simdense/classifier',
  'simdense/compile',
  'simdense/convert',
  'simdense/report',
  'simdense/node',
  'simdense/bullmq',
];

const reference = new Reference();
const examples = reference.documented.flatMap(({ name, entries: [entry], examples: codes }) =>
  codes.map((code, i) => ({ name: `${name}, example ${i + 1}`, entry: entry as string, code })),
);

test('every public function and constant is found', () => {
  expect(reference.documented.length).toBeGreaterThan(90);
  expect(reference.documented.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['parseCsv', 'Matrix.from', 'new Matrix', 'Sequential.fit', 'FittedPipeline.save', 'kinds']),
  );
});

const lacksOf = (entry: string): string[] =>
  reference.documented
    .filter((each: Documented) => each.entries.includes(entry) && each.lacks.length > 0)
    .map(({ name, lacks }) => `${name} lacks ${lacks.join(', ')}`);

test.each(entries)('the doc comments of %s', (entry) => {
  const lacks = lacksOf(entry);
  if (complete.includes(entry)) expect(lacks).toEqual([]);
  else expect(lacks, `complete: put ${entry} into the list`).not.toEqual([]);
});

test('the examples compile', () => {
  expect(reference.typeErrors(examples)).toEqual([]);
  // It would say so otherwise.
  const wrong = { name: 'wrong', entry: 'simdense/data', code: "Matrix.from('rows');" };
  expect(reference.typeErrors([wrong])).toEqual([expect.stringMatching(/^wrong, line 1: Argument of type 'string'/)]);
});

test('the examples run, and what they state is right', { timeout: 60_000 }, async () => {
  const redis = hasRedis ? await startRedis() : undefined;
  try {
    const run = examples.filter(({ code }) => redis !== undefined || !code.includes(REDIS));
    // The last is wrong: it would be said.
    const modules = [...run.map((example) => reference.moduleOf(example)), 'const a = [0.5, 0.21]; // [0.5, 0.22]'];
    const answers = await runModules(modules, redis?.url ?? REDIS);
    expect(answers.pop()?.error).toBe('it states [0.5, 0.22], the value is [ 0.5, 0.21 ]');
    const failed = answers.flatMap(({ error }, i) => (error === null ? [] : [`${run[i]?.name}: ${error}`]));
    expect(failed).toEqual([]);
    if (process.env['EXAMPLES']) console.log(answers.map(({ ms }, i) => `${ms} ms ${run[i]?.name}`).join('\n'));
  } finally {
    redis?.stop();
  }
});

test('stated values are found behind statements', () => {
  expect(withStated('a.b; // 3\nf(); // three\nconst c = 1; // 1\nconsole.log(c); // true')).toBe(
    '; stated((a.b), "3"); // 3\nf(); // three\nconst c = 1;; stated((c), "1"); // 1\n; stated((c), "true"); // true',
  );
});
