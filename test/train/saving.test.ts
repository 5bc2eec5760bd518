// Saving and loading: the format according to its specification, training runs that continue, and files with false contents.
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  activation,
  adam,
  batchNormalization,
  type Callback,
  createEngine,
  dense,
  dropout,
  earlyStopping,
  lion,
  loadModel,
  Matrix,
  rmsprop,
  type Sequential,
  SimdenseError,
  sequential,
  sgd,
} from '../../src/index.js';
import { blobs, classifier, weightsHash } from '../helpers/models.js';

const { x, y } = blobs(40);

const build = (optimizer: Parameters<Sequential['compile']>[0]['optimizer'] = adam({ learningRate: 0.01 })) =>
  sequential({
    inputs: 2,
    layers: [
      dense({ units: 8, kernelRegularizer: { l2: 0.001 } }),
      batchNormalization(),
      activation('relu'),
      dropout({ rate: 0.2 }),
      dense({ units: 3, activation: 'softmax', name: 'last' }),
    ],
    seed: 7,
    name: 'saved',
  }).compile({ optimizer: optimizer!, loss: 'categoricalCrossentropy', metrics: ['accuracy'] });

/** Reads the format according to its specification (github.com/huggingface/safetensors, "Format"). */
function parse(bytes: Uint8Array) {
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  return { length, header, data: bytes.slice(8 + length) };
}

/** A file with this header and a number of bytes for the weights. */
function file(header: unknown, bytes: number): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const out = new Uint8Array(8 + text.length + bytes);
  new DataView(out.buffer).setBigUint64(0, BigInt(text.length), true);
  out.set(text, 8);
  return out;
}

describe('the file', () => {
  test('is safetensors: places without gaps, float32, little-endian, the header a multiple of 8', () => {
    using model = build();
    const { length, header, data } = parse(model.save());
    expect(length % 8).toBe(0);
    const { __metadata__: metadata, ...tensors } = header;
    expect(metadata.format).toBe('simdense');
    expect(JSON.parse(metadata.simdense)).toMatchObject({ version: 1, name: 'saved', inputs: 2, seed: 7 });
    const weights = model.getWeights();
    expect(Object.keys(tensors)).toEqual([...weights.keys()]);
    let end = 0;
    for (const [name, { dtype, shape, data_offsets: place }] of Object.entries<{
      dtype: string;
      shape: number[];
      data_offsets: [number, number];
    }>(tensors)) {
      expect([dtype, shape, place[0]]).toEqual(['F32', weights.get(name)!.shape, end]);
      expect(new Float32Array(data.slice(...place).buffer)).toEqual(weights.get(name)!.data);
      end = place[1];
    }
    expect(end).toBe(data.length);
  });

  test('same weights, same bytes; a loaded model saves them again', async () => {
    using model = build();
    await model.fit(x, y, { epochs: 2 });
    const bytes = model.save({ optimizer: true });
    expect(model.save({ optimizer: true })).toEqual(bytes);
    using loaded = loadModel(bytes);
    expect(loaded.save({ optimizer: true })).toEqual(bytes);
    expect(loaded.predict(x).data).toEqual(model.predict(x).data);
    expect(loaded.evaluate(x, y)).toEqual(model.evaluate(x, y));
    expect([loaded.name, loaded.seed, loaded.layers]).toEqual([model.name, model.seed, model.layers]);
  });

  test('at an odd address it is read as well', () => {
    using model = build();
    const bytes = model.save();
    const moved = new Uint8Array(bytes.length + 3);
    moved.set(bytes, 3);
    using loaded = loadModel(moved.subarray(3));
    expect(weightsHash(loaded)).toBe(weightsHash(model));
  });

  test('a model that is not compiled, or has a custom loss, is saved without', () => {
    using plain = classifier();
    using loaded = loadModel(plain.save({ optimizer: true }));
    expect(() => loaded.evaluate(x, y)).toThrow('call compile');
    using custom = classifier().compile({ loss: { name: 'mine', compute: () => 0 } });
    using again = loadModel(custom.save());
    expect(() => again.evaluate(x, y)).toThrow('call compile');
  });
});

const schedule = { type: 'cosine', initial: 0.02, steps: 30 } as const;
const optimizers = {
  'adam on a schedule': adam({ learningRate: schedule, clipNorm: 1 }),
  'sgd with momentum': sgd({ momentum: 0.9 }),
  sgd: sgd(),
  'rmsprop with momentum': rmsprop({ momentum: 0.5 }),
  lion: lion({ weightDecay: 0.1 }),
};

test.each(Object.entries(optimizers))('%s: 10 epochs are 5, saved, loaded and 5 more', async (_, optimizer) => {
  using whole = build(optimizer);
  await whole.fit(x, y, { epochs: 10, batchSize: 16 });
  using half = build(optimizer);
  await half.fit(x, y, { epochs: 5, batchSize: 16 });
  using rest = loadModel(half.save({ optimizer: true }));
  await rest.fit(x, y, { epochs: 10, initialEpoch: 5, batchSize: 16 });
  expect(rest.save({ optimizer: true })).toEqual(whole.save({ optimizer: true }));
});

test('the same in a new process, by the built package', () => {
  const program = (steps: string) => `
    import { activation, adam, batchNormalization, dense, dropout, loadModel, sequential } from 'simdense';
    import { createHash } from 'node:crypto';
    const x = Float32Array.from({ length: 80 }, (_, i) => Math.fround(((i * 37) % 11) / 11));
    const y = Int32Array.from({ length: 40 }, (_, i) => i % 3);
    const build = () => sequential({ inputs: 2, seed: 3, layers: [dense({ units: 8 }), batchNormalization(), activation('gelu'),
      dropout({ rate: 0.3 }), dense({ units: 3, activation: 'softmax' })] })
      .compile({ optimizer: adam({ learningRate: 0.01 }), loss: 'categoricalCrossentropy' });
    const read = () => loadModel(Buffer.from(process.argv[1], 'base64'));
    const show = (model) => console.log(Buffer.from(model.save({ optimizer: true })).toString('base64'));
    ${steps}`;
  const run = (steps: string, ...args: string[]) =>
    execFileSync(process.execPath, ['--input-type=module', '-e', program(steps), ...args], { encoding: 'utf8' }).trim();
  const whole = run('const m = build(); await m.fit(x, y, { epochs: 10, batchSize: 16 }); show(m);');
  const half = run('const m = build(); await m.fit(x, y, { epochs: 5, batchSize: 16 }); show(m);');
  const five = 'const m = read(); await m.fit(x, y, { epochs: 5, batchSize: 16 }); show(m);';
  const rest = run(five, half);
  expect(rest).toBe(whole);
  expect(rest).not.toBe(half);
  expect(
    run('const m = read(); await m.fit(x, y, { epochs: 10, initialEpoch: 5, batchSize: 16 }); show(m);', half),
  ).toBe(whole);
});

test('a rate that a callback has set holds until its run ends, also in a file that is saved during it', async () => {
  using model = build();
  let saved: Uint8Array = new Uint8Array();
  const half: Callback = {
    onTrainBegin(t) {
      t.learningRate = 0.005;
    },
    onEpochEnd(t) {
      saved = t.model.save({ optimizer: true });
    },
  };
  const rateOf = async (m: Sequential, o = {}): Promise<number> => (await m.fit(x, y, o)).epochs[0]!['learningRate']!;
  expect(await rateOf(model, { callbacks: [half] })).toBe(0.005);
  expect(await rateOf(model)).toBe(0.01);
  using after = loadModel(model.save({ optimizer: true }));
  expect(await rateOf(after)).toBe(0.01);
  using during = loadModel(saved);
  expect(await rateOf(during)).toBe(0.005);
  expect(await rateOf(during)).toBe(0.01);
});

test('restored by earlyStopping, moving figures included, it is the model of that epoch', async () => {
  using model = build();
  const saved: Uint8Array[] = [];
  const keep = { onEpochEnd: () => void saved.push(model.save()) };
  const { epochs } = await model.fit(x, y, {
    epochs: 8,
    validationData: [x, y],
    callbacks: [earlyStopping({ patience: 99 }), keep],
  });
  const losses = epochs.map((logs) => logs['valLoss']!);
  expect(model.save()).toEqual(saved[losses.indexOf(Math.min(...losses))]);
});

describe('what is not such a file is refused, by name and without memory', () => {
  using model = build();
  const good = model.save();
  const { header, data } = parse(good);
  const changed = (change: (h: Record<string, Record<string, unknown>>) => void): Uint8Array => {
    const copy = structuredClone(header);
    change(copy);
    return Uint8Array.from([...file(copy, 0), ...data]);
  };
  const description = JSON.parse(header.__metadata__.simdense);
  const described = (d: object): Uint8Array =>
    changed((h) => {
      h['__metadata__']!['simdense'] = JSON.stringify({ ...description, ...d });
    });
  const set = (name: string, values: object) => changed((h) => void Object.assign(h[name]!, values));
  const cases: [Uint8Array, string][] = [
    [new Uint8Array(3), '3 bytes are too few for a safetensors file'],
    [good.subarray(0, 60), `a header of ${parse(good).length} bytes in a file of 60: it is cut short`],
    [good.subarray(0, -4), '"last/bias" lies at bytes'],
    [Uint8Array.from([...good, 0]), 'bytes of numbers, the tensors fill'],
    [new TextEncoder().encode('PK-not-safetensors-at-all'), 'not a safetensors file: it begins with "PK-not-s"'],
    [file('{"a":', 0), 'the header is not a JSON object'],
    [file('[]', 0), 'the header is not a JSON object'],
    [file({}, 0), 'the file has no description of a simdense model'],
    [file({ __metadata__: { a: 1 } }, 0), 'metadata that is not text'],
    [set('dense/bias', { dtype: 'F16' }), '"dense/bias" has numbers of type F16, expected F32'],
    [set('dense/bias', { shape: [-8] }), '"dense/bias" has no shape'],
    [set('dense/bias', { shape: [2 ** 40, 2 ** 12] }), '"dense/bias" of shape 1099511627776×4096 needs'],
    [set('dense/bias', { data_offsets: [0, 1e12] }), '"dense/bias" lies at bytes 0 to 1000000000000'],
    [set('dense/bias', { data_offsets: [0, 32] }), 'begins at byte'],
    [set('dense/bias', { data_offsets: ['0', '32'] }), '"dense/bias" has no place'],
    [changed((h) => void delete h['dense/bias']), 'begins at byte'],
    [described({ version: 0 }), 'its part "simdense" is not as simdense writes it'],
    [described({ layers: {} }), 'its part "simdense" is not as simdense writes it'],
    [described({ layers: [{ type: 'dense', units: 1e9 }] }), '3000000000 parameters do not fit in a file of'],
    [described({ inputs: 2 ** 40 }), 'parameters do not fit in a file of'],
    [described({ inputs: 2 ** 30, layers: [{ type: 'batchNormalization' }] }), '4294967296 parameters do not fit'],
    [described({ layers: [{ type: 'conv2d' }] }), 'expected a layer such as dense'],
    [
      described({ layers: description.layers.slice(1) }),
      'the model has no "dense/kernel"; it has batchNormalization/gamma',
    ],
    [described({ inputs: -1 }), 'expected a positive integer, got -1'],
    [described({ compile: { loss: 'mse' } }), 'got "mse"; did you mean meanSquaredError?'],
    [described({ compile: { loss: 'mine' } }), 'compile(loss): expected one of'],
    [described({ training: { iteration: -1, moments: 0 } }), "the description's training has no valid iteration"],
    [described({ training: { iteration: 1, moments: 2 } }), '"optimizer/0/dense/kernel" is missing'],
    [described({ training: { iteration: 1, moments: 9 } }), '9 moments, the optimizer has 2'],
  ];

  test.each(cases.map(([bytes, message]) => ({ bytes, message })))('$message', ({ bytes, message }) => {
    expect(() => loadModel(bytes).dispose()).toThrow(SimdenseError);
    expect(() => loadModel(bytes)).toThrow(message);
  });

  test('a NaN among the weights', () => {
    const bytes = good.slice();
    new DataView(bytes.buffer).setFloat32(bytes.length - 4, Number.NaN, true);
    expect(() => loadModel(bytes)).toThrow('loadModel: "last/bias"[2] is NaN');
  });

  test('no change of bytes is worse than a SimdenseError, or leaves memory taken', async () => {
    using engine = await createEngine();
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }),
        (changes) => {
          const bytes = good.slice();
          for (const [at, value] of changes) bytes[at] = value;
          try {
            loadModel(bytes).dispose();
          } catch (error) {
            expect(error).toBeInstanceOf(SimdenseError);
          }
        },
      ),
      { numRuns: 2000 },
    );
    expect(engine.bytesInUse).toBe(0);
    expect(engine.bytesReserved).toBeLessThan(4 * 2 ** 20);
  });
});

test('loadModel takes bytes only', () => {
  expect(() => loadModel('{}' as never)).toThrow('loadModel(bytes): expected a Uint8Array');
  expect(new Matrix([1], 1).rows).toBe(1);
});
