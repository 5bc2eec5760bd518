// Calls every public function with each argument, and each option in the package's type declarations, replaced by wrong values. Values that the compiler would refuse are refused
// with the argument's name; values that it would accept work without NaN, or are refused with the name. The model does not change, and no memory leaks.
import { rmSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { defaultEngine } from '../../src/engine/engine.js';
import { SimdenseError } from '../../src/index.js';
import { weightsHash } from '../helpers/models.js';
import { declared, type Place, type Value } from './declared.js';
import { examples, folder, model } from './right-arguments.js';

const value = (text: string, given: unknown): Value => ({ text, value: given });
const junk: readonly Value[] = [
  value('undefined', undefined),
  value('null', null),
  value('Number.NaN', Number.NaN),
  value('-1', -1),
  value('0', 0),
  value('0.5', 0.5),
  value('Number.POSITIVE_INFINITY', Number.POSITIVE_INFINITY),
  value('2 ** 53', 2 ** 53),
  value("'' as const", ''),
  value("'x' as const", 'x'),
  value('true as const', true),
  value('{} as { nothing: 1 }', { nothing: 1 }),
  value('[] as never[]', []),
  value('[Number.NaN]', [Number.NaN]),
  value("['x']", ['x']),
  value('[null]', [null]),
  value('[[1], [1, 2]]', [[1], [1, 2]]),
  value('() => {}', () => {}),
  value('1n as const', 1n),
  value("Symbol('s')", Symbol('s')),
  value('new Date(0)', new Date(0)),
  value('new Map<string, never>()', new Map()),
  value('new Float32Array([Number.NaN])', new Float32Array([Number.NaN])),
];
const { functions, untyped } = declared(junk);
const named = new Map(functions.map((one) => [one.name, one]));

/** Functions that are not tested here, and why. */
const elsewhere = [
  // Errors, which users catch but do not construct.
  'simdense: SimdenseError',
  'simdense: DivergedError',
  // Waits for a Redis: test/bullmq.
  'simdense/bullmq: startBullmqWorker',
  // Takes what executors are given, not what people write: test/bad-input/shards.test.ts.
  'simdense/evaluate: runJob',
];
/** Functions that other entries export too. */
const again = /^simdense\/(predict|data|kernels): (SimdenseError|Matrix)/;

describe('the declarations', () => {
  test('every function has its example', () => {
    const known = new Set([...examples.map(([name]) => name), ...elsewhere]);
    expect(functions.map(({ name }) => name).filter((name) => !known.has(name) && !again.test(name))).toEqual([]);
  });

  test('no parameter takes anything, unchecked', () => {
    expect(untyped).toEqual([]);
  });
});

/** The arguments with this value in one place. */
function put(args: readonly unknown[], { argument, path }: Place, given: unknown): unknown[] {
  const into = (old: unknown, [part, ...rest]: readonly string[]): unknown =>
    part === undefined ? given : { ...(old as object), [part]: into((old as Record<string, unknown>)?.[part], rest) };
  const out = [...args];
  while (out.length <= argument) out.push(undefined);
  out[argument] = into(out[argument], path);
  return out;
}

/** Whether a result contains NaN. */
function hasNaN(result: unknown, depth = 4): boolean {
  if (typeof result === 'number') return Number.isNaN(result);
  if (result instanceof Float32Array || result instanceof Float64Array) return result.some(Number.isNaN);
  if (typeof result !== 'object' || result === null || depth === 0) return false;
  if (result instanceof Map) return hasNaN([...result.values()], depth - 1);
  return Object.values(result).some((part) => hasNaN(part, depth - 1));
}

/** The names in messages of parameters that have one-letter names in the declarations. */
const words: Readonly<Record<string, string>> = {
  // What a source holds is named by its row or column.
  source: 'source|row|column',
  m: 'model',
  w: 'setWeights',
  a: 'activation',
  i: 'row',
  n: 'rows',
};

/** Whether a message names the argument, or the options that contain it. */
function names(message: string, name: string, { path, name: last }: Place): boolean {
  const parameter = path.length > 0 ? '' : (words[last] ?? last);
  const method = /\w+(?=$|, )/.exec(name)?.[0] ?? '';
  // Options, pipelines and first arguments of one letter are named by their function.
  const known = [...path, /^[op]$/.test(parameter) ? method : parameter];
  // Those of simdense/kernels are named as BLAS names them.
  if (name.startsWith('simdense/kernels')) known.push(last === 'o' ? method : last);
  return known.some((word) => word !== '' && new RegExp(`\\b${word.replace(/s$/, 's?')}\\b`).test(message));
}

/** If two arguments do not go together, such as a text and a column that it should have, the message may name either. */
const mayBeOfAnother = (accepted: boolean | undefined, given: unknown): boolean =>
  accepted === true && ['string', 'object'].includes(typeof given);

const shown = ({ argument, path, name }: Place): string => (path.length > 0 ? `${argument}.${path.join('.')}` : name);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(examples)('%s', { timeout: 120_000 }, async (name, call, args) => {
  const one = named.get(name.split(', ')[0] as string);
  expect(one, 'not declared').toBeDefined();
  await call(...(args as never[]));
  const before = weightsHash(model);
  const { bytesInUse } = defaultEngine();
  // Where a NaN is a number like others.
  const isArithmetic = name.startsWith('simdense/kernels');
  const wrong: string[] = [];
  let tried = 0;
  for (const place of one?.places ?? []) {
    for (const [i, { text, value: given }] of junk.entries()) {
      tried++;
      const what = `${shown(place)} = ${text}`;
      try {
        const result = await call(...(put(args, place, given) as never[]));
        // null may stand for an omitted value, and a function's result is unknown before it is called.
        const taken = place.accepts[i] || (given === null && place.accepts[0]) || typeof given === 'function';
        if (!taken) wrong.push(`${what}: the compiler refuses it, and it was taken`);
        else if (!place.free && !isArithmetic && hasNaN(result)) wrong.push(`${what}: NaN`);
        (result as { dispose?(): void } | undefined)?.dispose?.();
      } catch (error) {
        // A file that is not there is the system's to tell.
        if ((error as { code?: string }).code === 'ENOENT' && place.accepts[i]) continue;
        if (!(error instanceof SimdenseError)) wrong.push(`${what}: ${String(error)}`);
        else if (!mayBeOfAnother(place.accepts[i], given) && !names(error.message, name, place))
          wrong.push(`${what}: not named: ${error.message}`);
      }
      if (weightsHash(model) !== before) wrong.push(`${what}: the model has changed`);
    }
  }
  expect(tried).toBeGreaterThan(10);
  expect(wrong.slice(0, 15), `${wrong.length} of ${tried}`).toEqual([]);
  expect(defaultEngine().bytesInUse, 'memory').toBe(bytesInUse);
});
