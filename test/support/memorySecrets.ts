/** VS Code's SecretStorage and Memento, in memory: what several windows share. */
export class MemorySecrets {
  readonly all = new Map<string, string>();

  async keys(): Promise<string[]> {
    return [...this.all.keys()];
  }
  async get(name: string): Promise<string | undefined> {
    return this.all.get(name);
  }
  async store(name: string, value: string): Promise<void> {
    this.all.set(name, value);
  }
  async delete(name: string): Promise<void> {
    this.all.delete(name);
  }
}

export class MemoryMemento {
  readonly all = new Map<string, unknown>();

  get(name: string): unknown;
  get<T>(name: string, otherwise?: T): T | undefined;
  get(name: string): unknown {
    return this.all.get(name);
  }
  /** As JSON, like the real one. */
  async update(name: string, value: unknown): Promise<void> {
    this.all.set(name, value === undefined ? undefined : JSON.parse(JSON.stringify(value)));
  }
}
