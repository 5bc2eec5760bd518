// The model that is saved: trained again on all rows, or the judged one; and a saved model that training goes on with.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { bestEpoch } from '../../src/cli/refit.js';
import { fitPipeline, loadPipeline } from '../../src/evaluate/index.js';
import { adamw, dense, dropout } from '../../src/index.js';
import { readTable } from '../../src/table/index.js';
import { workplace } from './run.js';

const { file, run, write } = workplace();
const weights = (name: string): number[] => {
  using model = loadPipeline(readFileSync(file(name)));
  return [...model.model.getWeights().values()].flatMap(({ data }) => [...data]);
};

describe('the model that is saved', () => {
  const order = ['train', 'iris.csv', '--epochs', '80', '--learning-rate', '0.02', '--seed', '4', '--patience', '5'];

  test('is trained on all rows for as many epochs as the judged one was best after', async () => {
    const { status, out } = run(...order);
    expect(status).toBe(0);
    const [, best] = /was trained again on all 150 rows, for (\d+) epochs?\./.exec(out) as RegExpExecArray;
    const data = JSON.parse(run(...order, '--json').out);
    expect(data.refit).toEqual({ rows: 150, epochs: Number(best) });
    expect(data.bestEpoch).toBe(Number(best));
    // 80 epochs of 5 batches, since a tenth of the rows would stop it.
    const learningRate = { type: 'cosine', initial: 0.02, steps: 400, final: 0.0002 } as const;
    using same = await fitPipeline(
      {
        encode: { number: { pieces: 5 } },
        layers: [64, 64].flatMap((units) => [dense({ units, activation: 'silu' }), dropout({ rate: 0.15 })]),
        optimizer: adamw({ learningRate, beta2: 0.95, weightDecay: 0.7 }),
        fit: { epochs: Number(best), batchSize: 32 },
      },
      await readTable(readFileSync(file('iris.csv'))),
      'species',
      { seed: 4 },
    );
    expect(weights('iris.safetensors')).toEqual(
      [...same.model.getWeights().values()].flatMap(({ data: own }) => [...own]),
    );
  });

  test('--no-refit saves what was judged', () => {
    const { out } = run(...order, '--no-refit', '-o', 'judged.safetensors');
    expect(out).toContain(
      'The model that is saved is the judged one, trained on 112 of 150 rows, since --no-refit says so.',
    );
    expect(weights('judged.safetensors')).not.toEqual(weights('iris.safetensors'));
    // The figures are of the judged model in both.
    const figures = (...more: string[]) => {
      const { accuracy, low, epochs } = JSON.parse(run(...order, '--json', '-o', 'other.safetensors', ...more).out);
      return { accuracy, low, epochs };
    };
    expect(figures('--no-refit')).toEqual(figures());
  });

  test('tune saves one of all rows as well', () => {
    const few = ['--trials', '2', '--folds', '2', '--epochs', '5', '--executor', 'inline'];
    expect(run('tune', 'iris.csv', ...few, '-o', 'tuned.safetensors').out).toContain('trained again on all 150 rows');
    expect(run('tune', 'iris.csv', ...few, '-o', 'tuned.safetensors', '--no-refit').out).toContain('is the judged one');
  });

  test('the best epoch is that of early stopping, or the last', () => {
    const of = (valLoss: readonly number[], earlyStopping?: object) =>
      bestEpoch({
        history: { epochs: valLoss.map((value) => ({ valLoss: value })) },
        pipeline: { earlyStopping },
      } as never);
    expect(of([3, 1, 2], {})).toBe(2);
    expect(of([3, 2, 2.5, 1.95], { minDelta: 0.1 })).toBe(2);
    expect(of([3, 1, 2])).toBe(3);
  });
});

describe('train --from', () => {
  test('goes on with the weights, the columns and the encoder of a model', () => {
    const rows = Array.from({ length: 100 }, (_, i) => `${i % 10},${i % 3 ? 'a' : 'b'},${i % 10 > 4 ? 'high' : 'low'}`);
    write('first.csv', `x,kind,y\n${rows.join('\n')}\n`);
    write('second.csv', `extra,y,kind,x\n${rows.map((row) => `1,${row.split(',').reverse().join()}`).join('\n')}\n`);
    expect(run('train', 'first.csv', '--epochs', '3', '--report', 'none').status).toBe(0);
    const before = JSON.parse(run('evaluate', 'first.safetensors', 'first.csv', '--json').out).loss;
    const on = run('train', 'second.csv', '--from', 'first.safetensors', '--epochs', '60', '--learning-rate', '0.01');
    expect([on.status, on.err]).toEqual([0, '']);
    expect(on.out).toContain('Left out: extra (the model does not read it).');
    expect(on.out).toContain('Classification of y, because first.safetensors was trained for it.');
    // Its rows may be those of the first training.
    expect(on.out).toContain('If it was trained on some of these rows, these figures flatter it.');
    expect(on.out).not.toContain('had not seen');
    expect(JSON.parse(run('evaluate', 'second.safetensors', 'first.csv', '--json').out).loss).toBeLessThan(before / 2);
    const kept = (name: string) => JSON.parse(run('inspect', name, '--json').out);
    expect(kept('second.safetensors')).toMatchObject({
      made: kept('first.safetensors').made,
      classes: ['high', 'low'],
    });
    // An update of no size leaves it as it was.
    const still = ['--from', 'first.safetensors', '--epochs', '1', '--learning-rate', '1e-30', '--no-refit'];
    expect(run('train', 'first.csv', ...still, '-o', 'still.safetensors').status).toBe(0);
    expect(weights('still.safetensors')).toEqual(weights('first.safetensors'));
  });

  test('is refused where it does not fit', () => {
    write('lacks.csv', 'x,y\n1,low\n2,high\n');
    write('more.csv', 'x,kind,y\n1,a,low\n2,b,middle\n3,a,high\n');
    for (const [args, message] of [
      [['iris.csv'], 'iris.csv: there are no columns "x", "kind" among "sepal length", '],
      [['lacks.csv'], 'lacks.csv: there is no column "kind" among "x", "y"'],
      [
        ['more.csv'],
        'more.csv: row 3 has the class "middle", which the model does not know; it knows "high", "low". Train a new model without --from',
      ],
      [['first.csv', '--hidden', '8'], '--hidden: has no effect with --from, which goes on with a model as it is'],
      [['first.csv', '--target', 'x'], '--target: the model of --from predicts "y"; leave out --target'],
    ] as const) {
      const { status, err } = run('train', ...args, '--from', 'first.safetensors');
      expect(status).not.toBe(0);
      expect(err).toContain(`simdense: ${message}`);
    }
    const tags = Array.from({ length: 60 }, (_, i) => `${i % 10},${i % 10 > 4 ? 'big;odd' : 'small'}`);
    write('tags.csv', `x,tags\n${tags.join('\n')}\n`);
    const quick = ['--epochs', '2', '--report', 'none'];
    expect(run('train', 'tags.csv', '--separator', ';', ...quick).status).toBe(0);
    expect(run('train', 'tags.csv', '--from', 'tags.safetensors', ...quick, '-o', 'on.safetensors').status).toBe(0);
    write('later.csv', `x,tags\n${tags.join('\n')}\n3,huge\n`);
    expect(run('train', 'later.csv', '--from', 'tags.safetensors').err).toContain(
      'later.csv: there are labels that the model does not know: "huge". Train a new model without --from',
    );
    expect(run('train', 'first.csv', '--from', 'first.csv').err).toContain(
      'first.csv is no model that this simdense reads',
    );
  });
});
