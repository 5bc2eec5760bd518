// The networks of 'tabular' from the packed package: the same bits, and the same judgement, in every runtime and in a page.
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundle, hasChromium, launch, run as runInPage } from '../browser/page.js';
import { hasRuntimes, makeProject, type Project, runtimes } from './project.js';

describe.runIf(hasRuntimes)("'tabular' in", () => {
  let project: Project;
  let told: unknown;
  const imports = `import * as evaluate from 'simdense/evaluate';\nimport * as tables from 'simdense/table';\nimport { tabular } from `;
  beforeAll(() => {
    project = makeProject();
    copyFileSync(new URL('./tabular.mjs', import.meta.url), join(project.folder, 'tabular.mjs'));
    writeFileSync(
      join(project.folder, 'main.mjs'),
      `${imports}'./tabular.mjs';\nconsole.log(JSON.stringify(await tabular(evaluate, tables)));`,
    );
    told = JSON.parse(project.run([process.execPath], 'main.mjs'));
  }, 60_000);
  afterAll(() => project?.remove());

  test('this Node', () => {
    expect(told).toEqual([
      [expect.stringMatching(/^[\da-f]{64}$/), true, expect.any(Number), expect.objectContaining({ rows: 160 })],
      [expect.stringMatching(/^[\da-f]{64}$/), true, 1, expect.objectContaining({ rows: 160 })],
    ]);
  });

  for (const [name, command] of Object.entries(runtimes))
    test(name, { timeout: 60_000 }, () => {
      expect(JSON.parse(project.run(command, 'main.mjs'))).toEqual(told);
    });

  test.runIf(hasChromium)('a page', { timeout: 60_000 }, async () => {
    const program = `${imports}'${project.folder}/tabular.mjs';\ntabular(evaluate, tables).then((result) => tell(JSON.stringify(result)));`;
    const files = await bundle(program, project.folder);
    const browser = await launch();
    try {
      expect(JSON.parse(await runInPage(browser, files, {}))).toEqual(told);
    } finally {
      await browser.close();
    }
  });
});
