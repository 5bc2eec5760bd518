// What the package's own type declarations say of its functions: their parameters, the parts of their options, and which values the compiler takes for each.
import { readdirSync } from 'node:fs';
import ts from 'typescript';

/** A value of which the compiler has been asked, as it is written. */
export interface Value {
  readonly text: string;
  readonly value: unknown;
}

/** A place for a value in a call: the number of the argument, and the way to a part of it. */
export interface Place {
  readonly argument: number;
  readonly path: readonly string[];
  /** What it is called: the last part's name, or the parameter's. */
  readonly name: string;
  /** By the values' numbers: whether the compiler takes them here. */
  readonly accepts: readonly boolean[];
  /** Whether it may be anything, and comes back as it is. */
  readonly free: boolean;
}

export interface Declared {
  /** 'simdense/data: kFold' or 'simdense: Sequential.fit'. */
  readonly name: string;
  readonly places: readonly Place[];
}

/** How deep into options a place may be. */
const DEEPEST = 3;

/** Every exported function and method of an exported class that takes arguments, from dist/*.d.ts, and the exported parameters that take anything. */
export function declared(values: readonly Value[]): { functions: Declared[]; untyped: string[] } {
  const entries = readdirSync('dist').filter((file) => /^[a-z]+\.d\.ts$/.test(file));
  const literals = 'dist/values.ts';
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.esnext.disposable.d.ts'],
    strict: true,
    noEmit: true,
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  const source = values.map(({ text }, i) => `export const v${i} = ${text};`).join('\n');
  host.fileExists = (file) => file === literals || fileExists(file);
  host.getSourceFile = (file, ...rest) =>
    file === literals ? ts.createSourceFile(file, source, ts.ScriptTarget.ES2022) : getSourceFile(file, ...rest);
  const program = ts.createProgram([...entries.map((file) => `dist/${file}`), literals], options, host);
  const checker = program.getTypeChecker();
  const moduleOf = (file: string): readonly ts.Symbol[] => {
    const node = program.getSourceFile(file) as ts.SourceFile;
    return checker.getExportsOfModule(checker.getSymbolAtLocation(node) as ts.Symbol);
  };
  const types = moduleOf(literals).map((symbol) => checker.getTypeOfSymbol(symbol));

  const functions = new Map<string, Declared>();
  const untyped: string[] = [];
  /** Names of the type parameters of the function that is looked at: what is of them may be anything. */
  let free = new Set<string>();
  const add = (name: string, signature: ts.Signature): void => {
    free = new Set(signature.getTypeParameters()?.map(({ symbol }) => symbol.name));
    const places = signature.getParameters().flatMap((parameter, argument) => {
      const type = checker.getTypeOfSymbol(parameter);
      return placesOf(type, argument, [], parameter.name, name);
    });
    if (places.length > 0) functions.set(name, { name, places: either(functions.get(name)?.places ?? [], places) });
  };
  const placesOf = (type: ts.Type, argument: number, path: readonly string[], name: string, of: string): Place[] => {
    if (type.flags & ts.TypeFlags.Any) untyped.push(`${of}: ${name}`);
    const isFree = checker
      .typeToString(type)
      .split(/\W+/)
      .some((word) => free.has(word));
    const accepts = types.map((given) => isFree || checker.isTypeAssignableTo(given, type));
    const place: Place = {
      argument,
      path,
      name,
      accepts,
      free: isFree,
    };
    const parts = path.length < DEEPEST ? partsOf(type) : [];
    return [
      place,
      ...parts.flatMap((part) =>
        placesOf(checker.getTypeOfSymbol(part), argument, [...path, part.name], part.name, of),
      ),
    ];
  };
  /** The parts of an object of options: nothing for arrays, classes, functions and what may be of several kinds. */
  const partsOf = (type: ts.Type): readonly ts.Symbol[] => {
    const bare = checker.getNonNullableType(type);
    const isPlain =
      bare.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection) &&
      !checker.isArrayLikeType(bare) &&
      !bare.isClass();
    if (!isPlain || bare.getCallSignatures().length > 0 || checker.getIndexInfosOfType(bare).length > 0) return [];
    const parts = checker.getPropertiesOfType(bare);
    const own = parts.every(({ declarations, name }) => {
      return !name.startsWith('__') && declarations?.every((node) => node.getSourceFile().fileName.includes('dist/'));
    });
    return own ? parts : [];
  };

  for (const file of entries) {
    // See tsup.config.ts.
    const name = file === 'blas.d.ts' ? 'kernels' : file.replace('.d.ts', '');
    const entry = name === 'index' ? 'simdense' : `simdense/${name}`;
    for (const exported of moduleOf(`dist/${file}`)) {
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
      if (!(symbol.flags & ts.SymbolFlags.Value)) continue;
      const type = checker.getTypeOfSymbol(symbol);
      for (const signature of type.getCallSignatures()) add(`${entry}: ${exported.name}`, signature);
      if (!(symbol.flags & ts.SymbolFlags.Class)) continue;
      const isInternal = (node: ts.Symbol): boolean => node.getJsDocTags().some(({ name }) => name === 'internal');
      const members = [
        ...checker.getPropertiesOfType(checker.getDeclaredTypeOfSymbol(symbol)),
        ...checker.getPropertiesOfType(type).filter(({ name }) => name !== 'prototype'),
      ];
      for (const member of members) {
        if (isInternal(member) || member.name.startsWith('__')) continue;
        const inherited = member.declarations?.every((node) => !node.getSourceFile().fileName.includes('dist/'));
        for (const signature of checker.getTypeOfSymbol(member).getCallSignatures())
          if (!inherited) add(`${entry}: ${exported.name}.${member.name}`, signature);
      }
      for (const signature of type.getConstructSignatures()) {
        const node = signature.getDeclaration();
        if (node && ts.isConstructorDeclaration(node) && !isInternalNode(node))
          add(`${entry}: ${exported.name}`, signature);
      }
    }
  }
  return { functions: [...functions.values()], untyped };
}

/** The places of two overloads: the compiler takes what one of them takes. */
function either(first: readonly Place[], second: readonly Place[]): Place[] {
  const keyOf = ({ argument, path }: Place): string => [argument, ...path].join('.');
  const all = new Map(first.map((place) => [keyOf(place), place]));
  for (const place of second) {
    const other = all.get(keyOf(place));
    const accepts = place.accepts.map((taken, i) => taken || other?.accepts[i] === true);
    all.set(keyOf(place), { ...place, accepts, free: place.free || other?.free === true });
  }
  return [...all.values()];
}

function isInternalNode(node: ts.Node): boolean {
  return ts.getJSDocTags(node).some((tag) => tag.tagName.text === 'internal');
}
