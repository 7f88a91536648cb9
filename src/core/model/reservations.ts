import type { Reserved } from './spending';

/** What requests under way in this process are expected to take. Other processes' requests are not seen until they are counted. */
export class Reservations {
  readonly #open = new Set<Reserved>();

  add({ usd, tokens }: Reserved): () => void {
    const one = { usd, tokens };
    this.#open.add(one);
    return () => void this.#open.delete(one);
  }

  get sum(): Reserved {
    return [...this.#open].reduce((sum, { usd, tokens }) => ({ usd: sum.usd + usd, tokens: sum.tokens + tokens }), {
      usd: 0,
      tokens: 0,
    });
  }
}
