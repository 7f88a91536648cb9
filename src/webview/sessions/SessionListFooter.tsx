import type { AppView } from '../../core/protocol/view';
import type { Found } from '../models/sessionSearch';
import { counted, sizeText } from '../text/numbers';
import { usePanel } from '../ui/panelContext';
import { MoreMenu } from './MoreMenu';

/** How much there is, how much of it is shown, and what is seldom needed. */
export function SessionListFooter({ app }: { readonly app: AppView }) {
  const found = usePanel().sessionSearch.found.value;
  return (
    <footer class="session-footer">
      <p>
        <span>{shownText(found)}</span>
        <span>{storageText(app)}</span>
      </p>
      <MoreMenu app={app} />
    </footer>
  );
}

function shownText(found: Found | undefined): string {
  if (!found) return '';
  const { rows, total, query } = found;
  if (total > rows.length) return `${rows.length.toLocaleString()} of ${total.toLocaleString()}: type to narrow down`;
  return query === '' ? '' : `${total.toLocaleString()} found`;
}

function storageText({ storage, storageProblem }: AppView): string {
  if (storageProblem) return 'Not kept on this machine';
  return storage ? `${counted(storage.sessions, 'session', 'sessions')} · ${sizeText(storage.sizeBytes)}` : '';
}
