// The built command, run from a shell: its files and output, exit codes, Ctrl-C, and complete help.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describe as describeOptions } from '../../src/cli/describe-options.js';
import { parse } from '../../src/cli/parse-options.js';
import { loadPipeline } from '../../src/evaluate/index.js';
import { dense, sequential, sgd } from '../../src/index.js';
import { readCsv } from '../../src/node/index.js';
import { FLOAT } from '../../src/onnx/graph.js';
import { readModel } from '../../src/onnx/read-proto.js';
import { loadQuantizedPredictor } from '../../src/predict/index.js';
import { readTable } from '../../src/table/index.js';

const cli = resolve('dist/cli.js');
let folder = '';
const file = (name: string) => join(folder, name);

function run(...args: string[]): { status: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], { cwd: folder, encoding: 'utf8' });
  return { status, out: stdout.trim(), err: stderr.trim() };
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'simdense-cli-'));
  writeFileSync(file('iris.csv'), readFileSync('examples/data/iris.csv'));
  writeFileSync(file('digits.csv'), gunzipSync(readFileSync('examples/data/digits.csv.gz')));
  const rows = Array.from({ length: 200 }, (_, i) => [
    i / 100,
    ['red', 'green', 'blue'][i % 3],
    (i / 100) ** 2 + (i % 3),
  ]);
  writeFileSync(file('curve.csv'), ['x,color,y', ...rows.map((row) => row.join())].join('\n'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('train, evaluate, predict', () => {
  test('a classification: one model, one report, and how good it is in words', async () => {
    const { status, out, err } = run('train', 'iris.csv', '--target', 'species', '--cv', '5', '--seed', '2');
    expect([status, err]).toEqual([0, '']);
    // first-contact row 43: the chosen task and the reason come first.
    expect(out).toMatch(
      /^150 rows and 5 columns read; it learns from 4 numbers\.\nClassification of species, because the labels are texts\.\n\nTrained \d+ epochs on 112 rows/,
    );
    expect(out).toMatch(
      /right in 3\d of 38 rows that it had not seen: 9\d(\.\d)? %\. On new rows the share lies between \d+(\.\d)? % and \d+(\.\d)? %/,
    );
    expect(out).toMatch(
      /commonest of the 3 classes is right in 34.2 %\. A linear model of the same rows is right in .+\. It has clearly learnt something\./,
    );
    expect(out).toMatch(/In 5-fold cross-validation its accuracy is 9\d(\.\d)? %, give or take/);
    using model = loadPipeline(readFileSync(file('iris.safetensors')));
    expect([model.target, model.columns]).toEqual([
      'species',
      ['sepal length', 'sepal width', 'petal length', 'petal width'],
    ]);
    const html = readFileSync(file('iris.html'), 'utf8');
    for (const fact of [
      'species from iris.csv',
      'versicolor',
      'Gradient flow',
      'npx simdense train iris.csv --target species --seed 2 --cv 5',
    ])
      expect(html).toContain(fact);

    const predicted = run('predict', 'iris.safetensors', 'iris.csv', '--probabilities', '-o', 'p.csv');
    expect(predicted).toEqual({ status: 0, out: '150 predictions are in p.csv.', err: '' });
    const { target } = await readCsv(file('iris.csv'), { target: 'species' });
    const { target: labels, x, names } = await readCsv(file('p.csv'), { target: 'species' });
    const flowers = await readTable(readFileSync(file('iris.csv')));
    // The input's columns come first, then the prediction, then the probabilities.
    expect(labels).toEqual(target);
    expect(names.slice(4, -3).map((name) => name.split('=')[0])).toEqual(['prediction', 'prediction', 'prediction']);
    const told = Array.from({ length: 150 }, (_, row) => Array.from(x.row(row)).slice(-3)).flat();
    expect(told).toEqual(Array.from(model.predictProbabilities(flowers).data));
    const { accuracy } = model.evaluate(flowers);
    expect(JSON.parse(run('evaluate', 'iris.safetensors', 'iris.csv', '--json').out)).toMatchObject({
      accuracy,
      rows: 150,
    });
    expect(run('evaluate', 'iris.safetensors', 'iris.csv', '--report', 'e.html').out).toContain('virginica');
    const judged = readFileSync(file('e.html'), 'utf8');
    expect(judged).toContain('iris.safetensors on iris.csv');
    // It was trained on most of these rows.
    expect(judged).not.toContain('had not seen');
  });

  test('the same seed, the same file; JSON for machines', () => {
    const train = (seed: string, out: string) =>
      run('train', 'iris.csv', '--epochs', '20', '--seed', seed, '--json', '--out', out, '--report', 'none');
    const { status, out } = train('5', 'a.safetensors');
    expect(status).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      model: 'a.safetensors',
      target: 'species',
      task: 'classification',
      seed: 5,
      interrupted: false,
      rows: 38,
    });
    train('5', 'b.safetensors');
    train('6', 'c.safetensors');
    const [a, b, c] = ['a', 'b', 'c'].map((name) => readFileSync(file(`${name}.safetensors`)));
    expect(a?.equals(b as Buffer)).toBe(true);
    expect(a?.equals(c as Buffer)).toBe(false);
    expect(existsSync(file('a.html'))).toBe(false);
  });

  test('a regression with a column of categories, which other tables have in another order', () => {
    const { out } = run('train', 'curve.csv', '--target', 'y', '--epochs', '150', '--learning-rate', '0.01');
    expect(out).toMatch(/On 50 rows that it had not seen it is off by 0\.\d+ on average/);
    expect(out).toContain('It has clearly learnt something.');
    writeFileSync(file('few.csv'), 'color,x\nblue,1\nred,0.5\n');
    const [head, first, second] = run('predict', 'curve.safetensors', 'few.csv').out.split(/\r?\n/);
    expect(head).toBe('color,x,y');
    const last = (line: string | undefined): number => Number(line?.split(',').at(-1));
    // x² and 2 for blue, 0 for red.
    expect(Math.abs(last(first) - 3)).toBeLessThan(0.5);
    expect(Math.abs(last(second) - 0.25)).toBeLessThan(0.5);
    writeFileSync(file('pink.csv'), 'color,x\npink,1\n');
    const pink = run('predict', 'curve.safetensors', 'pink.csv');
    expect([pink.status, pink.out.split(/\r?\n/)[0]]).toEqual([0, 'color,x,y,note']);
    expect(pink.out).toMatch(/,"?color ""pink"" is not known: taken as none of the known ones"?$/);
    expect(pink.err).toBe(
      'In 1 row some cell could not be used: color is not known: taken as none of the known ones (1 row).',
    );
  });

  test('images: what is misread is shown', () => {
    expect(run('train', 'digits.csv', '--epochs', '10', '--no-header').status).toBe(0);
    const html = readFileSync(file('digits.html'), 'utf8');
    expect(html).toMatch(/in all/);
    expect(html).toContain('data:image/bmp;base64,');
  });
});

describe('--clip-norm', () => {
  /** The weights after one update of plain gradient descent on all rows. */
  const weights = (...args: string[]): number[] => {
    const once = ['--epochs', '1', '--batch-size', 'full', '--patience', '0', '--optimizer', 'sgd', '--report', 'none'];
    expect(run('train', 'iris.csv', ...once, '--out', 'clipped.safetensors', ...args).status).toBe(0);
    using model = loadPipeline(readFileSync(file('clipped.safetensors')));
    return [...model.model.getWeights().values()].flatMap(({ data }) => [...data]);
  };

  test('gradients are scaled as torch.nn.utils.clip_grad_norm_ does it: by N ÷ (norm + 1e-6), where that is below 1', () => {
    // An update by so small a rate leaves every float32 weight as it was.
    const initial = weights('--learning-rate', '1e-30');
    const step = (after: number[]): number[] => after.map((value, i) => value - (initial[i] as number));
    const free = weights('--learning-rate', '1');
    const norm = Math.hypot(...step(free));
    expect(norm).toBeGreaterThan(0.1);
    for (const most of [0.01, norm / 2]) {
      const clipped = step(weights('--learning-rate', '1', '--clip-norm', String(most)));
      expect(Math.abs(Math.hypot(...clipped) - most)).toBeLessThan(1e-5 * norm);
      const scale = most / (norm + 1e-6);
      for (const [i, whole] of step(free).entries())
        expect(Math.abs((clipped[i] as number) - scale * whole)).toBeLessThan(1e-6 * norm);
    }
    expect(weights('--learning-rate', '1', '--clip-norm', String(2 * norm))).toEqual(free);
  });

  test.each(['train', 'tune'])(
    '%s: stands in the model, in the settings of the report and in its command',
    (command) => {
      const few = ['--epochs', '2', ...(command === 'tune' ? ['--trials', '2', '--folds', '2'] : [])];
      const { status } = run(command, 'iris.csv', '--clip-norm', '0.5', ...few, '--out', 'clip.safetensors');
      expect(status).toBe(0);
      const { optimizer } = JSON.parse(run('inspect', 'clip.safetensors', '--json').out);
      expect(optimizer).toMatchObject({ type: 'adamw', clipNorm: 0.5 });
      const html = readFileSync(file('clip.html'), 'utf8');
      expect(html).toMatch(/adamw: learningRate \(cosine: initial 0\.\d+, [^)]+\), .*clipNorm 0\.5/);
      expect(html).toMatch(new RegExp(`npx simdense ${command} iris\\.csv .*--clip-norm 0\\.5`));
    },
  );
});

test('tune: the best settings, trained; all of them as a table', () => {
  const { status, out } = run(
    'tune',
    'iris.csv',
    '--trials',
    '4',
    '--folds',
    '3',
    '--epochs',
    '30',
    '--table',
    't.csv',
    '--executor',
    'inline',
  );
  expect(status).toBe(0);
  expect(out).toMatch(
    /The best of 4 settings tried: \d × \d+ units, learning rate 0\.\d+, dropout 0[.\d]*\. In 3-fold cross-validation its accuracy is \d/,
  );
  expect(readFileSync(file('t.csv'), 'utf8').trim().split('\n').length).toBe(5);
  // What repeats it is the command that it was.
  expect(readFileSync(file('iris.html'), 'utf8')).toContain(
    'npx simdense tune iris.csv --target species --seed 0 --trials 4',
  );
});

test('compile writes a module with its types, a header, and a page, and keeps files of others', async () => {
  run('train', 'iris.csv', '--hidden', '64', '--epochs', '3', '--out', 'c.safetensors');
  expect(run('compile', 'c.safetensors').out).toMatch(/^c\.mjs has [\d,]+ bytes\. Its types are in c\.d\.mts\.$/);
  const { predictLabel, columns } = await import(file('c.mjs'));
  const row = Object.fromEntries(columns.map((name: string, i: number) => [name, [5.1, 3.5, 1.4, 0.2][i]]));
  expect(predictLabel(row)).toBe('setosa');
  expect(readFileSync(file('c.d.mts'), 'utf8')).toContain('readonly "petal width": number | string | null;');
  expect(run('compile', 'c.safetensors', '-o', 'c.h').out).toMatch(/^c\.h has [\d,]+ bytes\.$/);
  // The report of the training has the name c.html.
  expect(JSON.parse(run('compile', 'c.safetensors', '--to', 'html', '--json').out)).toEqual({
    out: 'c.form.html',
    to: 'html',
    bytes: expect.any(Number),
  });
  const bytes = (...args: string[]): number => JSON.parse(run('compile', 'c.safetensors', '--json', ...args).out).bytes;
  expect(bytes('--weights', 'int8')).toBeLessThan(bytes());
  expect(JSON.parse(run('compile', 'c.safetensors', '-o', 'plain.js', '--json').out).to).toBe('js');
  expect(run('compile', 'c.safetensors', '-o', 'c.wasm').err).toBe(
    'simdense: --out: "c.wasm" ends in none of .mjs, .js, .h, .html and .safetensors; say what to make with --to',
  );
  expect(run('compile', 'c.safetensors', '--to', 'safetensors').out).toMatch(
    /^c\.int8\.safetensors has [\d,]+ bytes\.$/,
  );
  using predictor = loadQuantizedPredictor(readFileSync(file('c.int8.safetensors')));
  expect(predictor.predictLabels([row])).toEqual(['setosa']);
  expect(run('predict', 'c.int8.safetensors', 'iris.csv').err).toMatch(
    /its weights are int8; loadQuantizedPredictor of simdense\/predict reads it, and the command the file that it was made of$/,
  );
  expect(run('compile', 'c.safetensors', '--weights', 'float16', '-o', 'half.safetensors').status).toBe(0);
  expect(run('predict', 'half.safetensors', 'iris.csv').out).toMatch(/^sepal length,.*\n5\.1,.*setosa,setosa\n/);
  expect(run('inspect', 'half.safetensors').out).toContain(
    `${statSync(file('half.safetensors')).size.toLocaleString('en')} bytes`,
  );
  expect(run('compile', 'c.safetensors', '--weights', 'float16').err).toBe(
    'simdense: --weights: float16 is for model files: --to safetensors',
  );
  expect(run('compile', 'c.safetensors', '--to', 'safetensors', '--weights', 'float32').err).toBe(
    'simdense: --weights: a model file takes int8 or float16',
  );
  expect(run('compile', 'c.safetensors', '-o', 'c.html').err).toMatch(/c\.html is there already/);
  writeFileSync(file('c.d.mts'), 'export type Mine = 1;');
  expect(run('compile', 'c.safetensors').err).toMatch(/c\.d\.mts/);
});

test('inspect and export', () => {
  run('train', 'iris.csv', '--hidden', '32', '--epochs', '3', '--clip-norm', '2', '--out', 'm.safetensors');
  expect(run('inspect', 'm.safetensors').out).toMatch(
    /899 parameters[\s\S]*, written by simdense \d[\s\S]*predicts species: setosa, versicolor, virginica\nfrom sepal length, [\s\S]*trained 3 epochs by adamw \(learning rate 0\.01 by schedule cosine, clip norm 2\) on categorical/,
  );
  expect(JSON.parse(run('inspect', 'm.safetensors', '--json').out)).toMatchObject({
    inputs: 24,
    outputs: 3,
    kinds: { 'sepal length': 'number', 'petal width': 'number' },
    epochs: 3,
    writer: expect.stringMatching(/^simdense \d/),
  });
  expect(run('export', 'm.safetensors').out).toMatch(/^m\.onnx has [\d,]+ bytes\.$/);
  const { graph, metadata } = readModel(readFileSync(file('m.onnx')));
  expect([graph.inputs, JSON.parse(metadata['target'] as string)]).toEqual([
    [{ name: 'input', type: FLOAT, dims: [0, 4] }],
    'species',
  ]);
  const model = sequential({ inputs: 1, layers: [dense({ units: 1 })] }).compile({ optimizer: sgd(), loss: 'huber' });
  writeFileSync(file('own.safetensors'), model.save());
  expect(run('inspect', 'own.safetensors').out).toMatch(/\n\ncompiled with sgd \(learning rate 0\.01\) on huber$/);
  expect(run('inspect', 'm.onnx').err).toMatch(/m\.onnx is no model .* it looks like an ONNX model; fromOnnx of/);
  const alone = 'It holds the network alone, without the encoder of the columns and the names of the classes.';
  const { out } = run('export', 'm.safetensors', '--to', 'json');
  expect(out.replace(/[\d,]+/, 'N')).toBe(`m.json has N bytes. ${alone}`);
  expect(run('export', 'm.safetensors', '--to', 'weights').out).toContain(alone);
  expect(run('export', 'm.weights.safetensors', '--to', 'json', '--force').out).not.toContain('alone');
  expect(Object.keys(JSON.parse(readFileSync(file('m.json'), 'utf8')).weights)).toEqual([
    'dense/kernel',
    'dense/bias',
    'dense_1/kernel',
    'dense_1/bias',
  ]);
});

test('demo', () => {
  const { status, out } = run('demo', '--report', 'demo.html', '--csv', 'flowers.csv');
  expect(status).toBe(0);
  expect(out).toMatch(
    /^Iris: which of three kinds[\s\S]*It is right in 4\d of 45 rows[\s\S]*No problems found\.[\s\S]*Written: demo.html, flowers.csv\.$/,
  );
  expect(readFileSync(file('flowers.csv'), 'utf8')).toBe(readFileSync('examples/data/iris.csv', 'utf8'));
});

test('tune --results goes on from what is kept', () => {
  const order = ['tune', 'iris.csv', '--trials', '3', '--folds', '2', '--epochs', '5', '--results', 'kept', '--json'];
  const first = run(...order);
  const files = readdirSync(file('kept'));
  expect(files.length).toBe(6);
  for (const name of files.slice(0, 3)) rmSync(join(file('kept'), name));
  const second = run(...order, '--executor', 'inline');
  expect(second).toEqual(first);
  expect(readdirSync(file('kept'))).toEqual(files);
});

describe('Ctrl-C', () => {
  /** Starts it, waits milliseconds or until so many results are kept, interrupts it, and says how it ended. */
  async function interrupted(
    wait: number | { results: string; count: number },
    ...args: string[]
  ): Promise<{ code: number | null; out: string; err: string }> {
    const child = spawn(process.execPath, [cli, ...args], { cwd: folder });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk) => (out += chunk));
    child.stderr.on('data', (chunk) => (err += chunk));
    const ended = new Promise<number | null>((done) => child.on('close', done));
    const waited = typeof wait === 'number' ? pause(wait) : kept(wait, () => child.exitCode !== null);
    await Promise.race([waited, ended]);
    await listens(child, 2);
    child.kill('SIGINT');
    return { code: await ended, out, err };
  }

  test('SIGTERM ends it alike, with the code of SIGTERM', async () => {
    const args = [
      'train',
      'digits.csv',
      '--cv',
      '10',
      '--epochs',
      '2000',
      '--patience',
      '0',
      '--out',
      'term.safetensors',
    ];
    const child = spawn(process.execPath, [cli, ...args], { cwd: folder });
    const ended = new Promise<number | null>((done) => child.on('close', done));
    await pause(1500);
    await listens(child, 15);
    child.kill('SIGTERM');
    expect(await ended).toBe(143);
  });

  /** Waits until a process handles a signal, as Linux tells: a machine that is busy may take seconds to start it. */
  async function listens(child: ChildProcess, signal: number): Promise<void> {
    const status = `/proc/${child.pid}/status`;
    while (child.exitCode === null && existsSync(status)) {
      const [, caught = '0'] = /^SigCgt:\s*([0-9a-f]+)/m.exec(readFileSync(status, 'utf8')) ?? [];
      if ((BigInt(`0x${caught}`) >> BigInt(signal - 1)) & 1n) return;
      await pause(10);
    }
  }

  const pause = (time: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, time));

  async function kept({ results, count }: { results: string; count: number }, ended: () => boolean): Promise<void> {
    while (!ended() && (!existsSync(file(results)) || readdirSync(file(results)).length < count)) await pause(10);
  }

  test('while it trains: the best so far is saved and judged', async () => {
    const { code, out, err } = await interrupted(
      1500,
      'train',
      'digits.csv',
      '--epochs',
      '100000',
      '--patience',
      '100000',
      '--out',
      'cut.safetensors',
    );
    expect(code).toBe(130);
    expect(err).toContain('ending; Ctrl-C again ends at once');
    expect(out).toMatch(/until you ended it[\s\S]*right in \d+ of 449 rows/);
    using model = loadPipeline(readFileSync(file('cut.safetensors')));
    expect(model.history.stopped?.reason).toBe('interrupted');
  });

  test('while it cross-validates: nothing is left behind', async () => {
    const { code, err } = await interrupted(
      1500,
      'train',
      'digits.csv',
      '--cv',
      '10',
      '--epochs',
      '2000',
      '--patience',
      '0',
      '--out',
      'none.safetensors',
    );
    expect(code).toBe(130);
    expect(err).toContain('simdense: interrupted');
    expect(existsSync(file('none.safetensors'))).toBe(false);
  });

  /** A pipe that nobody reads takes nothing: whoever writes to it waits. */
  const hasPipes = spawnSync('mkfifo', ['--version']).status === 0;
  test.runIf(hasPipes)('while it waits for a reader of a pipe: it ends at once', async () => {
    spawnSync('mkfifo', [file('pipe')]);
    run('train', 'iris.csv', '--epochs', '2', '--out', 'piped.safetensors', '--report', 'none');
    const search = ['tune', 'iris.csv', '--trials', '2', '--folds', '2', '--epochs', '2', '--executor', 'inline'];
    for (const args of [
      ['predict', 'piped.safetensors', 'iris.csv', '-o', 'pipe'],
      ['train', 'iris.csv', '--epochs', '2', '--out', 'pipe', '--report', 'none'],
      [...search, '--table', 'pipe', '--out', 'never.safetensors'],
    ]) {
      const child = spawn(process.execPath, [cli, ...args], { cwd: folder });
      const ended = new Promise<NodeJS.Signals | number | null>((done) =>
        child.on('exit', (code, signal) => done(signal ?? code)),
      );
      await Promise.race([pause(2500), ended]);
      expect([args[0], child.exitCode]).toEqual([args[0], null]);
      child.kill('SIGINT');
      // Once is enough: a process that still waits after this time would wait for ever.
      const last = await Promise.race([ended, pause(10_000)]);
      child.kill('SIGKILL');
      expect([args[0], last]).toEqual([args[0], 'SIGINT']);
    }
  });

  test('while it explains: what is measured is shown, and where nothing is, it says so', async () => {
    const wide = Array.from({ length: 40 }, (_, row) => [
      row % 2 ? 'a' : 'b',
      ...Array.from({ length: 1000 }, (_, column) => ((row * 7 + column * 13 + ((row * column) % 11)) % 29) / 2),
    ]);
    const head = ['y', ...Array.from({ length: 1000 }, (_, column) => `c${column}`)];
    writeFileSync(file('wide.csv'), [head, ...wide].map((row) => row.join(',')).join('\n'));
    run('train', 'wide.csv', '--target', 'y', '--quick', '--epochs', '1', '--report', 'none', '-o', 'wide.safetensors');
    for (const wait of [600, 1200]) {
      const { code, out, err } = await interrupted(wait, 'explain', 'wide.safetensors', 'wide.csv');
      // It may have been done by then, or not have begun to listen.
      if (code === 130) expect(out + err).toMatch(/[Yy]ou ended it/);
      else expect([0, null]).toContain(code);
    }
  });

  test('while it tunes numbers: the settings of the best R² so far are trained', async () => {
    const { code, out } = await interrupted(
      { results: 'numbers', count: 16 },
      'tune',
      'curve.csv',
      '--results',
      'numbers',
      '--trials',
      '5000',
      '--epochs',
      '40',
      '--folds',
      '2',
      '--executor',
      'inline',
      '--out',
      'numbers.safetensors',
    );
    expect(code).toBe(130);
    expect(out).toContain('It has clearly learnt something.');
  });

  test('while it tunes: the best settings so far are trained', async () => {
    const { code, out } = await interrupted(
      { results: 'irises', count: 6 },
      'tune',
      'iris.csv',
      '--results',
      'irises',
      '--trials',
      '5000',
      '--epochs',
      '30',
      '--folds',
      '2',
      '--executor',
      'inline',
      '--out',
      'tuned.safetensors',
    );
    expect(code).toBe(130);
    expect(out).toMatch(/The best of \d+ settings? tried/);
    expect(existsSync(file('tuned.safetensors'))).toBe(true);
  });
});

describe('one line with what to do', () => {
  test.each([
    [['train', 'nope.csv'], 1, 'there is no nope.csv'],
    [['train'], 2, 'expected one file: simdense train DATA.csv --target COLUMN'],
    [['tran'], 2, 'no command "tran"; did you mean train?'],
    [['fit'], 2, 'no command "fit"; did you mean train?'],
    [['nothing'], 2, 'no command "nothing"; simdense --help lists them'],
    [['train', 'iris.csv', '--hiden', '3'], 2, 'unknown option --hiden; did you mean --hidden?'],
    [['train', 'iris.csv', '--frobnicate'], 2, 'unknown option --frobnicate; simdense train --help lists the options'],
    [['train', 'iris.csv', '--epochs', 'many'], 2, '--epochs: expected a whole number, 1 or more, got "many"'],
    [
      ['train', 'iris.csv', '--hidden', '3.5'],
      2,
      '--hidden: expected whole numbers such as 64,32, or 0 for no hidden layer, got "3.5"',
    ],
    [
      ['train', 'iris.csv', '--optimizer', 'adem'],
      2,
      '--optimizer: expected one of sgd, adam, adamw, rmsprop, adagrad, lion, got "adem"',
    ],
    [['train', 'iris.csv', '--activation', 'rleu'], 2, '--activation: expected one of linear, sigmoid,'],
    [['train', 'iris.csv', '--target', 'kind'], 2, '--target: there is no column "kind" among "sepal length", '],
    [
      ['train', 'iris.csv', '--cv', '3', '--executor', 'cloud'],
      2,
      '--executor: expected workers, inline or a URL such as redis://localhost:6379, got "cloud"',
    ],
    [
      ['predict', 'iris.csv', 'iris.csv'],
      1,
      'iris.csv is no model that this simdense reads: it looks like a table, CSV',
    ],
    [['train', 'iris.csv', '--clip-norm'], 2, '--clip-norm: expected a number above 0 behind it, got nothing'],
    [
      ['train', 'iris.csv', '--clip-norm', '--json'],
      2,
      '--clip-norm: expected a number above 0 behind it, got nothing',
    ],
    [['train', 'iris.csv', '-o'], 2, '--out: expected the path of a file behind it, got nothing'],
    [['train', 'iris.csv', '--json=3'], 2, '--json: takes no value; leave out what follows it'],
    [
      ['train', 'iris.csv', '--activation', 'swish'],
      2,
      '--activation: expected one of linear, sigmoid, tanh, relu, leakyRelu, elu, softplus, silu, gelu, mish, softsign, hardSwish, tanhShrink, got "swish"; did you mean silu?',
    ],
    [['predict', 'iris.csv'], 2, 'expected two files: simdense predict MODEL DATA.csv'],
    [['inspect', '.'], 1, '. is a folder, expected a file'],
    [['train', 'iris.csv', '--epochs', '2', '--out', 'no/such/folder.safetensors'], 1, 'there is no folder no'],
    [['worker'], 2, 'worker needs --redis URL'],
  ] as [string[], number, string][])('%j', (args, status, message) => {
    const { err, ...rest } = run(...args);
    expect(rest).toEqual({ status, out: '' });
    expect(err).toContain(`simdense: ${message}`);
    expect(err.split('\n').length).toBe(1);
  });
});

describe('help', () => {
  const commands = [
    'train',
    'predict',
    'evaluate',
    'explain',
    'tune',
    'describe',
    'inspect',
    'export',
    'compile',
    'import',
    'worker',
    'bench',
    'demo',
  ];

  test('lists every command, and each command every option that it reads', () => {
    const all = run('--help').out;
    for (const command of commands) {
      expect(all).toMatch(new RegExp(`^  ${command} `, 'm'));
      const { out, status } = run(command, '--help');
      expect([status, out.startsWith(`simdense ${command}`)]).toEqual([0, true]);
      const listed = Array.from(out.matchAll(/^ {2}(?:-\w, )?--([a-z0-9-]+)/gm), ([, name]) => name as string);
      expect(listed).toContain('help');
      // What the sources ask for by name is an option of some command, and the other way round.
      for (const name of listed) expect(read).toContain(name);
    }
  });

  const code = readdirSync('src/cli', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && name !== 'options.ts')
    .map((name) => readFileSync(join('src/cli', name), 'utf8'))
    .join('\n');
  const read = new Set(
    Array.from(
      code.matchAll(/(?:values\['|(?:text|number|list)\(values, ')([a-z0-9-]+)'|\{ (json)[ ,]|(quiet) \}/g),
      (m) => (m[1] ?? m[2] ?? m[3]) as string,
    ),
  );

  test('says each version', () => {
    expect(run('--version').out).toBe(JSON.parse(readFileSync('package.json', 'utf8')).version);
  });

  test('is made of what is parsed', () => {
    const options = {
      rate: { type: 'string', short: 'r', value: 'X', help: 'how fast' },
      on: { type: 'boolean', help: 'whether' },
    } as const;
    expect(describeOptions(options)).toBe('  -r, --rate X   how fast\n  --on           whether');
    expect(parse('x', ['-r', '2', '--on', 'a'], options)).toMatchObject({
      values: { rate: '2', on: true },
      positionals: ['a'],
    });
  });
});
