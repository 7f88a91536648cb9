import { Composer } from './Composer';
import { FirstRun } from './FirstRun';
import { Header } from './Header';
import { LiveRegion } from './LiveRegion';
import type { Panel } from './models/panel';
import { startStep } from './models/startStep';
import { Notices } from './Notices';
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
        <Body />
        <LiveRegion />
      </main>
    </PanelContext.Provider>
  );
}

function Body() {
  const panel = usePanel();
  const app = panel.app.value;
  const session = panel.session.value;
  if (!app) return <div class="fill" aria-busy="true" />;
  const step = startStep(app);
  const empty = !session || session.items.length === 0;
  if (empty && step !== 'ready') return <FirstRun step={step} />;
  return (
    <>
      {empty ? <FirstRun step={step} /> : <Transcript key={session.sessionId} session={session} />}
      {session && session.todos.length > 0 && <TodoList todos={session.todos} sessionId={session.sessionId} />}
      <Composer app={app} session={session} ready={step === 'ready'} />
    </>
  );
}
