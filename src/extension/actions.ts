import * as vscode from 'vscode';
import { AgentError } from '../core/errors';
import type { AgentId, PermissionId } from '../core/protocol/ids';
import type { PanelCommand } from '../core/protocol/ops';
import type { Decision, RuleScope } from '../core/protocol/toolCalls';
import type { CommandHandlers } from './commands';
import { copySample, findDemoFolder } from './demo';
import { selectionAsText } from './editorContext';
import type { Log } from './log';
import { demoChoice } from './models/models';
import type { ModelOpHandlers, OpHandlers } from './opRouter';
import type { ProposalAnswer } from './review/proposalDecision';
import type { Proposals } from './review/proposals';
import type { OpenQuestion, Sessions } from './sessions/sessions';
import { setBudget } from './spending/setBudget';
import type { WindowState } from './windowState';
import { fileUri } from './fileUri';
import { workspaceRoots } from './workspaceSandbox';

export interface ActionsPorts {
  readonly sessions: Sessions;
  /** See ModelOpHandlers. */
  readonly useModel: ModelOpHandlers['useModel'];
  readonly proposals: Proposals;
  readonly window: WindowState;
  readonly log: Log;
  readonly extensionUri: vscode.Uri;
  readonly panel: { compose(text: string): void; problem(message: string, advice: string, sendId?: string): void };
}

/** What the user can do, from whichever place: the panel's operations and the palette's commands end here. */
export class Actions implements OpHandlers, CommandHandlers {
  readonly #ports: ActionsPorts;

  constructor(ports: ActionsPorts) {
    this.#ports = ports;
  }

  /** Tells the user what went wrong and what to do next, in the panel; the log gets the details. @param sendId of the message that could not be sent */
  report(what: string, error: unknown, sendId?: string): void {
    const { log, panel } = this.#ports;
    log.error(what, error);
    if (error instanceof AgentError) panel.problem(error.message, error.advice, sendId);
    else panel.problem(`${what}.`, 'The log says more: run "Countersign: Show Log".', sendId);
  }

  async startTurn(sessionId: AgentId, text: string): Promise<void> {
    await this.#ports.sessions.send(sessionId, text);
  }

  async interrupt(sessionId: AgentId): Promise<void> {
    const { sessions, panel } = this.#ports;
    // Stop drops what waited in line: the user gets it back to send or to throw away.
    for (const text of await sessions.interrupt(sessionId)) panel.compose(text);
  }

  async decide(
    sessionId: AgentId,
    permissionId: PermissionId,
    answer: { readonly decision: Decision; readonly note?: string; readonly remember?: RuleScope },
  ): Promise<void> {
    // A question of an earlier window is answered here, too: its agent is brought back for it.
    const agent = await this.#ports.sessions.agentFor(sessionId);
    const { decision, note, remember } = this.#ports.proposals.answer(permissionId, answer);
    await agent.decide(permissionId, decision, note, remember && decision === 'allow' ? { remember } : {});
    if (answer.decision === 'deny' && decision === 'allow')
      void vscode.window.showInformationMessage('Only what you accepted before lands, the rest is rejected.');
  }

  /** Answers the question behind a proposal; nothing where somebody else was faster. */
  async answerProposal(permissionId: string, answer: ProposalAnswer): Promise<void> {
    const question = this.#ports.sessions.openQuestions().find((open) => open.permissionId === permissionId);
    if (question) await this.decide(question.sessionId, question.permissionId, answer);
  }

  async showProposal(permissionId?: PermissionId): Promise<void> {
    const shown = permissionId ?? this.#ports.proposals.current();
    if (shown === undefined) this.#nothingToDecide();
    else await this.#ports.proposals.show(shown);
  }

  async showNext(): Promise<void> {
    await this.#ports.proposals.showNext(1);
  }

  async showPrevious(): Promise<void> {
    await this.#ports.proposals.showNext(-1);
  }

  async openFile(path: string, line: number | undefined): Promise<void> {
    const root = workspaceRoots();
    const [first = '', ...rest] = path.split('/');
    const named = root.length > 1 ? root.find((one) => one.name === first) : undefined;
    const base = named ?? root[0];
    if (!base) return;
    const uri = vscode.Uri.joinPath(fileUri(base.path), named ? rest.join('/') : path);
    // A link in an answer must not lead out of the workspace, whatever the model wrote.
    if (!vscode.workspace.getWorkspaceFolder(uri)) {
      this.#ports.panel.problem(
        `${JSON.stringify(path)} is not in the workspace.`,
        'Open it yourself if you trust it.',
      );
      return;
    }
    const selection = line === undefined ? {} : { selection: new vscode.Range(line - 1, 0, line - 1, 0) };
    await vscode.window.showTextDocument(uri, selection);
  }

  async openLink(url: string): Promise<void> {
    const choice = await vscode.window.showInformationMessage(`Open ${url} in the browser?`, 'Open');
    if (choice === 'Open') await vscode.env.openExternal(vscode.Uri.parse(url, true));
  }

  async runCommand(command: PanelCommand): Promise<void> {
    await vscode.commands.executeCommand(command);
  }

  async openChat(): Promise<void> {
    await vscode.commands.executeCommand('countersign.chat.focus');
  }

  async stop(): Promise<void> {
    await this.interrupt(this.#ports.sessions.activeId);
  }

  async setBudget(): Promise<void> {
    await setBudget();
  }

  async tryDemo(): Promise<void> {
    const { useModel, panel, sessions, window, extensionUri } = this.#ports;
    if (await findDemoFolder()) {
      await useModel(sessions.create(), demoChoice, true);
      await this.openChat();
      panel.compose('Fix the failing test.');
      return;
    }
    const folder = await copySample(extensionUri);
    await window.startDemoIn(folder.fsPath);
    await vscode.commands.executeCommand('vscode.openFolder', folder, {
      // A window that has sessions keeps them.
      forceNewWindow: sessions.agents.length > 0,
    });
  }

  async askAboutSelection(): Promise<void> {
    const text = selectionAsText();
    await this.openChat();
    if (text !== undefined) this.#ports.panel.compose(text);
  }

  async approve(): Promise<void> {
    const inFront = this.#questionInFront();
    if (inFront) await this.decide(inFront.sessionId, inFront.permissionId, { decision: 'allow' });
    // Nothing is approved that does not stand before the person's eyes.
    else if (this.#currentQuestion()) await this.openChat();
    else this.#nothingToDecide();
  }

  async reject(): Promise<void> {
    const question = this.#currentQuestion();
    if (question) await this.decide(question.sessionId, question.permissionId, { decision: 'deny' });
    else this.#nothingToDecide();
  }

  async rejectWithReason(): Promise<void> {
    const question = this.#currentQuestion();
    if (!question) {
      this.#nothingToDecide();
      return;
    }
    const isAcceptedInPart = this.#ports.proposals.isAcceptedInPart(question.permissionId);
    const note = await vscode.window.showInputBox({
      title: isAcceptedInPart ? 'Why do you reject the rest? What you accepted lands.' : 'Why do you reject this?',
      prompt: 'The agent reads your reason. Enter rejects, Escape leaves the question open.',
      ignoreFocusOut: true,
    });
    if (note === undefined) return;
    await this.decide(question.sessionId, question.permissionId, { decision: 'deny', ...(note !== '' && { note }) });
  }

  async showLog(): Promise<void> {
    this.#ports.log.show();
  }

  async openSettings(): Promise<void> {
    await vscode.commands.executeCommand('workbench.action.openSettings', '@ext:countersign.countersign');
  }

  async openFolder(): Promise<void> {
    await vscode.commands.executeCommand('vscode.openFolder');
  }

  async manageTrust(): Promise<void> {
    await vscode.commands.executeCommand('workbench.trust.manage');
  }

  /** The question of the diff in front, else of the shown session, else the oldest of all. */
  #currentQuestion(): OpenQuestion | undefined {
    const { sessions } = this.#ports;
    const open = sessions.openQuestions();
    return this.#questionInFront() ?? open.find((question) => question.sessionId === sessions.activeId) ?? open[0];
  }

  #questionInFront(): OpenQuestion | undefined {
    const { sessions, proposals } = this.#ports;
    const inFront = proposals.inFront();
    return sessions.openQuestions().find((question) => question.permissionId === inFront);
  }

  #nothingToDecide(): void {
    void vscode.window.showInformationMessage('Nothing waits for a decision.');
  }
}
