/**
 * What speaks against a repository's own settings: everything that is not known to execute nothing. Only the plain form of the
 * file is read; undefined: nothing speaks against it. @param isItsFolder whether `core.worktree` names where the files are anyway.
 */
export function problemOfSettings(text: string, isItsFolder: (worktree: string) => boolean): string | undefined {
  let section = '';
  for (const line of text.split(/\r?\n/)) {
    const plain = line.trim();
    if (plain === '' || /^[#;][^\\]*$/.test(plain)) continue;
    const header = headerOf(plain);
    if (header !== undefined) {
      section = header;
      continue;
    }
    const entry = entryOf(plain);
    if (!entry || section === '') return `The line ${JSON.stringify(plain.slice(0, 60))} of its settings is unusual.`;
    const key = `${section}.${(entry[1] ?? '').toLowerCase()}`;
    const value = entry[2] ?? '';
    if (key === 'core.fsmonitor' && !/^(true|false)?$/i.test(value)) return `Its own settings name a program: ${key}.`;
    if (key === 'core.worktree' && isItsFolder(value)) continue;
    // In a repository of another format numbers and the index have other lengths than are known here.
    if (key === 'extensions.objectformat' && !/^"?sha1"?$/i.test(value))
      return `Its format of objects, ${JSON.stringify(value.slice(0, 60))}, is not known.`;
    if (!harmlessSettings.test(key)) return `Its own settings hold ${key}, which can make git execute something.`;
    if (holdsLogin(value)) return 'The address of a remote holds a login.';
  }
  return undefined;
}

/**
 * A repository's settings without all that can make git execute something, and the names of what was taken out. Only plain
 * lines stay, so that git reads them as they are read here.
 */
export function withoutPrograms(text: string): { readonly text: string; readonly taken: readonly string[] } {
  const kept: string[] = [];
  const taken: string[] = [];
  let section = '';
  for (const line of text.split(/\r?\n/)) {
    const plain = line.trim();
    if (plain === '' || /^[#;][^\\]*$/.test(plain)) continue;
    const header = headerOf(plain);
    const entry = section === '' ? null : entryOf(plain);
    const key = `${section}.${(entry?.[1] ?? '').toLowerCase()}`;
    if (header !== undefined) section = header;
    else if (!entry || !isHarmless(key, entry[2] ?? '')) {
      taken.push(entry ? key : plain.slice(0, 60));
      continue;
    }
    kept.push(header === undefined ? `\t${plain}` : plain);
  }
  return { text: kept.map((line) => `${line}\n`).join(''), taken: [...new Set(taken)] };
}

function isHarmless(key: string, value: string): boolean {
  if (key === 'core.fsmonitor') return /^(true|false)$/i.test(value);
  // Where the files are: git executes nothing for it. Submodules need it.
  return key === 'core.worktree' || (harmlessSettings.test(key) && !programs.test(key));
}

/** Those that are overridden while a harmless command runs, and at no other time. */
const programs = /^core\.(?:hookspath|pager|editor|sshcommand)$/;

/** The name of a section, with `*` for its second part; undefined: no header. */
function headerOf(plain: string): string | undefined {
  const header = /^\[([A-Za-z0-9.-]+)(?:\s+"([^"\\]*)")?\]$/.exec(plain);
  return header ? `${(header[1] ?? '').toLowerCase()}${header[2] === undefined ? '' : `.*`}` : undefined;
}

function entryOf(plain: string): RegExpExecArray | null {
  return /^([A-Za-z][A-Za-z0-9-]*)(?:\s*=\s*([^\\]*))?$/.exec(plain);
}

/** Whether an address holds a password, or a name that may be a token. */
export function holdsLogin(value: string): boolean {
  return /[a-z][a-z0-9+.-]*:\/\/[^/]*:[^/]*@|https?:\/\/[^/]*@/i.test(value.replaceAll('"', ''));
}

/** Hooks, pager, editor and file system monitor are overridden while a harmless command runs; connections are forbidden. */
const harmlessSettings = new RegExp(
  `^(?:${[
    String.raw`core\.(?:repositoryformatversion|filemode|bare|logallrefupdates|ignorecase|precomposeunicode|symlinks|autocrlf|eol|safecrlf|quotepath|whitespace|abbrev|longpaths|fscache|preloadindex|untrackedcache|trustctime|checkstat|protecthfs|protectntfs|commentchar|compression|bigfilethreshold|sparsecheckout|sparsecheckoutcone|commitgraph|multipackindex|sharedrepository|hidedotfiles|fsmonitor|hookspath|pager|editor|sshcommand)`,
    String.raw`remote\.\*\.(?:url|pushurl|fetch|push|tagopt|prune|prunetags|mirror|skipdefaultupdate|gh-resolved|promisor|partialclonefilter)`,
    String.raw`branch\.\*\.[a-z-]+`,
    String.raw`branch\.(?:autosetupmerge|autosetuprebase|sort)`,
    String.raw`submodule\.\*\.(?:url|active|branch|path)`,
    String.raw`submodule\.active`,
    String.raw`extensions\.(?:worktreeconfig|objectformat|partialclone)`,
    String.raw`user\.(?:name|email|signingkey|useconfigonly)`,
    String.raw`(?:color|advice|pull|push|fetch|rebase|init|gc|maintenance|pack|index|rerere|tag|stash|status|column|i18n|feature|http\.\*|commit|checkout|gui)\.(?:\*\.)?(?!postbuffer$)[a-z-]*`,
    String.raw`merge\.(?:conflictstyle|ff|renames|log|stat)`,
    String.raw`diff\.(?:algorithm|renames|renamelimit|colormoved|mnemonicprefix|noprefix|context|interhunkcontext)`,
    String.raw`log\.(?:date|decorate|abbrevcommit|follow)`,
    String.raw`lfs\.(?:repositoryformatversion|\*\.access)`,
    String.raw`github\.[a-z-]+`,
    String.raw`vscode\.[a-z-]+`,
  ].join('|')})$`,
);
