type Variables = Readonly<Record<string, string | undefined>>;

/** So that nothing waits for a person, pages, or paints. */
const quiet: Variables = {
  TERM: 'dumb',
  PAGER: 'cat',
  GIT_PAGER: 'cat',
  GIT_TERMINAL_PROMPT: '0',
  CI: '1',
  NO_COLOR: '1',
};

const secretName = /API_?KEY|ACCESS_KEY|PRIVATE_KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL/i;
/** The host's own; the ask-pass programs among them hand out the user's logins. */
const hostName = /^(COUNTERSIGN_|VSCODE_|ELECTRON_)|^(GIT|SSH|SUDO)_ASKPASS$/i;

/**
 * The environment of a command: the host's without secrets and without what belongs to the host itself, then `asked`, which
 * also brings back what was taken out.
 */
export function commandEnvironment(host: Variables, asked: Variables, platform = process.platform): Variables {
  const inherited = Object.entries(host).filter(([name]) => !secretName.test(name) && !hostName.test(name));
  const added = Object.entries({ ...quiet, ...asked });
  // Windows takes Path and PATH for the same name: the later one has to replace the earlier one.
  const key = (name: string): string => (platform === 'win32' ? name.toUpperCase() : name);
  const merged = new Map([...inherited, ...added].map(([name, value]) => [key(name), [name, value] as const]));
  return Object.fromEntries([...merged.values()].filter(([, value]) => value !== undefined));
}
