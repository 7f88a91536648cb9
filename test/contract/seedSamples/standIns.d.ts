/** What the samples use of packages that are not installed here: enough to compile them, nothing runs. */
declare module 'electron' {
  export const app: { getPath(name: string): string };
  interface IpcEvent {
    readonly sender: { send(channel: string, ...args: unknown[]): void };
  }
  export const ipcMain: {
    handle(channel: string, listener: (event: IpcEvent, ...args: any[]) => unknown): void;
    on(channel: string, listener: (event: IpcEvent, ...args: any[]) => void): void;
  };
}
declare module 'hono' {
  export interface Context {
    readonly req: { param(): { id: string }; json(): Promise<any> };
    get(name: string): string;
    json(value: unknown, status?: number): Response;
  }
  type Handler = (c: Context) => Response | Promise<Response>;
  export class Hono {
    get(path: string, handler: Handler): this;
    post(path: string, handler: Handler): this;
  }
}
declare module 'hono/streaming' {
  import type { Context } from 'hono';
  interface Stream {
    writeSSE(message: { data: string }): Promise<void>;
  }
  export function streamSSE(c: Context, run: (stream: Stream) => Promise<void>): Response;
}
declare module 'bullmq' {
  interface Options {
    connection: unknown;
  }
  export class Queue {
    constructor(name: string, options: Options);
    add(name: string, data: object): Promise<{ readonly id: string }>;
  }
  export class Worker {
    constructor(name: string, run: (job: { readonly data: any }) => Promise<void>, options: Options);
  }
}
declare module 'redis-stand-in' {
  interface Redis {
    duplicate(): Redis;
    subscribe(channel: string): Promise<void>;
    publish(channel: string, message: string): Promise<void>;
    on(event: 'message', listener: (channel: string, message: string) => void): void;
  }
  export const redis: Redis;
}
declare module 'express' {
  interface Answer {
    status(code: number): Answer;
    json(value: unknown): void;
    send(value?: unknown): void;
    set(name: string, value: string): void;
  }
  interface App {
    get(path: string, handler: (req: object, res: Answer) => Promise<void>): void;
  }
  export default function express(): App;
}
declare module 'prom-client' {
  export const register: { readonly contentType: string; metrics(): Promise<string> };
  export class Gauge {
    constructor(options: { name: string; help: string });
  }
  export class Histogram {
    constructor(options: { name: string; help: string; buckets: number[] });
    observe(value: number): void;
  }
}
declare module 'pg' {
  export class Pool {
    query(sql: string, values?: unknown[]): Promise<{ readonly rows: any[] }>;
  }
}
declare module '@/lib/inngest' {
  interface Step {
    run<Result>(name: string, body: () => Promise<Result>): Promise<Result>;
  }
  export const inngest: {
    send(name: string, data: object): Promise<void>;
    createFunction<Result>(
      options: { id: string },
      trigger: { event: string },
      body: (call: { event: { data: any }; step: Step }) => Promise<Result>,
    ): { run(): Promise<Result> };
  };
}
declare module '@/lib/supabase-store' {
  import type { Store } from 'countersign';
  export const SupabaseStore: new (client: object) => Store;
}
