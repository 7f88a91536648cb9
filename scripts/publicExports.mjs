import { existsSync } from 'node:fs';
import * as path from 'node:path';
import ts from 'typescript';
import { root } from './root.mjs';

const faces = ['src/index.ts', 'src/provider.ts', 'src/testing.ts'];

/**
 * What the package gives to its users, in the order in which its faces export it.
 * @returns {readonly {face: string, name: string, docs: string}[]} `docs`: the docstring's text, empty where there is none
 */
export function publicExports() {
  const files = faces.map((face) => path.join(root, face)).filter((file) => existsSync(file));
  const config = ts.readConfigFile(path.join(root, 'tsconfig.node.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, root);
  const program = ts.createProgram(files, options);
  const checker = program.getTypeChecker();
  return files.flatMap((file) => {
    const module = checker.getSymbolAtLocation(program.getSourceFile(file) ?? fail(file));
    return checker.getExportsOfModule(module ?? fail(file)).map((symbol) => {
      const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
      const docs = ts.displayPartsToString(target.getDocumentationComment(checker)).trim();
      return { face: path.relative(root, file), name: symbol.name, docs };
    });
  });
}

/** @param {string} file @returns {never} */
function fail(file) {
  throw new Error(`${file} is no module that TypeScript could read.`);
}
