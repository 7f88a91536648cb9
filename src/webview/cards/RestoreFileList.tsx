import type { RestoreFile } from '../../core/protocol/checkpoints';
import { counted } from '../text/numbers';
import { Icon } from '../ui/icons';
import { PathText } from './PathText';

const changeTexts: Readonly<Record<RestoreFile['change'], string>> = {
  restore: 'goes back',
  delete: 'is deleted: it was not there then',
  recreate: 'comes back',
};

const missingTexts: Readonly<Record<NonNullable<RestoreFile['missing']>, string>> = {
  pruned: 'its copy is gone: too old, or there was no room',
  secret: 'it may hold secrets, so no copy was made',
  elsewhere: 'its path now leads somewhere else',
};

/** What would happen to which files; what others than the agent have changed stands first and says so. */
export function RestoreFileList({ files }: { readonly files: readonly RestoreFile[] }) {
  const going = files.filter(({ missing }) => !missing);
  const foreign = going.filter((file) => file.foreign);
  const staying = files.filter(({ missing }) => missing);
  if (files.length === 0) return <p>No file has changed since.</p>;
  return (
    <>
      {foreign.length > 0 && (
        <p class="restore-foreign">
          <Icon name="alert" />
          <span>
            {counted(foreign.length, 'file was', 'files were')} changed since, by you, a command or another program.
            These changes go too.
          </span>
        </p>
      )}
      {going.length > 0 && (
        <ul class="restore-files" tabIndex={0} aria-label={`${counted(going.length, 'file', 'files')} to restore`}>
          {going.map((file) => (
            <li key={file.display}>
              <PathText path={file.display} /> <span class="restore-change">{changeTexts[file.change]}</span>{' '}
              {file.foreign && <span class="restore-mark">changed by others</span>}
            </li>
          ))}
        </ul>
      )}
      {staying.length > 0 && (
        <>
          <p>
            {counted(
              staying.length,
              'file cannot be restored and stays as it is',
              'files cannot be restored and stay as they are',
            )}
            :
          </p>
          <ul class="restore-files" tabIndex={0} aria-label="Files that stay as they are">
            {staying.map(({ display, missing }) => (
              <li key={display}>
                <PathText path={display} /> <span class="restore-change">{missing && missingTexts[missing]}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}
