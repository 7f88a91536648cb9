/**
 * What is told in a frame holds text of files, of hosts and of other agents: none of it may end its frame, or begin another one,
 * and speak for the user or the program outside of it.
 */
export function withoutFrames(text: string): string {
  return text.replace(
    /<(?=\s*\/?\s*(?:user_review|system-reminder|situation|project_instructions|skills\b))/gi,
    '&lt;',
  );
}

/** A name of somebody outside, in a line with others: it ends neither its line nor its frame. */
export function nameInLine(name: string): string {
  return withoutFrames(name.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, '?'));
}
