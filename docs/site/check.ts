// Runs every block of code of the documentation and the README, and says what each page showed: for the tests.   npx tsx docs/site/check.ts
import { readFileSync } from 'node:fs';
import { composePage, runPage } from './page.js';
import { pages } from './pages.js';
import { readmePrograms } from './readme.js';

for (const [i, program] of readmePrograms().entries()) {
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
