// Lists of options agree with the code that reads them: an option that is never read would be accepted and ignored, and one missing in its list would be refused. The compiler
// only compares literal lists with their types; this test also checks composed lists, and the reading. For the command's tables see test/cli/options.test.ts.
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';

const files = new Map(
  readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map((name) => resolve('src', name))
    .map((path) => [path, ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true)]),
);

function all(node: ts.Node): ts.Node[] {
  const found: ts.Node[] = [node];
  node.forEachChild((child) => void found.push(...all(child)));
  return found;
}
const nodes = new Map(Array.from(files.values(), (file) => [file, all(file)]));
const nodesOf = (file: ts.SourceFile): ts.Node[] => nodes.get(file) as ts.Node[];

/** The files of src/ that a file imports, by imported name. */
function importsOf(file: ts.SourceFile): { from: ts.SourceFile; names: string[] }[] {
  return nodesOf(file).flatMap((node) => {
    if (!(ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) || !node.moduleSpecifier) return [];
    const from = files.get(
      resolve(file.fileName, '..', (node.moduleSpecifier as ts.StringLiteral).text.replace(/\.js$/, '.ts')),
    );
    const bindings = ts.isImportDeclaration(node) ? node.importClause?.namedBindings : undefined;
    const names = bindings && ts.isNamedImports(bindings) ? bindings.elements.map(({ name }) => name.text) : [];
    return from ? [{ from, names }] : [];
  });
}

const bare = (node: ts.Expression): ts.Expression =>
  ts.isAsExpression(node) || ts.isSatisfiesExpression(node) ? bare(node.expression) : node;

/** The strings of a list, including those of spread lists; undefined for a list from elsewhere, such as a parameter. */
function textsOf(given: ts.Expression, file: ts.SourceFile): string[] | undefined {
  const node = bare(given);
  if (ts.isIdentifier(node)) {
    const own = nodesOf(file).find(
      (one) => ts.isVariableDeclaration(one) && one.name.getText() === node.text && one.initializer !== undefined,
    ) as ts.VariableDeclaration | undefined;
    if (own) return textsOf(own.initializer as ts.Expression, file);
    const imported = importsOf(file).find(({ names }) => names.includes(node.text));
    return imported && textsOf(node, imported.from);
  }
  if (!ts.isArrayLiteralExpression(node)) return undefined;
  const parts = node.elements.map((one) =>
    ts.isStringLiteral(one) ? [one.text] : ts.isSpreadElement(one) ? textsOf(one.expression, file) : undefined,
  );
  return parts.every((part) => part !== undefined) ? parts.flat() : undefined;
}

const nameOf = (node: ts.BindingElement): string => (node.propertyName ?? node.name).getText();

/** The property names that a file reads from any object. */
const reads = new Map(
  Array.from(nodes, ([file, list]) => [
    file,
    new Set(
      list.flatMap((node) =>
        ts.isPropertyAccessExpression(node)
          ? [node.name.text]
          : ts.isElementAccessExpression(node) && ts.isStringLiteral(node.argumentExpression)
            ? [node.argumentExpression.text]
            : ts.isBindingElement(node)
              ? [nameOf(node)]
              : [],
      ),
    ),
  ]),
);

/** A file and all that it imports, directly or indirectly. */
function reach(file: ts.SourceFile, seen = new Set<ts.SourceFile>()): Set<ts.SourceFile> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const { from } of importsOf(file)) reach(from, seen);
  return seen;
}

/** Each call of options(where, value, list) whose list is known. */
const calls = [...files.values()].flatMap((file) =>
  nodesOf(file).flatMap((call) => {
    if (!ts.isCallExpression(call) || call.expression.getText() !== 'options') return [];
    const list = call.arguments[2] && textsOf(call.arguments[2], file);
    return list
      ? [{ file, call, list, where: `${file.fileName.replace(/^.*\/src\//, '')}: ${call.arguments[0]?.getText()}` }]
      : [];
  }),
);

test('the lists are found', () => {
  expect(calls.length).toBeGreaterThan(35);
  const lists = calls.flatMap(({ list }) => list);
  // Written out, of a constant, spread, and spread from another file.
  for (const name of ['batchSize', 'targetScale', 'initialEpoch', 'strategy', 'onProgress'])
    expect(lists).toContain(name);
});

test.each(calls)('$where: every option is read', ({ file, list }) => {
  // Or by whoever has it checked here.
  const users = [...files.values()].filter((one) => importsOf(one).some(({ from }) => from === file));
  const read = new Set([...reach(file), ...users].flatMap((one) => [...(reads.get(one) as Set<string>)]));
  for (const option of list) expect(read, option).toContain(option);
});

test.each(calls)('$where: whatever is read of it stands in the list', ({ file, call, list }) => {
  const { parent } = call;
  if (ts.isPropertyAccessExpression(parent)) expect(list).toContain(parent.name.text);
  if (!ts.isVariableDeclaration(parent)) return;
  const scope = ts.findAncestor(parent, (node) => ts.isFunctionLike(node)) ?? file;
  const within = all(scope);
  const given = parent.name;
  const patterns = ts.isIdentifier(given)
    ? within.flatMap((node) =>
        ts.isVariableDeclaration(node) && node.initializer?.getText() === given.text ? [node.name] : [],
      )
    : [given];
  const read = patterns.flatMap((pattern) =>
    ts.isObjectBindingPattern(pattern) ? pattern.elements.filter((one) => !one.dotDotDotToken).map(nameOf) : [],
  );
  for (const node of within)
    if (ts.isPropertyAccessExpression(node) && node.expression.getText() === given.getText()) read.push(node.name.text);
  for (const option of read) expect(list, option).toContain(option);
});
