// What the sources say of the public functions: their parameters and doc comments, and what the compiler says of the examples.
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { rooms } from '../../docs/site/rooms.js';

/** A public function, a public method of an exported class, or a constant. */
export interface Documented {
  /** Such as 'Matrix.from'. */
  readonly name: string;
  /** The entries that export it, such as 'simdense/data'. */
  readonly entries: readonly string[];
  /** What its doc comment lacks, in words. */
  readonly lacks: readonly string[];
  readonly examples: readonly string[];
}

/** The source of each entry. */
const sources: Readonly<Record<string, string>> = {
  simdense: resolve('src/index.ts'),
  ...Object.fromEntries(rooms.map((room) => [`simdense/${room}`, resolve(`src/${room}/index.ts`)])),
};
export const entries = Object.keys(sources);

const compilerOptions: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2022.d.ts', 'lib.esnext.disposable.d.ts', 'lib.dom.d.ts'],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: true,
  noEmit: true,
  types: ['node'],
  paths: Object.fromEntries(Object.entries(sources).map(([entry, file]) => [entry, [file]])),
};

/** What looks as if it could throw, by a check that cannot fail there. */
const neverThrow: readonly string[] = ['Matrix.toArrays', 'inline', 'Kernels.dispose', 'Classifier.dispose'];

/** How a @throws begins: with the error, and of ours with its code. */
const errorWithCode = /^(SimdenseError '[A-Z_]+'|(?!SimdenseError)\w*Error\b)/;

type Callable = ts.FunctionDeclaration | ts.MethodDeclaration | ts.ConstructorDeclaration;
const isCallable = (node: ts.Node): node is Callable =>
  ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node) || ts.isConstructorDeclaration(node);

/** An example of a function, whose names are looked up in the function's own entry first. */
export interface Example {
  readonly name: string;
  readonly entry: string;
  readonly code: string;
}

export class Reference {
  readonly documented: readonly Documented[];
  readonly #program: ts.Program;
  readonly #checker: ts.TypeChecker;
  /** Whether a function throws a SimdenseError, itself or by what it calls. */
  readonly #throws = new Map<ts.Node, boolean>();
  /** The entry from which an example imports a name. */
  readonly #exported = new Map<string, string>();

  constructor() {
    this.#program = ts.createProgram(Object.values(sources), compilerOptions);
    this.#checker = this.#program.getTypeChecker();
    const found = new Map<ts.Symbol, { name: string; entries: string[] }>();
    for (const [entry, file] of Object.entries(sources)) {
      const module = this.#checker.getSymbolAtLocation(this.#program.getSourceFile(file) as ts.SourceFile);
      for (const exported of this.#checker.getExportsOfModule(module as ts.Symbol)) {
        const symbol = this.#resolved(exported);
        if (!this.#exported.has(exported.name)) this.#exported.set(exported.name, entry);
        for (const [name, each] of this.#documented(exported.name, symbol)) {
          const known = found.get(each);
          if (known) known.entries.push(entry);
          else found.set(each, { name, entries: [entry] });
        }
      }
    }
    this.documented = [...found].map(([symbol, known]) => ({ ...known, ...this.#read(known.name, symbol) }));
  }

  /** The example as a module: what it names and does not import is imported, first from its function's own entry. */
  moduleOf({ entry, code }: Example): string {
    const file = ts.createSourceFile('example.ts', code, ts.ScriptTarget.ES2022, true);
    const declared = new Set<string>();
    const used = new Set<string>();
    const visit = (node: ts.Node): void => {
      if (ts.isIdentifier(node)) {
        const { parent } = node;
        const isName =
          (ts.isVariableDeclaration(parent) ||
            ts.isBindingElement(parent) ||
            ts.isImportSpecifier(parent) ||
            ts.isParameter(parent) ||
            ts.isFunctionDeclaration(parent)) &&
          parent.name === node;
        const isPart =
          (ts.isPropertyAccessExpression(parent) || ts.isPropertyAssignment(parent)) && parent.name === node;
        if (isName) declared.add(node.text);
        else if (!isPart) used.add(node.text);
      }
      node.forEachChild(visit);
    };
    visit(file);
    const own = this.#exportsOf(entry);
    const imports = [...used].flatMap((name) => {
      const from = own.has(name) ? entry : this.#exported.get(name);
      return declared.has(name) || from === undefined ? [] : [`import { ${name} } from '${from}';`];
    });
    return `${imports.join(' ')}\n${code}\nexport {};\n`;
  }

  /** What a strict compiler says against the examples, each with its function's name. */
  typeErrors(examples: readonly Example[]): string[] {
    const folder = resolve('docs/.examples');
    const texts = new Map(examples.map((example, i) => [join(folder, `${i}.ts`), this.moduleOf(example)]));
    const host = ts.createCompilerHost(compilerOptions);
    const { fileExists, readFile, getSourceFile } = host;
    host.fileExists = (file) => texts.has(file) || fileExists(file);
    host.readFile = (file) => texts.get(file) ?? readFile(file);
    host.getSourceFile = (file, ...rest) => {
      const text = texts.get(file);
      if (text !== undefined) return ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
      return this.#program.getSourceFile(file) ?? getSourceFile(file, ...rest);
    };
    const program = ts.createProgram([...texts.keys()], compilerOptions, host, this.#program);
    return [...texts.keys()].flatMap((file, i) => {
      const source = program.getSourceFile(file) as ts.SourceFile;
      const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
      return found.map(({ start = 0, messageText }) => {
        const line = source.text.slice(0, start).split('\n').length - 1;
        return `${examples[i]?.name}, line ${line}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
      });
    });
  }

  #resolved(symbol: ts.Symbol): ts.Symbol {
    return symbol.flags & ts.SymbolFlags.Alias ? this.#checker.getAliasedSymbol(symbol) : symbol;
  }

  #exportsOf(entry: string): Set<string> {
    const file = this.#program.getSourceFile(sources[entry] as string) as ts.SourceFile;
    const module = this.#checker.getSymbolAtLocation(file) as ts.Symbol;
    return new Set(this.#checker.getExportsOfModule(module).map(({ name }) => name));
  }

  /** A function or a constant; of a class its public constructor and methods. Errors are made by the package alone. */
  #documented(name: string, symbol: ts.Symbol): [string, ts.Symbol][] {
    if (symbol.flags & ts.SymbolFlags.Class) {
      const members = [...this.#membersOf(symbol), ...(symbol.exports?.values() ?? [])];
      return members.flatMap((member): [string, ts.Symbol][] => {
        const [node] = member.declarations ?? [];
        const isConstructor = node !== undefined && ts.isConstructorDeclaration(node);
        if (!node || !(isConstructor || ts.isMethodDeclaration(node))) return [];
        if (
          /^#|^__@/.test(ts.unescapeLeadingUnderscores(member.escapedName)) ||
          ts.isPrivateIdentifier(node.name ?? node)
        )
          return [];
        if (ts.getJSDocTags(node).some(({ tagName }) => tagName.text === 'internal')) return [];
        if (isConstructor) return name.endsWith('Error') ? [] : [[`new ${name}`, member]];
        return [[`${name}.${member.name}`, member]];
      });
    }
    return symbol.flags & ts.SymbolFlags.Value ? [[name, symbol]] : [];
  }

  /** The members of a class, and those of the classes of ours that it extends. */
  #membersOf(symbol: ts.Symbol): ts.Symbol[] {
    const [base] = this.#checker.getBaseTypes(this.#checker.getDeclaredTypeOfSymbol(symbol) as ts.InterfaceType);
    const inherited = base?.symbol?.declarations?.some((node) =>
      /\/src\/kernels\//.test(node.getSourceFile().fileName),
    );
    return [...(symbol.members?.values() ?? []), ...(base && inherited ? this.#membersOf(base.symbol) : [])];
  }

  #read(name: string, symbol: ts.Symbol): Pick<Documented, 'lacks' | 'examples'> {
    const nodes = (symbol.declarations ?? []).filter((node) => isCallable(node) || ts.isVariableDeclaration(node));
    const tags = nodes.flatMap((node) => [...ts.getJSDocTags(node)]);
    const textOf = (tag: ts.JSDocTag): string => (ts.getTextOfJSDocComment(tag.comment) ?? '').trim();
    const of = (...names: string[]): string[] => tags.filter(({ tagName }) => names.includes(tagName.text)).map(textOf);
    const lacks: string[] = [];
    const summary = nodes.some((node) =>
      ts.getJSDocCommentsAndTags(node).some((doc) => ts.isJSDoc(doc) && ts.getTextOfJSDocComment(doc.comment)?.trim()),
    );
    if (!summary) lacks.push('a first sentence');
    // Where there are overloads, their parameters are the public ones.
    const callable = nodes.filter(isCallable);
    const overloads = callable.filter((node) => !node.body);
    const signatures = overloads.length > 0 ? overloads : callable;
    const parameters = new Set(signatures.flatMap((node) => (node.parameters ?? []).map(({ name }) => name.getText())));
    const described = new Map(
      tags.filter(ts.isJSDocParameterTag).map((tag) => [tag.name.getText(), textOf(tag)] as const),
    );
    for (const parameter of parameters) if (!described.get(parameter)) lacks.push(`@param ${parameter}`);
    for (const parameter of described.keys())
      if (!parameters.has(parameter.split('.')[0] as string)) lacks.push(`a parameter for its @param ${parameter}`);
    const returns = signatures.map((node) => {
      const signature = ts.isFunctionLike(node) ? this.#checker.getSignatureFromDeclaration(node) : undefined;
      return signature ? this.#checker.typeToString(signature.getReturnType()) : '';
    });
    const isVoid = returns.every((type) => type === 'void' || type === 'Promise<void>');
    const isConstructor = nodes.some(ts.isConstructorDeclaration);
    if (!isVoid && !isConstructor && of('returns').every((text) => text === '')) lacks.push('@returns');
    const thrown = of('throws', 'exception');
    const throws = parameters.size > 0 || callable.some((node) => this.#canThrow(node));
    if (throws && !neverThrow.includes(name) && thrown.length === 0) lacks.push('@throws');
    for (const text of thrown)
      if (!errorWithCode.test(text)) lacks.push(`an error and its code first in its @throws ${text}`);
    const examples = of('example').filter((text) => text !== '');
    if (examples.length === 0) lacks.push('@example');
    return { lacks, examples };
  }

  #canThrow(node: ts.Node): boolean {
    const known = this.#throws.get(node);
    if (known !== undefined) return known;
    this.#throws.set(node, false);
    const visit = (part: ts.Node): boolean => {
      if (ts.isNewExpression(part) && /^(SimdenseError|DivergedError)$/.test(part.expression.getText())) return true;
      // Refuses arguments that the compiler refuses as well.
      if (ts.isCallExpression(part) && part.expression.getText() !== 'noMore') {
        const { expression } = part;
        const place = ts.isPropertyAccessExpression(expression) ? expression.name : expression;
        const symbol = ts.isIdentifier(place) || ts.isPrivateIdentifier(place) ? this.#symbolAt(place) : undefined;
        for (const callee of symbol?.declarations ?? []) if (this.#ours(callee) && this.#canThrow(callee)) return true;
      }
      return part.forEachChild((child) => visit(child) || undefined) ?? false;
    };
    const can = visit(node);
    this.#throws.set(node, can);
    return can;
  }

  #symbolAt(node: ts.Node): ts.Symbol | undefined {
    const symbol = this.#checker.getSymbolAtLocation(node);
    return symbol && this.#resolved(symbol);
  }

  #ours(node: ts.Node): boolean {
    return /\/src\//.test(node.getSourceFile().fileName) && (ts.isFunctionLike(node) || ts.isVariableDeclaration(node));
  }
}
