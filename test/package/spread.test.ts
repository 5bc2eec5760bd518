// No list that grows with the data is spread into a call, which fails with RangeError above some 120,000 arguments; only small lists of fixed length may be spread.
// Checks all code of src, examples and docs with TypeScript's parser.
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

/** What may be spread: tuples, and in the playground's page short lists. */
const FIXED: readonly RegExp[] = [
  // Two words; a draw's four; an x and its y.
  /^seedWords\(.*\)$/,
  /^draw$/,
  /^pick\(.*\)$/,
  /^this\.#known\(.*\)$/,
  /^batches\(step\)$/,
  /^few$/,
  /^of\(.*\)$/,
  // Elements of a page.
  /^content$/,
];
/** Elements that a page shows: lines of a table of classes, findings. */
const PAGE = /replaceChildren|append$/;

function* files(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (entry.name !== 'node_modules' && entry.name !== 'dist') yield* files(path);
    } else if (/\.(ts|js|mjs|md)$/.test(entry.name)) yield path;
  }
}

/** The code of a file; for a page of documentation, its programs. */
function programs(path: string): string[] {
  const text = readFileSync(path, 'utf8');
  if (extname(path) !== '.md') return [text];
  return Array.from(
    text.matchAll(/^```(?:ts|js|typescript|javascript)\b[^\n]*\n(.*?)^```/gms),
    ([, code]) => code as string,
  );
}

/** The calls of a program that spread a list which may be large. */
function spreads(code: string): string[] {
  const found: string[] = [];
  const file = ts.createSourceFile('code.ts', code, ts.ScriptTarget.Latest, true);
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      const callee = node.expression.getText(file);
      for (const argument of node.arguments ?? []) {
        if (!ts.isSpreadElement(argument) || PAGE.test(callee)) continue;
        const text = argument.expression.getText(file);
        if (!FIXED.some((fixed) => fixed.test(text))) found.push(`${callee}(...${text})`);
      }
      if (/(^Math\.\w+|\.push|fromCharCode|\.concat)\.apply$/.test(callee)) found.push(node.getText(file));
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

describe('first-contact row 10: nothing that grows is spread into a call', () => {
  test.each(['src', 'examples', 'docs'])('%s', (folder) => {
    const all = [...files(folder)];
    expect(all.length).toBeGreaterThan(9);
    const found = all.flatMap((path) =>
      programs(path).flatMap((code) => spreads(code).map((call) => `${path}: ${call}`)),
    );
    expect(found).toEqual([]);
  });

  test('the rule sees what it is for', () => {
    expect(
      spreads('a.push(...b); Math.max(...c.map(f)); new Set(...d); String.fromCharCode.apply(null, e);'),
    ).toHaveLength(4);
    expect(spreads('f(...seedWords(seed)); [...a]; ({ ...b }); (...c) => c;')).toEqual([]);
  });
});

/** The loops of a program over names that an object has, or that Object.prototype has been given. */
function inheriting(code: string): string[] {
  const found: string[] = [];
  const file = ts.createSourceFile('code.ts', code, ts.ScriptTarget.Latest, true);
  const visit = (node: ts.Node): void => {
    if (ts.isForInStatement(node)) found.push(node.expression.getText(file));
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

describe('no loop runs over what Object.prototype has been given', () => {
  test.each(['src', 'examples', 'docs'])('%s', (folder) => {
    const found = [...files(folder)].flatMap((path) =>
      programs(path).flatMap((code) => inheriting(code).map((what) => `${path}: for … in ${what}`)),
    );
    expect(found).toEqual([]);
  });

  test('the rule sees what it is for', () => {
    expect(inheriting('for (const name in parts) f(name);')).toEqual(['parts']);
    expect(inheriting('for (const part of Object.keys(parts)) if (part in a) f(part);')).toEqual([]);
  });
});
