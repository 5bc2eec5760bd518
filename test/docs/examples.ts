// Runs the examples of doc comments on the built package, all in one process, and compares the values that they state.
import { execFile } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { transformSync } from 'esbuild';
import ts from 'typescript';

/** The Redis that examples name; they run on one of our own. */
export const REDIS = 'redis://localhost:6379';

/** The files that examples may read, by the names under which they read them. */
const files: Readonly<Record<string, string>> = {
  'iris.csv': 'examples/data/iris.csv',
  'digits.csv.gz': 'examples/data/digits.csv.gz',
  'images.idx.gz': 'test/golden/mnist-1500-images.idx.gz',
  'labels.idx.gz': 'test/golden/mnist-1500-labels.idx.gz',
};

/** A value that is stated behind a statement: 'x.rows; // 3'. Anything else behind one is a comment. */
const STATED = /^\/\/ ((?:[-\d[{'"].*)|true|false|null|undefined|NaN)$/;

/** The module with each stated value compared, by a call of `stated(value, text)`. */
export function withStated(code: string): string {
  const file = ts.createSourceFile('example.ts', code, ts.ScriptTarget.ES2022, true);
  let result = '';
  let from = 0;
  for (const statement of file.statements) {
    const comment = ts.getTrailingCommentRanges(code, statement.end)?.[0];
    const [, text] = comment ? (STATED.exec(code.slice(comment.pos, comment.end)) ?? []) : [];
    if (text === undefined) continue;
    const value = valueIn(statement);
    if (value === undefined) throw new Error(`a statement without a value: ${statement.getText()} // ${text}`);
    result += code.slice(from, ts.isVariableStatement(statement) ? statement.end : statement.getStart());
    result += `; stated((${value}), ${JSON.stringify(text)});`;
    from = statement.end;
  }
  return result + code.slice(from);
}

/** The value of a statement: of what it declares, what it prints, or of its expression. */
function valueIn(statement: ts.Statement): string | undefined {
  if (ts.isVariableStatement(statement)) {
    const [declaration] = statement.declarationList.declarations;
    return declaration && ts.isIdentifier(declaration.name) ? declaration.name.text : undefined;
  }
  if (!ts.isExpressionStatement(statement)) return undefined;
  const { expression } = statement;
  const prints = ts.isCallExpression(expression) && expression.expression.getText() === 'console.log';
  return (prints ? expression.arguments[0] : expression)?.getText();
}

/** Whether a value is the one that is stated: numbers are rounded to as many decimals as are stated. */
const PROGRAM = `
import { inspect } from 'node:util';

function same(value, stated) {
  if (ArrayBuffer.isView(value)) return same(Array.from(value), stated);
  if (typeof value === 'number' && typeof stated === 'number' && !Number.isInteger(stated)) {
    const decimals = String(stated).split('.')[1]?.length ?? 0;
    return Math.abs(value - stated) <= 0.5001 * 10 ** -decimals;
  }
  if (typeof value !== 'object' || typeof stated !== 'object' || !value || !stated) return Object.is(value, stated);
  const keys = Object.keys(stated);
  const given = Object.keys(value).filter((key) => value[key] !== undefined);
  if (Array.isArray(value) !== Array.isArray(stated) || keys.length !== given.length) return false;
  return keys.every((key) => same(value[key], stated[key]));
}

globalThis.stated = (value, text) => {
  let expected;
  try {
    expected = new Function('return (' + text + ')')();
  } catch {
    throw new Error('// ' + text + ' is not a value');
  }
  if (!same(value, expected)) throw new Error('it states ' + text + ', the value is ' + inspect(value, { depth: 5 }));
};

const { log } = console;
console.log = () => {};
const errors = [];
for (const name of process.argv.slice(2)) {
  const begin = performance.now();
  const error = await import(name).then(() => null, (reason) => String(reason?.message ?? reason));
  errors.push({ error, ms: Math.round(performance.now() - begin) });
}
process.stdout.write(JSON.stringify(errors), () => process.exit());
`;

/** What each module throws, or null, and how long it takes. */
export async function runModules(
  modules: readonly string[],
  redis: string,
): Promise<{ error: string | null; ms: number }[]> {
  const folder = mkdtempSync(join('docs', '.run-'));
  const cwd = mkdtempSync(join(tmpdir(), 'simdense-examples-'));
  try {
    for (const [name, file] of Object.entries(files)) copyFileSync(file, join(cwd, name));
    const main = join(process.cwd(), folder, 'main.mjs');
    writeFileSync(main, PROGRAM);
    const names = modules.map((code, i) => {
      const { code: plain } = transformSync(withStated(code.replaceAll(REDIS, redis)), {
        loader: 'ts',
        target: 'es2022',
      });
      const file = join(process.cwd(), folder, `${i}.mjs`);
      writeFileSync(file, plain);
      return pathToFileURL(file).href;
    });
    const { stdout } = await promisify(execFile)(process.execPath, [main, ...names], { cwd, maxBuffer: 2 ** 26 });
    return JSON.parse(stdout) as { error: string | null; ms: number }[];
  } finally {
    rmSync(folder, { recursive: true, force: true });
    rmSync(cwd, { recursive: true, force: true });
  }
}
