// Findings as the command says them: with the names of features and classes, and its own options.
import { beforeAll, describe, expect, test } from 'vitest';
import { train } from '../../src/cli/commands/train.js';
import { tune } from '../../src/cli/commands/tune.js';
import { commandFindings } from '../../src/cli/findings.js';
import { kept } from '../../src/cli/from.js';
import { named } from '../../src/diagnose/names.js';
import { constantColumns, unscaledColumns } from '../../src/diagnose/rules/inputs.js';
import { classCollapse } from '../../src/diagnose/rules/units.js';
import { type FittedPipeline, fitPipeline } from '../../src/evaluate/index.js';
import { report, reportText } from '../../src/report/index.js';
import { readTable } from '../../src/table/index.js';

let model: FittedPipeline;
beforeAll(async () => {
  const rows = Array.from({ length: 40 }, (_, i) => `${i % 7},${['u', 'v', 'w'][i % 3]},${i % 2 ? 'sick' : 'well'}`);
  const table = await readTable(['age,sort,state', ...rows].join('\n'));
  model = await fitPipeline({ layers: [], fit: { epochs: 1 } }, table, 'state');
  return () => model.dispose();
});

const facts = { options: train.options, without: [], ours: false, values: {} };
const [unscaled] = unscaledColumns({ sizes: Float64Array.of(9000, 0, 0, 0), rows: 10, peak: 900 });
const [constant] = constantColumns({
  rows: 100,
  columns: 12,
  constant: new Map([
    [1, 5],
    [11, 5],
  ]),
  zeros: 0,
  pairs: 0,
});
const [collapse] = classCollapse(Float64Array.of(0, 100), Float64Array.of(50, 50));
const found = [unscaled, constant, collapse].flatMap((finding) => finding ?? []);

test('a finding has the numbers of inputs and classes', () => {
  expect(found.map(({ inputs, class: label }) => inputs ?? label)).toEqual([[0], [1, 11], 1]);
  expect(constant?.message).toMatch(
    /^Input column 1, input column 11 are the same in all 100 rows: input column 1 is 5 /,
  );
});

test('names stand for numbers, and only for whole ones', () => {
  expect(commandFindings(found, model, facts).map(({ message }) => message)).toEqual([
    expect.stringMatching(/^The values of "age" have a mean size of 900 /),
    expect.stringMatching(/^"sort=u", input column 11 are the same in all 100 rows: "sort=u" is 5 /),
    expect.stringMatching(/^100 % of the predictions are "well", which is 50 % of the targets/),
  ]);
  expect(named({ ...(collapse as (typeof found)[0]) }, { classes: ['a', '$&'] }).message).toContain('are "$&", which');
});

describe('advice names options of the command', () => {
  const advice = (o: Partial<typeof facts>) => commandFindings(found, model, { ...facts, ...o }).map((f) => f.advice);

  test('those that it has, and that are not given', () => {
    expect(advice({})[2]).toBe('--balanced gives rare classes more weight, or check that labels belong to their rows');
    expect(advice({ values: { balanced: true } } as object)[2]).toBe('Check that labels belong to their rows');
    expect(advice({ without: kept } as object)[2]).toBe('Check that labels belong to their rows');
    expect(advice({ values: { scale: 'none' } } as object)[0]).toBe('Leave out --scale none');
    for (const text of advice({})) expect(text).not.toMatch(/classWeight|fitScaler|scale the inputs/i);
  });

  test('what only a setting of ours would mend is left out', () => {
    const dead = { code: 'dead-relu', severity: 'warning', message: 'm', advice: 'x' } as const;
    const over = { code: 'over-fitting', severity: 'warning', message: 'm', advice: 'x' } as const;
    const ours = { ...facts, without: ['learning-rate', 'activation', 'dropout', 'l2'], ours: true };
    expect(commandFindings([dead, over], model, ours).map(({ code, advice: words }) => [code, words])).toEqual([
      ['over-fitting', 'More rows help most'],
    ]);
    expect(commandFindings([dead], model, { ...ours, ours: false })).toHaveLength(1);
  });

  test('of every code', () => {
    const codes = [
      ...(['unscaled-inputs', 'unscaled-targets', 'symmetric-weights', 'exploding-gradients', 'diverging'] as const),
      ...(['saturated', 'vanishing-gradients', 'first-loss', 'update-too-large', 'dead-relu'] as const),
      ...(['update-too-small', 'loss-oscillates', 'under-fitting', 'class-collapse', 'loss-does-not-fall'] as const),
      ...(['over-fitting', 'constant-columns', 'too-few-epochs'] as const),
    ];
    const all = codes.map(
      (code) => ({ code, severity: 'warning', message: 'Since clipNorm is 1', advice: 'x' }) as const,
    );
    for (const command of [train, tune])
      for (const { advice, message } of commandFindings(all, model, { ...facts, options: command.options })) {
        expect(message).toBe('Since --clip-norm is 1');
        for (const [, option] of advice.matchAll(/--([\w-]+)/g))
          expect(command.options).toHaveProperty(option as string);
      }
  });
});

test('a report takes names', () => {
  const contents = {
    history: { epochs: [] },
    findings: found,
    names: { inputs: ['age', 'sort=u'], classes: ['sick', 'well'] },
  };
  expect(report(contents)).toContain('The values of &#34;age&#34; have');
  expect(reportText(contents)).toContain('100 % of the predictions are "well"');
  expect(() => report({ ...contents, names: { inputs: [1 as never] } })).toThrow(
    /^report\(names\)\.inputs\[0\]: expected a text/,
  );
});
