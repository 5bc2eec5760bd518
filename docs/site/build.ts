// Builds the documentation to site/: runs the program of every page, and hands what came of it to TypeDoc, with the reference from the doc comments.   npm run docs
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Application, type Comment, type CommentDisplayPart, Converter, ReflectionKind } from 'typedoc';
import { chartColors, chartStyle } from '../../src/report/style.js';
import { writeBenchPage } from './bench/write.js';
import { bundleForPages } from './bundle.js';
import { composePage, runPage } from './page.js';
import { pages } from './pages.js';
import { rooms } from './rooms.js';

const OUT = process.env['SITE'] ?? 'site';
const GENERATED = 'docs/.generated';

async function generate(): Promise<string[]> {
  rmSync(GENERATED, { recursive: true, force: true });
  mkdirSync(GENERATED, { recursive: true });
  const files: string[] = [];
  for (const [i, page] of pages.entries()) {
    const markdown = readFileSync(page, 'utf8');
    const begin = performance.now();
    const ran = await runPage(markdown);
    const [, title = basename(page)] = /^# (.*)$/m.exec(markdown) ?? [];
    const file = join(GENERATED, `${String(i).padStart(2, '0')}-${basename(page)}`);
    const body = composePage(markdown, ran).replace(/^# .*$/m, '');
    writeFileSync(file, `---\ntitle: ${JSON.stringify(title)}\n---\n\n# ${title}\n${body}`);
    files.push(file);
    console.log(`${page}: ${ran.shown.length} blocks in ${Math.round(performance.now() - begin)} ms`);
  }
  return files;
}

/** The site's own style and the charts', by the theme that TypeDoc has chosen. */
function writeStyle(): string {
  const dark = `{ ${chartColors.dark} }`;
  const colors = `:root { ${chartColors.light} } :root[data-theme="dark"] ${dark} @media (prefers-color-scheme: dark) { :root:not([data-theme="light"]) ${dark} }`;
  const file = join(GENERATED, 'site.css');
  writeFileSync(file, `${colors}${chartStyle}${readFileSync('docs/site/site.css', 'utf8')}`);
  return file;
}

/** What a page's program imports, for browsers. */
async function bundle(): Promise<void> {
  await bundleForPages(
    {
      simdense: 'simdense',
      data: 'simdense/data',
      table: 'simdense/table',
      evaluate: 'simdense/evaluate',
      classifier: 'simdense/classifier',
      diagnose: 'simdense/diagnose',
      explain: 'simdense/explain',
      onnx: 'simdense/onnx',
      kernels: 'simdense/kernels',
      sets: 'docs/site/sets.ts',
      live: 'docs/site/live.ts',
    },
    join(OUT, 'assets/live'),
  );
  cpSync('examples/data/digits.csv.gz', join(OUT, 'assets/live/digits.csv.gz'));
}

/** Puts all @throws of a doc comment under one heading, as a list, each error and its code as code. */
function gatherThrows(comment: Comment): void {
  const [first, ...others] = comment.blockTags.filter(({ tag }) => tag === '@throws');
  if (!first) return;
  first.content = [first, ...others].flatMap(({ content: [begin, ...rest] }, i): CommentDisplayPart[] => {
    const [, error, said = ''] = /^(\w*Error(?: '[A-Z_]+')?)?([\s\S]*)$/.exec(begin?.text.trimStart() ?? '') ?? [];
    const code: CommentDisplayPart[] = error === undefined ? [] : [{ kind: 'code', text: `\`${error}\`` }];
    // What goes on in a list is indented.
    const parts = [...code, { kind: 'text' as const, text: said }, ...rest].map((part) => ({
      ...part,
      text: part.text.replaceAll('\n', '\n  '),
    }));
    return [{ kind: 'text', text: i === 0 ? '- ' : '\n- ' }, ...parts];
  });
  comment.blockTags = comment.blockTags.filter((tag) => !others.includes(tag));
}

async function main(): Promise<void> {
  const documents = await generate();
  const app = await Application.bootstrapWithPlugins({
    name: 'simdense',
    entryPoints: ['src/index.ts', ...rooms.map((room) => `src/${room}/index.ts`)],
    projectDocuments: documents,
    readme: 'README.md',
    out: OUT,
    customCss: writeStyle(),
    customJs: 'docs/site/loader.js',
    excludeInternal: true,
    excludePrivate: true,
    disableSources: true,
    sort: ['source-order'],
    navigation: { includeCategories: false, includeGroups: false },
    validation: { notExported: false, invalidLink: true, notDocumented: false },
    logLevel: 'Warn',
  });
  // Modules are called as they are imported.
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const module of project.getReflectionsByKind(ReflectionKind.Module)) {
      const room = module.name.replace(/\/?index$/, '');
      module.name = room === '' ? 'simdense' : `simdense/${room}`;
    }
  });
  app.converter.on(Converter.EVENT_RESOLVE_END, ({ project }) => {
    for (const { comment } of Object.values(project.reflections)) if (comment) gatherThrows(comment);
  });
  const project = await app.convert();
  if (!project) throw new Error('TypeDoc found no sources');
  await app.generateOutputs(project);
  await bundle();
  await writeBenchPage(OUT);
  rmSync(GENERATED, { recursive: true, force: true });
  if (app.logger.hasErrors()) process.exitCode = 1;
}

await main();
