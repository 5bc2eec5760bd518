// Options: each value is checked before a file is read, each option is used by its command, and an option that has no effect is refused.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { activation } from '../../src/cli/checks.js';
import type { Command } from '../../src/cli/command.js';
import { bench } from '../../src/cli/commands/bench.js';
import { compileModel } from '../../src/cli/commands/compile.js';
import { describe as describe_ } from '../../src/cli/commands/describe.js';
import { evaluate } from '../../src/cli/commands/evaluate.js';
import { explain } from '../../src/cli/commands/explain.js';
import { exportModel } from '../../src/cli/commands/export.js';
import { importModel } from '../../src/cli/commands/import.js';
import { inspect } from '../../src/cli/commands/inspect.js';
import { predict } from '../../src/cli/commands/predict.js';
import { train } from '../../src/cli/commands/train.js';
import { tune } from '../../src/cli/commands/tune.js';
import { worker } from '../../src/cli/commands/worker.js';
import { describe as describeOptions } from '../../src/cli/describe-options.js';
import { formatOf, formats } from '../../src/cli/formats.js';
import { parse } from '../../src/cli/parse-options.js';
import { pipelineOf } from '../../src/cli/pipeline.js';
import { withoutSecrets } from '../../src/cli/secrets.js';
import { wrapped } from '../../src/cli/wrap.js';
import { scalerTypes } from '../../src/data/scalers/index.js';
import { kinds } from '../../src/index.js';
import { workplace } from './run.js';

const { run, file } = workplace();
const commands: Command[] = [
  train,
  tune,
  predict,
  evaluate,
  explain,
  describe_,
  inspect,
  exportModel,
  compileModel,
  importModel,
  worker,
  bench,
];

describe('first-contact row 77: a value that an option may not have', () => {
  const whole = (least: number) => `a whole number, ${least} or more`;
  const fromZero = 'a whole number from 0 up';
  const cases: [Command, string, string, string[]][] = [
    [train, 'dropout', 'a number from 0 to below 1', ['-0.5', '1', '1.5', 'x']],
    [train, 'l2', 'a number from 0 up', ['-1', 'NaN', 'Infinity', '-Infinity']],
    [train, 'patience', fromZero, ['-5', '1.5', '1e400']],
    [train, 'learning-rate', 'a number above 0', ['0', '-1', '1e3x', '0x10', ' 1', '1_000']],
    [train, 'clip-norm', 'a number above 0', ['0', '-1', 'NaN', 'Infinity', '1e400', '1e-400', 'none']],
    [tune, 'clip-norm', 'a number above 0', ['0', '-1']],
    [train, 'epochs', whole(1), ['0', '-3', '2.5', 'many', 'NaN']],
    [train, 'batch-size', `${whole(1)}, or full`, ['0', '-1', 'all']],
    [train, 'test', 'a share between 0 and 1, such as 0.25', ['2', '0', '1', '-1', '25%']],
    [train, 'cv', whole(2), ['0', '1', '-2', '2.5']],
    [tune, 'folds', whole(2), ['1', '0']],
    [tune, 'trials', 'a whole number from 1 to 1000000', ['-1', '0', '99999999999']],
    [train, 'seed', fromZero, ['-1', '0.5', '1e300']],
    [
      train,
      'hidden',
      'whole numbers such as 64,32, or 0 for no hidden layer',
      ['-3', '0,0', '64,', ',', '8,0', '1.5', '8;8'],
    ],
    [
      train,
      'activation',
      `one of ${kinds.activations.filter((name) => !/softmax/i.test(name)).join(', ')}`,
      ['foo', 'softmax'],
    ],
    [train, 'scale', `one of ${scalerTypes.join(', ')}`, ['foo', 'minmax', 'constructor', 'hasOwnProperty']],
    [train, 'task', 'one of classification, regression', ['foo']],
    [train, 'optimizer', `one of ${kinds.optimizers.join(', ')}`, ['adem', '__proto__']],
    [train, 'decimal', 'a point or a comma', [';', 'comma']],
    [predict, 'header', 'one of yes, no', ['true', '0']],
    [train, 'ignore', 'names such as a,b', ['', ',', 'a,,b']],
    [predict, 'missing-words', 'names such as a,b', ['a,']],
    [
      describe_,
      'kind',
      'a column and its kind such as zip=category; the kinds are number, category, boolean, date, text, ignore',
      ['zip', '=number', 'zip=foo', 'a=number,'],
    ],
    [train, 'positive', 'the name of a class', [' ']],
    [train, 'sheet', 'the name or number of a sheet', [' ']],
    [train, 'query', "a query such as 'SELECT a, b FROM t'", [' ']],
    [train, 'separator', 'what stands between the labels of a cell, such as ;', ['']],
    [train, 'delimiter', 'one character such as ; or the word tab or space', ['"', '\n', ';;', '']],
    [train, 'target', 'the name or number of a column', [' ']],
    [train, 'out', 'the path of a file', ['   ']],
    [train, 'executor', 'workers, inline or a URL such as redis://localhost:6379', ['cloud', 'redis://', 'http://a']],
    [tune, 'strategy', 'one of random, bayes, halving, grid', ['foo']],
    [tune, 'seconds', 'a number above 0', ['0', 'x']],
    [explain, 'row', whole(1), ['0', '-1', 'x']],
    [explain, 'column', 'the name of a column', [' ']],
    [explain, 'output', 'a class, label or target', [' ']],
    [exportModel, 'to', 'one of onnx, json, weights', ['pb', 'toString']],
    [worker, 'queue', 'the name of a queue, without colons', ['', ' ', 'a:b']],
    [worker, 'redis', 'a URL such as redis://localhost:6379', ['localhost', 'redis://']],
  ];
  /** What was meant by some of them. */
  const meant = new Map([
    ['minmax', '; did you mean minMax?'],
    ['adem', '; did you mean adam?'],
  ]);
  test('a URL whose password has a space or a quote in it is refused, and its password not said', () => {
    for (const url of ['redis://ann:pass word@host', "redis://ann:pass'word@host"]) {
      const parsed = () => parse(worker.name, ['--redis', url], worker.options);
      expect(parsed).toThrow(/--redis: expected a URL/);
      expect(parsed).not.toThrow(/pass|word/);
    }
  });

  test.each(cases.map(([command, ...others]) => [command.name, ...others, command] as const))(
    '%s --%s',
    (name, option, expected, values, { options }) => {
      for (const value of values) {
        // -1 may also stand for itself behind the option.
        for (const args of [[`--${option}=${value}`], ...(/^[^-]|^-\d/.test(value) ? [[`--${option}`, value]] : [])]) {
          const shown = value === '"' ? '"""' : JSON.stringify(value).replace('\\n', '\\u000a');
          const message = `--${option}: expected ${expected}, got ${shown}${meant.get(value) ?? ''}`;
          expect(() => parse(name, args, options)).toThrow(expect.objectContaining({ code: 'ARGUMENT', message }));
        }
      }
    },
  );

  test.each(commands)('$name: no option takes an empty text', ({ name, options }) => {
    for (const [option, { type, check }] of Object.entries(options)) {
      expect(check !== undefined).toBe(type === 'string');
      if (check)
        expect(() => parse(name, [`--${option}=`], options)).toThrow(`--${option}: expected ${check.expected}, got ""`);
    }
  });

  test('is told before any file is read, by exit code 2', () => {
    expect(run('train', 'nowhere.csv', '--dropout', '-0.5')).toEqual({
      status: 2,
      out: '',
      err: 'simdense: --dropout: expected a number from 0 to below 1, got "-0.5"',
    });
  });

  test('values that are right pass', () => {
    const right = [
      '--dropout=.5',
      '--l2',
      '0',
      '--hidden',
      '0',
      '--seed',
      '9007199254740991',
      '--learning-rate',
      '1e-3',
    ];
    expect(parse('train', right, train.options).values).toMatchObject({ hidden: '0', 'learning-rate': '1e-3' });
    for (const delimiter of [';', 'tab', 'space', '\\t', '\t', ' ', '|'])
      expect(parse('train', [`--delimiter=${delimiter}`], train.options).values).toEqual({ delimiter });
  });
});

describe('an option that is not there', () => {
  const train_ = (option: string) => () => parse('train', [option, '3'], train.options);

  test.each([
    ['--epoch', '--epochs'],
    ['--lr', '--learning-rate'],
    ['--learning_rate', '--learning-rate'],
    ['--learningRate', '--learning-rate'],
    ['--batchsize', '--batch-size'],
    ['--batch_size', '--batch-size'],
    ['--hiden', '--hidden'],
    ['--random-state', '--seed'],
    ['--weight-decay', '--l2'],
    ['--clipNorm', '--clip-norm'],
    ['--max-grad-norm', '--clip-norm'],
    ['--gradient_clip_val', '--clip-norm'],
    ['--folds', '--cv'],
    ['--test-size=0.2', '--test'],
  ])('%s: did you mean %s?', (option, meant) => {
    const message = `unknown option ${option.split('=')[0]}; did you mean ${meant}?`;
    expect(train_(option)).toThrow(expect.objectContaining({ code: 'ARGUMENT', message }));
  });

  test('that is near none: where the options are listed', () => {
    for (const option of ['--frobnicate', '-x', '--constructor', '--__proto__'])
      expect(train_(option)).toThrow(`unknown option ${option}; simdense train --help lists the options`);
    expect(train_(`--${'e'.repeat(1e6)}`)).toThrow(/^unknown option --e{35}…; simdense train --help/);
  });

  test('its value, which may be a password, is not repeated', () => {
    expect(() => parse('worker', ['--redsi=redis://ann:secret@host'], worker.options)).toThrow(
      /^unknown option --redsi; did you mean --redis\?$/,
    );
  });

  test('is looked for among the options of its own command', () => {
    expect(() => parse('tune', ['--cv', '3'], tune.options)).toThrow('unknown option --cv; did you mean --folds?');
    expect(() => parse('inspect', ['--lr', '3'], inspect.options)).toThrow('unknown option --lr; simdense inspect');
    // Nothing is trained by these.
    for (const { name, options } of [predict, evaluate, inspect, exportModel, compileModel, importModel, worker, bench])
      expect(() => parse(name, ['--clip-norm', '1'], options)).toThrow(
        `unknown option --clip-norm; simdense ${name} --help`,
      );
  });
});

describe('the formats of an export', () => {
  test.each(formats.map(({ name, endings }) => [name, endings] as const))('%s by its endings %j', (name, endings) => {
    expect(parse('export', ['--to', name], exportModel.options).values).toEqual({ to: name });
    expect(exportModel.options['to']?.help).toContain(name);
    for (const ending of endings) expect(formatOf(undefined, `m${ending.toUpperCase()}`).name).toBe(name);
    // What is asked for by name is that, whatever the file is called.
    expect(formatOf(name, 'm.onnx').name).toBe(name);
  });

  test('without either, and by a name without an ending: ONNX', () => {
    for (const out of [undefined, '/dev/stdout', 'm']) expect(formatOf(undefined, out).name).toBe('onnx');
    expect(() => formatOf(undefined, 'm.pkl')).toThrow(
      '--out: "m.pkl" ends in none of .onnx, .json or .safetensors; say the format with --to',
    );
    expect(formatOf('json', 'm.pkl').name).toBe('json');
  });

  test('the file is of the format that its name says', () => {
    expect(run('train', 'iris.csv', '--epochs', '1', '-o', 'm.safetensors').status).toBe(0);
    expect(JSON.parse(run('export', 'm.safetensors', '-o', 'n.json', '--json').out).format).toBe('json');
    // Four columns, and five pieces of each.
    expect(JSON.parse(readFileSync(file('n.json'), 'utf8')).inputs).toBe(24);
    expect(JSON.parse(run('export', 'm.safetensors', '-o', 'n.safetensors', '--json').out).format).toBe('weights');
    expect(run('inspect', 'n.safetensors').out).toContain('parameters');
  });
});

test('the activations are those of hidden layers', () => {
  for (const name of kinds.activations) expect(activation.passes(name)).toBe(!/softmax/i.test(name));
  expect(activation.expected).toBe(`one of ${kinds.activations.filter((name) => !/softmax/i.test(name)).join(', ')}`);
});

describe('first-contact row 77: what nobody would read is refused', () => {
  test.each([
    [train, ['--results', 'kept'], '--results: has no effect without --cv'],
    [train, ['--executor', 'inline'], '--executor: has no effect without --cv'],
    [predict, ['--force'], '--force: has no effect without --out'],
    [evaluate, ['--force'], '--force: has no effect without --report'],
    [train, ['--epochs', '3', '--epochs=5'], '--epochs: given twice; leave out the one that is not meant'],
    [train, ['-o', 'a', '--out', 'b'], '--out: given twice'],
    [train, ['--clip-norm', '1', '--clip-norm=2'], '--clip-norm: given twice'],
    [tune, ['--seed', '1', '--seed', '1'], '--seed: given twice'],
  ] as [Command, string[], string][])('%#', ({ name, options }, args, message) => {
    expect(() => parse(name, args, options)).toThrow(message);
  });

  test.each([
    [{ hidden: '0', dropout: '0.5' }, '--dropout: is about hidden layers, and --hidden 0 asks for none'],
    [{ hidden: '0', activation: 'relu' }, '--activation: is about hidden layers'],
    [{ task: 'regression', balanced: true }, '--balanced: is about classes, and --task regression has none'],
  ])('%#', (values, message) => {
    expect(() => pipelineOf(values)).toThrow(message);
  });

  test.each([
    [['tune', 'iris.csv', '--strategy', 'grid', '--trials', '3'], '--trials: has no effect with --strategy grid'],
    [
      ['tune', 'iris.csv', '--strategy', 'grid', '--seconds', '3'],
      '--seconds: has no effect with --strategy grid: use random or bayes',
    ],
    [
      ['tune', 'iris.csv', '--strategy', 'halving', '--halving'],
      '--halving: has no effect with --strategy halving: use random or bayes',
    ],
    [['demo', 'iris.csv'], 'expected no file: simdense demo'],
    [['inspect', ''], 'expected one file: simdense inspect MODEL'],
  ])('%j', (args, message) => {
    const { status, err } = run(...args);
    expect([status, err.split(',')[0]]).toEqual([2, `simdense: ${message}`]);
  });

  test('what stands behind help and --version', () => {
    expect(run('help', 'train')).toEqual(run('train', '--help'));
    expect(run('help', 'trian').err).toBe('simdense: no command "trian"; did you mean train?');
    for (const words of [
      ['--version', 'train'],
      ['--help', 'train'],
      ['help', 'train', 'iris.csv'],
    ]) {
      const { status, err } = run(...words);
      expect([status, err]).toEqual([
        2,
        `simdense: ${words[0]}: takes nothing behind it, got "train"; simdense --help`,
      ]);
    }
    expect(run('demo', '--force').err).toBe('simdense: --force: has no effect without --report or --csv');
  });

  test('options that are given twice and take no value are one', () => {
    expect(parse('train', ['--json', '--json', '-q', '-q'], train.options).values).toMatchObject({ json: true });
  });
});

describe('the tables and the code that reads them', () => {
  const sources = new Map(
    readdirSync('src/cli', { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
      .map((name) => [resolve('src/cli', name), readFileSync(join('src/cli', name), 'utf8')]),
  );
  /** Names that a source asks for, as it stands there. */
  const asked = (source: string): string[] =>
    Array.from(
      source.matchAll(/values\['([\w-]+)'\]|(?:text|number|list)\(values, '([\w-]+)'|\{ (json), (quiet) \}: Values/g),
      (found) => found.slice(1).filter(Boolean),
    ).flat();
  /** A source and those of this room that it imports, and so on. */
  function reach(path: string, seen = new Set<string>()): Set<string> {
    if (seen.has(path) || !sources.has(path)) return seen;
    seen.add(path);
    for (const [, from] of (sources.get(path) as string).matchAll(/from '(\.[^']+)\.js'/g))
      reach(resolve(path, '..', `${from}.ts`), seen);
    return seen;
  }

  test.each(commands)('$name', ({ name, options }) => {
    const own = resolve('src/cli/commands', `${name}.ts`);
    const read = new Set([...reach(own)].flatMap((path) => asked(sources.get(path) as string)));
    // main.ts answers --help for every command.
    read.add('help');
    for (const option of Object.keys(options)) expect(read, `nobody reads --${option}`).toContain(option);
    for (const option of asked(sources.get(own) as string))
      expect(Object.keys(options), `${basename(own)} reads --${option}`).toContain(option);
  });

  test('every name that is asked for is an option of some command', () => {
    const known = new Set(
      [
        train,
        tune,
        predict,
        evaluate,
        explain,
        describe_,
        inspect,
        exportModel,
        compileModel,
        importModel,
        worker,
        bench,
      ].flatMap(({ options }) => Object.keys(options)),
    );
    // The demonstration's own.
    known.add('csv');
    for (const source of sources.values()) for (const option of asked(source)) expect(known).toContain(option);
  });
});

describe('first-contact row 75: passwords', () => {
  test.each([
    ['redis://user:secret@host:6379/0', 'redis://host:6379/0'],
    ['rediss://:se@cr/et@host', 'rediss://host'],
    ['redis://host:1/0?password=secret', 'redis://host:1/0'],
    ["'redis://user:secret@host'", "'redis://host'"],
    ['no Redis at redis://u:secret@h:1 (ECONNREFUSED)', 'no Redis at redis://h:1 (ECONNREFUSED)'],
    ['a@b.c, https://example.org', 'a@b.c, https://example.org'],
  ])('%s', (given, without) => {
    expect(withoutSecrets(given)).toBe(without);
  });

  test('stand in no error', () => {
    for (const args of [
      ['train', 'iris.csv', '--cv', '2', '--executor', 'redis:/user:secret@host'],
      ['train', 'iris.csv', '--cv', '2', '--executor', 'postgres://user:secret@host'],
      ['train', 'iris.csv', '--cv', '2', '--executor', 'user:sec@secret@host'],
      ['train', 'redis://user:secret@host'],
      ['worker', '--redis', 'http://user:secret@host'],
      ['worker', 'redis://user:secret@host'],
      ['redis://user:secret@host'],
    ]) {
      const { status, err } = run(...args);
      expect(status).not.toBe(0);
      expect(err).not.toContain('secret');
    }
  });
});

test('help fits the terminal', () => {
  for (const columns of [80, 40]) {
    const longest = describeOptions(train.options, columns)
      .split('\n')
      .reduce((most, line) => Math.max(most, line.length), 0);
    expect(longest).toBeLessThanOrEqual(columns);
  }
  expect(wrapped('- one two three\nfour', 9)).toBe('- one two\n  three\nfour');
  expect(wrapped('a table   of columns', 9)).toBe('a table   of columns');
});
