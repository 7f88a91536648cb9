import { useSignal, useSignalEffect } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { announce, type Announced } from './models/announcer';
import { announceApp, type AnnouncedApp } from './models/appAnnouncer';
import { usePanel } from './ui/panelContext';

/** The one polite live region: finished sentences of the answer, questions, failures; what happens to sessions. */
export function LiveRegion() {
  const panel = usePanel();
  const said = useSignal('');
  const announced = useRef<Announced | undefined>(undefined);
  const announcedApp = useRef<AnnouncedApp | undefined>(undefined);
  useSignalEffect(() => {
    const view = panel.session.value;
    if (!view) return;
    const sameSession = announced.current?.sessionId === view.sessionId;
    const next = announce(announced.current, view);
    announced.current = next.announced;
    if (next.said !== '' || !sameSession) said.value = next.said;
  });
  useSignalEffect(() => {
    const app = panel.app.value;
    const search = panel.sessionSearch;
    const next = announceApp(announcedApp.current, {
      ...(app?.deleted && { deleted: app.deleted }),
      ...(app?.activeSessionId && { sessionId: app.activeSessionId }),
      readOnly: app?.readOnly?.kind,
      rules: panel.rules.isOpen.value ? panel.rules.rules.value?.length : undefined,
      test: panel.picker.test.state.value,
      ...(search.isOpen.value && !search.searching.value && { found: search.found.value }),
    });
    announcedApp.current = next.announced;
    if (next.said !== '') said.value = next.said;
  });
  return (
    <div class="visually-hidden" role="status" aria-live="polite" aria-atomic="true">
      {said}
    </div>
  );
}
