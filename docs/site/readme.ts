// The README's blocks of code as whole programs, and whether they compile as TypeScript.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { blocksOf } from './page.js';

/** What blocks of the README take for given. */
const given: Readonly<Record<string, string>> = {
  x: 'const x = [[0, 0], [0, 1], [1, 0], [1, 1], [0, 2], [2, 1], [2, 2], [1, 2], [3, 0], [0, 3]];',
  y: 'const y = [0, 1, 1, 0, 1, 0, 1, 0, 1, 0];',
  model:
    "const model = (await import('simdense')).sequential({ inputs: 2, layers: [(await import('simdense')).dense({ units: 1, activation: 'sigmoid' })] }).compile({ loss: 'binaryCrossentropy' });",
  bytes:
    "const bytes = (await (await import('simdense/evaluate')).fitPipeline({ layers: [] }, x, y.map((label) => label === 1 ? 'yes' : 'no'), {})).save();",
  loadModel: "const { loadModel } = await import('simdense');",
};

/** Each block of the README, behind what it takes for given. */
export function readmePrograms(): string[] {
  return blocksOf(readFileSync('README.md', 'utf8')).map((block) => {
    const needs = (name: string): boolean =>
      new RegExp(`\\b${name}\\b`).test(block) &&
      !new RegExp(`(const|import) [^;]*\\b${name}\\b[^;]*(=|from)`).test(block);
    const bytes = needs('bytes');
    const names = Object.keys(given).filter((name) => needs(name) || (bytes && (name === 'x' || name === 'y')));
    return `${names.map((name) => given[name]).join('\n')}\n${block}`;
  });
}

/** As a project that begins today has it; imports are the built package's own. */
const strict: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2022.d.ts', 'lib.esnext.disposable.d.ts', 'lib.dom.d.ts'],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  strict: true,
  noEmit: true,
  types: [],
};

/** What a strict compiler says against these programs, a line each: 'program 2, line 3: …'. */
export function typeErrors(programs: readonly string[]): string[] {
  const folder = mkdtempSync(join('docs', '.run-'));
  try {
    const files = programs.map((program, i) => {
      const file = join(folder, `${i + 1}.ts`);
      // A module, whose names are its own.
      writeFileSync(file, `${program}\nexport {};\n`);
      return file;
    });
    return ts.getPreEmitDiagnostics(ts.createProgram(files, strict)).map(({ file, start, messageText }) => {
      const text = ts.flattenDiagnosticMessageText(messageText, ' ');
      if (!file || start === undefined) return text;
      const name = /(\d+)\.ts$/.exec(file.fileName)?.[1];
      const line = file.getLineAndCharacterOfPosition(start).line + 1;
      return `${name === undefined ? file.fileName : `program ${name}`}, line ${line}: ${text}`;
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
