/** What is looked at of a key press; not the DOM's type, which calls `keyCode` deprecated without offering another way. */
interface KeyPress {
  readonly isComposing: boolean;
  readonly keyCode: number;
}

/** An input method uses Enter to take a word. Safari reports it after the composition, and only by the key code 229. */
export function isComposing(event: KeyPress): boolean {
  return event.isComposing || event.keyCode === 229;
}
