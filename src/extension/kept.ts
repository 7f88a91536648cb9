/** Where a window keeps JSON for its workspace, over reloads; a `vscode.Memento` is one. */
export interface Kept {
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}
