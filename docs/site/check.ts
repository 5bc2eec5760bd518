// Runs every block of code of the documentation and the README, and says what each page showed: for the tests.   npx tsx docs/site/check.ts
import { readFileSync } from 'node:fs';
import { blocksOf, composePage, runPage } from './page.js';
import { pages } from './pages.js';

/** What blocks of the README take for given. */
const given: Readonly<Record<string, string>> = {
  x: 'const x = [[0, 0], [0, 1], [1, 0], [1, 1], [0, 2], [2, 1], [2, 2], [1, 2], [3, 0], [0, 3]];',
  y: 'const y = [0, 1, 1, 0, 1, 0, 1, 0, 1, 0];',
  model:
    "const model = (await import('simdense')).sequential({ inputs: 2, layers: [(await import('simdense')).dense({ units: 1, activation: 'sigmoid' })] }).compile({ loss: 'binaryCrossentropy' });",
  bytes:
    "const bytes = (await (await import('simdense/evaluate')).fitPipeline({ layers: [] }, x, y.map((label) => ['no', 'yes'][label]), {})).save();",
  loadModel: "const { loadModel } = await import('simdense');",
};

const readme = blocksOf(readFileSync('README.md', 'utf8'));
for (const [i, block] of readme.entries()) {
  const needs = (name: string): boolean =>
    new RegExp(`\\b${name}\\b`).test(block) &&
    !new RegExp(`(const|import) [^;]*\\b${name}\\b[^;]*(=|from)`).test(block);
  const bytes = needs('bytes');
  const names = Object.keys(given).filter((name) => needs(name) || (bytes && (name === 'x' || name === 'y')));
  const program = `${names.map((name) => given[name]).join('\n')}\n${block}`;
  const { shown } = await runPage(`\`\`\`js\n${program}\n\`\`\`\n`);
  console.log(JSON.stringify({ page: `README.md, block ${i + 1}`, blocks: 1, shown: shown.flat().length }));
}
for (const page of pages) {
  const markdown = readFileSync(page, 'utf8');
  const ran = await runPage(markdown);
  // Formulas are read as well.
  composePage(markdown, ran);
  console.log(JSON.stringify({ page, blocks: ran.shown.length, shown: ran.shown.flat().length }));
}
