// Names and paths from files, tables and jobs remain data: they change no prototype, load no code, and open no file.
import { readFileSync } from 'node:fs';
import { PbfWriter } from 'pbf';
import { afterEach, describe, expect, test } from 'vitest';
import { DataReader } from '../../src/bullmq/data-reader.js';
import { parseCsv } from '../../src/data/index.js';
import { inline, loadPipeline } from '../../src/evaluate/index.js';
import { dense, loadModel, sequential } from '../../src/index.js';
import { decode } from '../../src/node/codec.js';
import { fromOnnx } from '../../src/onnx/index.js';
import { report, reportText } from '../../src/report/index.js';

/** As JSON, since JSON.parse makes __proto__ an own key. */
const poison = '"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}';
afterEach(() => {
  expect(({} as { polluted?: number }).polluted).toBeUndefined();
  expect(([] as { polluted?: number }).polluted).toBeUndefined();
  expect(Object.keys(Object.prototype)).toEqual([]);
});

/** A safetensors file with this header and no numbers. */
function fileOf(header: string): Uint8Array {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length);
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(text, 8);
  return bytes;
}

describe('prototypes', () => {
  const description = `{"version":1,"name":"m","inputs":2,"seed":0,"layers":[{"type":"activation","activation":"relu",${poison}}],${poison}}`;
  const headers = [
    `{"__metadata__":{"simdense":${JSON.stringify(description)}},${poison}}`,
    `{"__metadata__":{"simdense":${JSON.stringify(description)},"__proto__":"x","pipeline":${JSON.stringify(`{"version":1,${poison}}`)}}}`,
    `{"__metadata__":{${poison}}}`,
    `{"__proto__":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}`,
  ];
  test.each(headers)('metadata %#', (header) => {
    for (const load of [loadModel, loadPipeline]) {
      try {
        load(fileOf(header)).dispose();
      } catch (error) {
        expect((error as { code?: string }).code).toMatch(/^(FORMAT|ARGUMENT)$/);
      }
    }
  });

  test('columns, labels, classes and jobs', async () => {
    const { names, target } = parseCsv('__proto__,constructor,kind\n1,2,__proto__\n3,4,toString\n', { target: 'kind' });
    expect([...names]).toEqual(['__proto__', 'constructor']);
    expect(target).toEqual(['__proto__', 'toString']);
    const decoded = decode(JSON.parse(`{${poison},"list":[{${poison}}]}`)) as object;
    expect((decoded as { polluted?: number }).polluted).toBeUndefined();
    using model = sequential({ inputs: 1, layers: [dense({ units: 2, activation: 'softmax' })] });
    model.compile({ loss: 'categoricalCrossentropy' });
    await expect(
      model.fit([[1]], [0], { classWeight: JSON.parse('{"__proto__":5}') as Record<number, number> }),
    ).rejects.toThrow(/no class __proto__/);
  });
});

describe('code and paths', () => {
  test.each(['constructor', '__proto__', 'toString', '../evil.js', 'file:///etc/passwd', 'node:fs'])(
    'a task called %s is none',
    async (task) => {
      for await (const { error, result } of inline().run(task, [{}])) {
        expect(result).toBeUndefined();
        expect(error).toMatchObject({ code: 'ARGUMENT' });
      }
    },
  );

  test.each(['../../etc/passwd', '/etc/passwd', `${'a'.repeat(63)}/`, ''])(
    'data called %j are not looked for',
    async (hash) => {
      // There is no Redis, and none is asked.
      const reader = new DataReader(undefined as never, 'queue');
      await expect(reader.read({ hash })).rejects.toThrow('the job names no data');
    },
  );

  test('ONNX whose numbers lie in a file beside it is refused, and nothing is read', () => {
    const pbf = new PbfWriter();
    pbf.writeVarintField(1, 8);
    pbf.writeMessage(
      7,
      (_: null, graph) => {
        graph.writeMessage(
          1,
          (__: null, node) => {
            for (const name of ['x', 'w']) node.writeStringField(1, name);
            node.writeStringField(2, 'y');
            node.writeStringField(4, 'MatMul');
          },
          null,
        );
        graph.writeMessage(
          5,
          (__: null, tensor) => {
            for (const size of [2, 3]) tensor.writeVarintField(1, size);
            tensor.writeVarintField(2, 1);
            tensor.writeStringField(8, 'w');
            tensor.writeMessage(
              13,
              (___: null, entry) => {
                entry.writeStringField(1, 'location');
                entry.writeStringField(2, '../../../../etc/passwd');
              },
              null,
            );
            tensor.writeVarintField(14, 1);
          },
          null,
        );
        graph.writeMessage(12, (__: null, value) => value.writeStringField(1, 'y'), null);
      },
      null,
    );
    expect(() => fromOnnx(pbf.finish())).toThrow('the numbers of "w" are in another file');
  });
});

test('names from data are text in the report and the terminal', () => {
  const evil = '</script><script>alert(1)</script>\u001b]0;owned\u0007';
  const contents = {
    title: evil,
    summary: evil,
    command: evil,
    history: { epochs: [{ loss: 1, [evil]: 1 }], stopped: { epoch: 0, reason: evil } },
    confusion: {
      labels: [evil, 'b'],
      counts: [
        [1, 0],
        [0, 1],
      ],
    },
    configuration: { [evil]: evil },
    findings: [{ code: evil as never, severity: 'info', message: evil, advice: evil, layer: evil } as const],
  };
  const html = report(contents);
  expect(html).not.toMatch(/<script/i);
  expect(html).toContain("default-src 'none'");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  expect(reportText(contents)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
});

test('the pages have a policy; the package has no install scripts, no dependency, and a locked tree', () => {
  for (const page of ['playground', 'teachable'])
    expect(readFileSync(`examples/${page}/index.html`, 'utf8')).toMatch(/http-equiv="Content-Security-Policy"/);
  const { scripts, dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as Record<string, object>;
  expect(Object.keys(scripts as object).filter((name) => /^(pre|post)?install$|^prepare$/.test(name))).toEqual([]);
  expect(dependencies).toBeUndefined();
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
    packages: Record<string, { integrity?: string; link?: boolean }>;
  };
  const unlocked = Object.entries(packages).filter(([path, { integrity }]) => path !== '' && !integrity);
  expect(unlocked.map(([path]) => path)).toEqual([]);
});
