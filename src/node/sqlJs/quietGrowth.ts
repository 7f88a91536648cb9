import type { WasmImports } from './webAssembly';

/** The debug build writes a line to the console whenever its memory grows, which is nobody's business. */
export function quietGrowth(imports: WasmImports): WasmImports {
  const groups = Object.entries(imports).map(([from, group]) => {
    const grow = group['emscripten_resize_heap'];
    return [from, typeof grow === 'function' ? { ...group, emscripten_resize_heap: quiet(grow) } : group] as const;
  });
  return Object.fromEntries(groups);
}

type AnyFunction = (...args: unknown[]) => unknown;

function quiet(call: NonNullable<unknown> & { readonly name: string }): AnyFunction {
  return (...args) => {
    const { warn } = console;
    console.warn = () => undefined;
    try {
      return Reflect.apply(call as AnyFunction, undefined, args);
    } finally {
      console.warn = warn;
    }
  };
}
