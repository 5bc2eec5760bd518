// Graphs of others: what is read gives what their own library gives, and all else is refused by name. Random networks of PyTorch's exporter, ONNX's own backend tests, scikit-learn's exporter, and
// graphs by hand of what is easily read wrong.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { SimdenseError } from '../../src/index.js';
import { type FromOnnxOptions, fromOnnx } from '../../src/onnx/index.js';

const golden = (name: string) =>
  JSON.parse(gunzipSync(readFileSync(new URL(`../golden/onnx/${name}.json.gz`, import.meta.url))).toString());

interface Given {
  readonly onnx: string;
  readonly x: readonly (number | string)[];
  readonly y: readonly (number | string)[];
}

/** 'agrees', or why it was refused. Throws if the numbers differ. */
function outcome({ onnx, x, y }: Given, o?: FromOnnxOptions): string {
  let model: ReturnType<typeof fromOnnx>;
  try {
    model = fromOnnx(Uint8Array.from(Buffer.from(onnx, 'base64')), o);
  } catch (error) {
    expect(error).toBeInstanceOf(SimdenseError);
    const { code, message } = error as SimdenseError;
    expect(['UNSUPPORTED', 'FORMAT'], message).toContain(code);
    return message;
  }
  using read = model;
  const found = read.predict(Float32Array.from(x, Number)).data;
  expect(found.length).toBe(y.length);
  for (const [i, value] of y.entries()) {
    const wanted = Math.fround(Number(value));
    if (!Object.is(wanted, found[i]))
      expect(Math.abs(wanted - (found[i] as number)) / Math.max(1, Math.abs(wanted))).toBeLessThan(1e-5);
  }
  return 'agrees';
}

test('random networks of PyTorch, opsets 9 to 17', () => {
  const cases: (Given & { name: string })[] = golden('torch-random');
  expect(cases.length).toBeGreaterThan(200);
  for (const each of cases) expect(outcome(each), each.name).toBe('agrees');
});

test("ONNX's own backend tests: agreed or refused, never wrong", () => {
  const cases: (Given & { name: string; output: string })[] = golden('backend');
  const agreed = cases.filter((each) => outcome(each, { output: each.output }) === 'agrees');
  expect(cases.length).toBeGreaterThan(600);
  expect(agreed.length).toBeGreaterThan(12);
});

interface Other {
  readonly name: string;
  readonly onnx: string;
  readonly x: number[];
  readonly outputs: readonly { readonly data: number[][] }[];
}

test('scikit-learn, PyTorch, and by hand: what each graph means, or a refusal that names the node', () => {
  const cases: Other[] = golden('others');
  const refused = cases.flatMap(({ name, onnx, x, outputs }) => {
    const said = outcome({ onnx, x, y: (outputs[0] as { data: number[][] }).data.flat(9) as number[] });
    return said === 'agrees'
      ? []
      : [`${name}: ${said.replace(/^fromOnnx: |; dense networks.*| is not supported.*/g, '')}`];
  });
  expect(refused).toMatchSnapshot();
});
