// simdense import: each format is found out, the model is written, and a check against what the original gives says the difference.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { dense, loadModel, sequential } from '../../src/index.js';
import { toOnnx } from '../../src/onnx/index.js';
import { brain, distance, keras, tfjs, torch } from '../convert/fixtures.js';
import { zipped } from '../helpers/workbook.js';
import { workplace } from './run.js';

const { run, write, file } = workplace();
const json = (name: string, value: unknown) => write(name, JSON.stringify(value));
const saved = (name: string) => loadModel(new Uint8Array(readFileSync(file(name))));

test('TensorFlow.js: a model.json with its shards beside it', () => {
  const { modelJson, shards, x, y } = tfjs[6] as (typeof tfjs)[number];
  json('model.json', modelJson);
  for (const [path, bytes] of Object.entries(shards)) write(path, bytes);
  json('check.json', { x, y });
  const { status, out } = run('import', 'model.json', '--check', 'check.json');
  expect(status).toBe(0);
  expect(out).toMatch(/^Format of model\.json: TensorFlow\.js\n\nsequential: \d+ inputs\n/);
  expect(out).toMatch(
    /\n\nIt gives what the original gives, to [\d.e-]+ of the largest number, for 4 rows\. model\.safetensors has [\d,]+ bytes\.$/,
  );
  using model = saved('model.safetensors');
  expect(distance(model.predict(x).toArrays(), y)).toBeLessThan(1e-6);
});

test('a shard that is not there, and one that is not beside it', () => {
  const { modelJson } = tfjs[6] as (typeof tfjs)[number];
  const [group] = modelJson['weightsManifest'] as [object];
  const named = (name: string, path: string) =>
    json(name, { ...modelJson, weightsManifest: [{ ...group, paths: [path] }] });
  named('lacks.json', 'lost.bin');
  expect(run('import', 'lacks.json')).toMatchObject({ status: 1, err: 'simdense: there is no lost.bin' });
  for (const path of ['../secret', '/etc/passwd', 'a/../../b', 'C:\\x']) {
    named('leaves.json', path);
    const { status, err } = run('import', 'leaves.json');
    expect([status, err]).toEqual([1, expect.stringMatching(/names the shard ".*", which is not beside it$/)]);
  }
});

test('Keras, in both formats, with data for machines', () => {
  const { files, x, y } = keras[0] as (typeof keras)[number];
  json('check.json', { x, y });
  for (const [ending, bytes] of Object.entries(files)) {
    write(`net.${ending}`, bytes);
    const { status, out } = run(
      'import',
      `net.${ending}`,
      '--check',
      'check.json',
      '--json',
      '--out',
      `${ending}.safetensors`,
    );
    expect(status).toBe(0);
    const data = JSON.parse(out);
    expect(data).toMatchObject({ inputs: x[0]?.length, out: `${ending}.safetensors`, check: { rows: 4 } });
    expect(data.format).toBe(ending === 'h5' ? 'Keras (HDF5)' : 'Keras (.keras)');
    expect(data.check.difference).toBeLessThan(1e-6);
  }
});

test('brain.js: rows by name are compared, and the names are said', () => {
  const named = brain.cases.find(({ x }) => !Array.isArray(x[0]));
  json('brain.json', named?.json);
  json('check.json', { x: named?.x, y: named?.y });
  const { status, out } = run('import', 'brain.json', '--check', 'check.json');
  expect([status, out]).toEqual([0, expect.stringMatching(/^Format of brain\.json: brain\.js\n/)]);
  expect(out).toMatch(/\n\ncolumns: r, g.*\npredicts: b.*\n\nIt gives what the original gives/);
});

test('a state dict needs its layers', () => {
  const { file: bytes, layers, x, y } = torch[1] as (typeof torch)[number];
  write('state.safetensors', bytes);
  json('layers.json', layers);
  json('check.json', { x, y });
  const without = run('import', 'state.safetensors', '--out', 'm.safetensors');
  expect(without).toMatchObject({ status: 2, err: expect.stringContaining('is a state dict, which has no layers') });
  expect(run('import', 'state.safetensors', '--layers', 'layers.json').err).toContain('is the file that is read');
  const unproved = run('import', 'state.safetensors', '--layers', 'layers.json', '--out', 'unproved');
  expect(unproved.out).toContain('\n\nIt was not compared with what the original gives: --check does.');
  const done = run(
    'import',
    'state.safetensors',
    '--layers',
    'layers.json',
    '--check',
    'check.json',
    '--out',
    'm.safetensors',
  );
  expect(done).toMatchObject({ status: 0, out: expect.stringContaining('It gives what the original gives') });
  expect(run('import', 'm.safetensors', '--out', 'n.safetensors')).toMatchObject({
    status: 2,
    err: 'simdense: m.safetensors is a model of simdense already',
  });
});

test('where a state dict with a normalization differs, its epsilon may be why', () => {
  const found = torch.find(({ layers }) => layers.some(({ type }) => type === 'batchNormalization'));
  const { file: bytes, layers, x, y } = found as (typeof torch)[number];
  write('state.safetensors', bytes);
  json('layers.json', layers);
  json('other.json', { x, y: y.map((row) => row.map((value) => value + 1)) });
  const { status, err } = run(
    'import',
    'state.safetensors',
    '--layers',
    'layers.json',
    '--check',
    'other.json',
    '--out',
    'm.safetensors',
    '--force',
  );
  expect([status, err]).toEqual([
    1,
    expect.stringMatching(
      /\(--tolerance\)\. A state dict does not hold epsilon: where it is not 1e-5, write it in the list of --layers, such as \{ "type": "batchNormalization", "epsilon": 0\.001 \}$/,
    ),
  ]);
});

test('ONNX, and a network that gives something else is not written', () => {
  using model = sequential({ inputs: 2, layers: [dense({ units: 1 })], seed: 1 });
  write('net.onnx', toOnnx(model));
  const y = model.predict([[1, 2]]).toArrays();
  json('right.json', { x: [[1, 2]], y });
  json('wrong.json', { x: [[1, 2]], y: y.map((row) => row.map((value) => value + 0.01)) });
  const wrong = run('import', 'net.onnx', '--check', 'wrong.json');
  expect([wrong.status, wrong.err]).toEqual([
    1,
    expect.stringMatching(
      /in row 1 of wrong\.json the network differs by 0\.0\d+ of the largest number from what the original gives; at most 0\.0001 is allowed \(--tolerance\)$/,
    ),
  ]);
  expect(() => readFileSync(file('net.safetensors'))).toThrow();
  expect(run('import', 'net.onnx', '--check', 'wrong.json', '--tolerance', '0.1').status).toBe(0);
  expect(run('import', 'net.onnx', '--check', 'right.json').out).toContain(
    'gives, to 0.0 of the largest number, for 1 row.',
  );
  expect(run('import', 'net.onnx', '--out', 'alone').out).toContain(
    'Rows that were tried agree with the operators of the file. It was not compared with what the original gives: --check does.',
  );
});

test('what is no model, and a check that is none, are refused in one line', () => {
  write('junk', 'hello there');
  json('other.json', { hello: 1 });
  write('broken.json', '{');
  write('cut.h5', ((keras[0] as (typeof keras)[number]).files['h5'] as Uint8Array).slice(0, 3000));
  for (const name of ['junk', 'other.json', 'broken.json', 'cut.h5']) {
    const { status, err } = run('import', name);
    expect([status, err]).toEqual([1, expect.stringMatching(new RegExp(`^simdense: ${name}[: ][^\n]*$`))]);
  }
  json('brain.json', brain.cases[0]?.json);
  for (const check of [{}, { x: [], y: [] }, { x: [[1]], y: [[1]] }, { x: [{ nobody: 1 }], y: [{}] }, [1]]) {
    json('check.json', check);
    const { status, err } = run('import', 'brain.json', '--check', 'check.json');
    expect([status, err]).toEqual([1, expect.stringMatching(/^simdense: check\.json/)]);
  }
});

test('a file of torch.save, and a table, are told by what they are', () => {
  const pickled = Uint8Array.of(0x80, 2, 0x7d, 0x71, 0, 0x2e);
  write('new.pt', zipped(new Map([['new/data.pkl', pickled]])));
  write('old.pt', pickled);
  json('layers.json', []);
  for (const name of ['new.pt', 'old.pt'])
    for (const more of [[], ['--layers', 'layers.json']])
      expect(run('import', name, ...more)).toMatchObject({
        status: 1,
        err: `simdense: ${name}: files of torch.save are pickles, which are not read; write the weights by safetensors.torch.save_file(model.state_dict(), 'model.safetensors') and list the layers (fromStateDict, or --layers of the command), or write ONNX by torch.onnx.export`,
      });
  write('semicolons', '\ufeffa;b\r\n1,5;2\r\n');
  for (const name of ['iris.csv', 'semicolons'])
    expect(run('import', name)).toMatchObject({
      status: 1,
      err: `simdense: ${name} is no model, and looks like a table; npx simdense train makes a model of one`,
    });
});

test('an imported network predicts columns of numbers in their order; train --from says where to go', () => {
  using model = sequential({ inputs: 2, layers: [dense({ units: 3, activation: 'softmax' })], seed: 1 });
  write('three.onnx', toOnnx(model));
  expect(run('import', 'three.onnx').status).toBe(0);
  write('rows.csv', 'a;b\n1,5;2\n-3;4e-1\n');
  const { status, out } = run('predict', 'three.safetensors', 'rows.csv', '--json');
  expect(status).toBe(0);
  const { rows, predictions } = JSON.parse(out);
  expect(rows).toBe(2);
  const expected = model.predict([
    [1.5, 2],
    [-3, 0.4],
  ]);
  expect(distance(predictions, expected.toArrays())).toBeLessThan(1e-6);
  expect(run('predict', 'three.safetensors', 'rows.csv').out).toMatch(
    /^a;b;prediction 0;prediction 1;prediction 2\r?\n1,5;2;0,/,
  );
  write('one.csv', 'a,b,c\n1,2,3\n');
  expect(run('predict', 'three.safetensors', 'one.csv')).toMatchObject({
    status: 2,
    err: 'simdense: one.csv: the network takes 2 columns of numbers, in its order, and the file has 3',
  });
  write('text.csv', 'a,b\n1,2\n3,many\n5,6\n');
  expect(run('predict', 'three.safetensors', 'text.csv')).toMatchObject({
    status: 1,
    err: 'simdense: text.csv: row 3 has "many", which is no number, in column "b"',
  });
  write('gap.csv', 'a,b\n1,2\n,3\n');
  expect(run('predict', 'three.safetensors', 'gap.csv')).toMatchObject({
    status: 1,
    err: 'simdense: gap.csv: row 3 has no number in column "a"',
  });
  expect(run('predict', 'three.safetensors', 'rows.csv', '--probabilities').err).toContain('has no classes');
  expect(run('train', 'iris.csv', '--target', 'species', '--from', 'three.safetensors').err).toBe(
    'simdense: --from: three.safetensors is a network alone, which does not know how its columns and targets are encoded; train it further in a program: loadModel, compile and fit',
  );
  expect(run('evaluate', 'three.safetensors', 'iris.csv', '--target', 'species')).toMatchObject({
    status: 1,
    err: 'simdense: three.safetensors is a network alone, which does not know how its columns and targets are encoded; judge it in a program: loadModel, compile and evaluate',
  });
  expect(run('explain', 'three.safetensors', 'iris.csv')).toMatchObject({
    status: 1,
    err: 'simdense: three.safetensors is a network alone, which does not know how its columns and targets are encoded; what npx simdense train makes can be explained',
  });
});
