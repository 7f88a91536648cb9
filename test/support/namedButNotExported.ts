import * as path from 'node:path';
import * as ts from 'typescript';

/**
 * The types that the public signatures of these files' exports name and none of these files exports, each with where it is named.
 * Members that are private, protected or @internal do not count, nor do constructors of what is exported as a type only or is a base
 * alone, function bodies, types that their own file keeps to itself, and those that are exported under their name in another form.
 */
export function namedButNotExported(program: ts.Program, faces: readonly string[]): readonly string[] {
  const checker = program.getTypeChecker();
  const exported = new Map<ts.Symbol, string>();
  const asTypesOnly = new Set<ts.Symbol>();
  for (const face of faces) {
    const source = program.getSourceFile(face);
    const module = source && checker.getSymbolAtLocation(source);
    for (const symbol of module ? checker.getExportsOfModule(module) : []) {
      const target = resolved(symbol);
      exported.set(target, symbol.name);
      if (isTypeOnly(symbol)) asTypesOnly.add(target);
    }
  }
  const names = new Set(exported.values());
  const found = new Set<string>();

  function resolved(symbol: ts.Symbol): ts.Symbol {
    return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  }
  function visit(node: ts.Node, owner: ts.Symbol): void {
    if (isHidden(node) || (ts.isConstructorDeclaration(node) && !isMade(node, owner))) return;
    if (ts.isExpressionWithTypeArguments(node)) {
      // What it is made of belongs to it.
      const base = checker.getSymbolAtLocation(node.expression);
      if (base) for (const declaration of resolved(base).declarations ?? []) visitOwn(declaration, owner);
    }
    if (ts.isTypeReferenceNode(node)) {
      const named = checker.getSymbolAtLocation(node.typeName);
      if (named && isMissing(resolved(named))) found.add(`${resolved(named).name} in ${owner.name}`);
    }
    // The type of a value with an initializer is told where it is written down.
    const parts = ts.isPropertyDeclaration(node) || ts.isVariableDeclaration(node) ? node.type : node;
    if (parts === node) ts.forEachChild(node, (child) => visit(child, owner));
    else if (parts) visit(parts, owner);
  }
  function isMade({ parent }: ts.ConstructorDeclaration, owner: ts.Symbol): boolean {
    return !asTypesOnly.has(owner) && (owner.declarations ?? []).some((one) => one === parent);
  }
  function visitOwn(declaration: ts.Declaration, owner: ts.Symbol): void {
    if (isOurs(declaration)) visit(declaration, owner);
  }
  function isMissing(symbol: ts.Symbol): boolean {
    const [declaration] = symbol.declarations ?? [];
    return (
      declaration !== undefined &&
      isOurs(declaration) &&
      !names.has(symbol.name) &&
      ts.canHaveModifiers(declaration) &&
      (ts.getModifiers(declaration) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
    );
  }
  for (const symbol of exported.keys())
    for (const declaration of symbol.declarations ?? []) visitOwn(declaration, symbol);
  return [...found].sort();
}

function isOurs(declaration: ts.Declaration): boolean {
  return declaration.getSourceFile().fileName.startsWith(path.join(process.cwd(), 'src'));
}

function isTypeOnly(symbol: ts.Symbol): boolean {
  return (symbol.declarations ?? []).some(
    (one) => ts.isExportSpecifier(one) && (one.isTypeOnly || one.parent.parent.isTypeOnly),
  );
}

function isHidden(node: ts.Node): boolean {
  if (ts.isBlock(node)) return true;
  if (ts.getJSDocTags(node).some(({ tagName }) => tagName.text === 'internal')) return true;
  if (!ts.isClassElement(node)) return false;
  if (node.name && ts.isPrivateIdentifier(node.name)) return true;
  const modifiers = ts.canHaveModifiers(node) ? (ts.getModifiers(node) ?? []) : [];
  return modifiers.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword || kind === ts.SyntaxKind.ProtectedKeyword);
}
