/** Random, so that an answer from before a reload finds what it belongs to and nothing else. */
export function randomId(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(2)), (part) => part.toString(36)).join('-');
}
