/** The part of the global `WebAssembly` that is used here: neither our language level nor @types/node 20 declares it. */
export interface WebAssemblyApi {
  compile(bytes: Uint8Array): Promise<WasmModule>;
  readonly Instance: new (module: WasmModule, imports: WasmImports) => WasmInstance;
  readonly Module: { imports(module: WasmModule): readonly { readonly module: string; readonly name: string }[] };
}

/** Opaque. */
export type WasmModule = object;
export type WasmImports = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export interface WasmInstance {
  readonly exports: Readonly<Record<string, unknown>>;
}

declare const WebAssembly: WebAssemblyApi;
export const webAssembly = WebAssembly;
