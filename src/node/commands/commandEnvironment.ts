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

/** What is long enough anywhere in a name, the rest as a word of its own. */
const secretName =
  /TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL|APIKEY|ACCESSKEY|PRIVATEKEY|(?:^|_)(?:KEY|PASS|PASSPHRASE|CREDS?|AUTH|JWT|COOKIE|PAT|DSN)(?:_|$)/i;
/** All of these services' variables: also those that only say which account or file holds the login. */
const serviceName =
  /^(?:AWS_|AZURE_|ARM_|GOOGLE_APPLICATION_|GCP_|GCLOUD_|CLOUDSDK_AUTH|DIGITALOCEAN_|HCLOUD_|VAULT_|KUBECONFIG$|PGPASS|NETRC$)/i;
/** Addresses with a login in them. */
const addressName =
  /(?:^|_)(?:DATABASE|DB|MONGO(?:DB)?|REDIS|POSTGRES(?:QL)?|MYSQL|AMQP|RABBITMQ|SENTRY)_(?:URL|URI|DSN|CONNECTION_STRING)$|CONNECTION_?STRING$/i;
/** Logins for package registries. */
const registryName = /^npm_config_(?:.*_)?(?:_auth.*|auth.*|_password|password|username)$|^npm_config_\/\//i;
/** Names that look like one of these and hold no secret. */
const harmless = /^(?:AWS_CA_BUNDLE|AWS_(?:DEFAULT_)?REGION|AWS_PAGER|TOKENIZERS_PARALLELISM)$/i;
/**
 * The host's own; the ask-pass programs among them hand out the user's logins, and so does an SSH agent to whoever reaches
 * its socket: it would sign in anywhere as the user.
 */
const hostName =
  /^(COUNTERSIGN_|VSCODE_|ELECTRON_)|^(GIT|SSH|SUDO)_ASKPASS$|^(SSH_AUTH_SOCK|SSH_AGENT_PID|GPG_AGENT_INFO)$/i;

/**
 * The environment of a command: the host's without secrets and without what belongs to the host itself, then `asked`, which
 * also brings back what was taken out.
 */
export function commandEnvironment(host: Variables, asked: Variables, platform = process.platform): Variables {
  const inherited = Object.entries(host).filter(([name]) => !isKept(name));
  const added = Object.entries({ ...quiet, ...asked });
  // Windows takes Path and PATH for the same name: the later one has to replace the earlier one.
  const key = (name: string): string => (platform === 'win32' ? name.toUpperCase() : name);
  const merged = new Map([...inherited, ...added].map(([name, value]) => [key(name), [name, value] as const]));
  return Object.fromEntries([...merged.values()].filter(([, value]) => value !== undefined));
}

/** Whether a variable stays with the host. */
function isKept(name: string): boolean {
  if (harmless.test(name)) return false;
  return [secretName, serviceName, addressName, registryName, hostName].some((pattern) => pattern.test(name));
}
