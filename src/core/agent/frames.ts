/**
 * What is told in a frame holds text of files and of hosts: none of it may end its frame, or begin another one, and speak for
 * the user or the program outside of it.
 */
export function withoutFrames(text: string): string {
  return text.replace(/<(?=\s*\/?\s*(?:user_review|system-reminder))/gi, '&lt;');
}
