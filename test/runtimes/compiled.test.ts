// Compiled networks predict the predictor's bits in every runtime: with WebAssembly, and without it also where it may not be compiled.
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compile } from '../../src/compile/index.js';
import { loadPredictor } from '../../src/predict/index.js';
import { bundle, hasChromium, launch, run as runInPage } from '../browser/page.js';
import { randomModel, randomRows } from '../helpers/networks.js';
import { predicted } from './compiled.mjs';
import { hasInterpreter, interpreted } from './interpreter.js';
import { hasRuntimes, makeProject, type Project, runtimes } from './project.js';
import { startWorker } from './workerd.js';

const COUNT = 50;
const ROWS = Number(process.env['TORTURE'] ?? 300);
/** Milliseconds that a runtime may take. */
const LONGEST = 120_000 * Math.max(1, ROWS / 10_000);

test.runIf(hasInterpreter)('in an interpreter of WebAssembly the bits are the same', { timeout: LONGEST }, async () => {
  for (let seed = 0; seed < COUNT; seed++) {
    using model = randomModel(seed);
    const rows = randomRows(20, model.inputs, seed);
    const same = (found: Int32Array, expected: Float32Array): void => {
      // All NaN are one.
      const floats = new Float32Array(found.buffer);
      const bits = (values: Float32Array) =>
        new Int32Array(values.map((v) => (Number.isNaN(v) ? Number.NaN : v)).buffer);
      expect(bits(floats), `seed ${seed}`).toEqual(bits(expected));
    };
    const run = (weights: 'float32' | 'int8'): Int32Array =>
      interpreted(compile(model, { to: 'wasm', weights }), rows, model.inputs, model.outputs);
    same(run('float32'), model.predict(rows).data as Float32Array);
    const { code } = compile(model, { weights: 'int8' });
    const { predict } = await import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`);
    const plain = Array.from({ length: 20 }, (_, i) => [
      ...predict(rows.subarray(i * model.inputs, (i + 1) * model.inputs)),
    ]);
    same(run('int8'), Float32Array.from(plain.flat()));
  }
});

describe.runIf(hasRuntimes)('compiled networks in', () => {
  let project: Project;
  let told: readonly number[];
  const program = (to: string, call: string): string =>
    [
      ...Array.from({ length: COUNT }, (_, i) => `import * as m${i} from './${to}-${i}.mjs';`),
      "import { predicted } from './compiled.mjs';",
      `const networks = [${Array.from({ length: COUNT }, (_, i) => `m${i}`).join()}];`,
      call,
    ].join('\n');

  beforeAll(() => {
    project = makeProject();
    copyFileSync(new URL('./compiled.mjs', import.meta.url), join(project.folder, 'compiled.mjs'));
    told = Array.from({ length: COUNT }, (_, seed) => {
      using model = randomModel(seed);
      for (const to of ['js', 'wasm'] as const)
        writeFileSync(join(project.folder, `${to}-${seed}.mjs`), compile(model, { to }).code);
      using predictor = loadPredictor(model.save());
      // The networks before it give its number, by which its rows are drawn.
      return predicted([...new Array(seed).fill({ inputs: 0, outputs: 0, predictInto() {} }), predictor], ROWS)[
        seed
      ] as number;
    });
    for (const to of ['js', 'wasm'])
      writeFileSync(
        join(project.folder, `main-${to}.mjs`),
        program(to, `console.log(JSON.stringify(predicted(networks, ${ROWS})));`),
      );
  }, LONGEST);
  afterAll(() => project?.remove());

  for (const [name, command] of Object.entries(runtimes))
    for (const to of ['js', 'wasm'])
      test(`${name}, ${to}`, { timeout: LONGEST }, () => {
        expect(JSON.parse(project.run(command, `main-${to}.mjs`))).toEqual(told);
      });

  test('workerd, js', { timeout: LONGEST }, async () => {
    const out = join(project.folder, 'out');
    mkdirSync(out, { recursive: true });
    const text = program('js', `export default { fetch: () => Response.json(predicted(networks, ${ROWS})) };`);
    const files = await bundle(text.replaceAll("'./", `'${project.folder}/`), project.folder);
    writeFileSync(join(out, 'worker.js'), files.get('/main.js') as string);
    const worker = startWorker(project.folder);
    try {
      expect(await (await worker.dispatchFetch('http://localhost/')).json()).toEqual(told);
    } finally {
      await worker.dispose();
    }
  });

  test.runIf(hasChromium)('a page, both', { timeout: LONGEST }, async () => {
    const browser = await launch();
    try {
      for (const to of ['js', 'wasm']) {
        const text = program(to, `tell(JSON.stringify(predicted(networks, ${ROWS})));`);
        const files = await bundle(text.replaceAll("'./", `'${project.folder}/`), project.folder);
        expect(JSON.parse(await runInPage(browser, files, {}))).toEqual(told);
      }
    } finally {
      await browser.close();
    }
  });
});
