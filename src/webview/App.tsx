import type { SessionView } from '../core/protocol/view';
import { Composer } from './Composer';
import { DeletedBar } from './DeletedBar';
import { FirstRun } from './FirstRun';
import { Header } from './Header';
import { LiveRegion } from './LiveRegion';
import type { Panel } from './models/panel';
import { startStep } from './models/startStep';
import { Notices } from './Notices';
import { PendingBar } from './pending/PendingBar';
import { ModelPicker } from './picker/ModelPicker';
import { ReadOnlyBar } from './ReadOnlyBar';
import { RulesPage } from './rules/RulesPage';
import { SessionList } from './sessions/SessionList';
import { TodoList } from './TodoList';
import { Transcript } from './Transcript';
import { openLinks } from './ui/openLinks';
import { PanelContext, usePanel } from './ui/panelContext';

/** The whole panel: header, transcript or first steps, tasks, composer. */
export function App({ panel }: { readonly panel: Panel }) {
  return (
    <PanelContext.Provider value={panel}>
      <main class="panel" onClick={openLinks(panel.post)} onAuxClick={openLinks(panel.post)}>
        <Header />
        <Notices />
        <Stage />
        <LiveRegion />
      </main>
    </PanelContext.Provider>
  );
}

/** The conversation, and over it the list of sessions, the model picker or the rules while that is open. */
function Stage() {
  const panel = usePanel();
  const app = panel.app.value;
  const listOpen = panel.sessionSearch.isOpen.value;
  const pickerOpen = panel.picker.isOpen.value;
  const rulesOpen = panel.rules.isOpen.value;
  return (
    <div class="stage">
      <div class="conversation" inert={listOpen || pickerOpen || rulesOpen}>
        <Conversation listOpen={listOpen} />
      </div>
      {app && pickerOpen && <ModelPicker app={app} />}
      {app && rulesOpen && <RulesPage />}
      {app && listOpen && <SessionList app={app} />}
    </div>
  );
}

function Conversation({ listOpen }: { readonly listOpen: boolean }) {
  const panel = usePanel();
  const app = panel.app.value;
  const session = panel.session.value;
  const readOnly = panel.readOnly.value;
  if (!app) return <div class="fill" aria-busy="true" />;
  const step = startStep(app);
  const selecting = panel.selecting.value !== undefined;
  const empty = !session || session.items.length === 0;
  const deletedBar = !listOpen && <DeletedBar deleted={app.deleted} refocus={panel.focusComposer} />;
  if (empty && step !== 'ready' && !readOnly && !selecting)
    return (
      <>
        <FirstRun step={step} />
        {deletedBar}
      </>
    );
  return (
    <>
      {selecting ? <Opening /> : <Talk session={session} writable={!readOnly} />}
      {deletedBar}
      <PendingBar pending={app.pending} />
      {readOnly ? (
        <ReadOnlyBar key={session?.sessionId} app={app} session={session} reason={readOnly} />
      ) : (
        <Composer app={app} session={session} ready={step === 'ready'} />
      )}
    </>
  );
}

/** In the place of the conversation until the chosen one is there. What it says is seen only when it takes a while. */
function Opening() {
  return (
    <div class="fill opening" aria-busy="true">
      <p>Opening…</p>
    </div>
  );
}

function Talk({ session, writable }: { readonly session: SessionView | undefined; readonly writable: boolean }) {
  if (!session || session.items.length === 0) return <EmptyTranscript writable={writable} />;
  return (
    <>
      <Transcript key={session.sessionId} session={session} />
      {session.todos.length > 0 && <TodoList todos={session.todos} />}
    </>
  );
}

/** Ideas for a first message, where one can be written. */
function EmptyTranscript({ writable }: { readonly writable: boolean }) {
  return writable ? <FirstRun step="ready" /> : <div class="fill" />;
}
