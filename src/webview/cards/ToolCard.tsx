import type { ApprovalSubject } from '../../core/protocol/toolCalls';
import type { ApprovalView } from '../../core/protocol/view';
import { openQuestion } from '../models/openQuestion';
import { answerLabel, failureText, planLabel, resultText, stateLabel, type StateLabel } from '../text/toolOutcome';
import { toolLabel, type ToolLabel } from '../text/toolLabel';
import { landedCounts, type Counts } from '../text/toolFindings';
import { visibleProse, visibleText } from '../text/visibleText';
import { Icon } from '../ui/icons';
import { usePanel } from '../ui/panelContext';
import { ApprovalCard, approvalKey, questionOf } from '../approvals/ApprovalCard';
import { DecisionNote } from '../approvals/DecisionNote';
import { PlanRecord } from '../plan/PlanRecord';
import { ChangeCounts } from './ChangeCounts';
import { EditRecord } from './EditRecord';
import { Findings } from './Findings';
import type { ItemOf } from './itemOf';
import { OutputBox } from './OutputBox';
import { PathText } from './PathText';

type ToolItem = ItemOf<'tool'>;

/** One tool call: what it does and how it stands in one line; below it the question, the live output or the change. */
export function ToolCard({ item }: { readonly item: ToolItem }) {
  const unfolded = usePanel().cards.unfolded(item.key);
  const question = openQuestion(item);
  const asks = question !== undefined;
  const running = item.call.state === 'EXECUTING' && item.output !== '';
  const open = asks || (unfolded.value ?? running);
  const label = toolLabel(item.call);
  const framed = item.approval !== undefined || label.icon === 'terminal';
  return (
    <article
      class={`tool ${framed ? 'framed' : ''} ${asks ? 'asks' : ''}`}
      aria-label={`${label.verb} ${label.target}`}
    >
      <Head item={item} label={label} open={open} question={question} onToggle={() => (unfolded.value = !open)} />
      {question ? (
        <ApprovalCard key={approvalKey(question)} approval={question} />
      ) : (
        <>
          {item.approval && <DecisionNote approval={item.approval} />}
          <Findings call={item.call} />
          {open && <Details item={item} label={label} />}
          {!open && <Problem item={item} />}
        </>
      )}
    </article>
  );
}

interface HeadProps {
  readonly item: ToolItem;
  readonly label: ToolLabel;
  readonly open: boolean;
  /** An open question stands in the place of the title and cannot be folded away. */
  readonly question: ApprovalView | undefined;
  readonly onToggle: () => void;
}

function Head({ item, label, open, question, onToggle }: HeadProps) {
  const { approval } = item;
  const title = (
    <>
      <Icon name={label.icon} className="tool-icon" />
      <span class="tool-verb">{label.verb}</span>
      {label.path === undefined ? (
        <span class={`tool-target ${label.targetKind}`}>{visibleText(label.target)}</span>
      ) : (
        <PathText path={label.path} />
      )}
    </>
  );
  return (
    <div class="tool-head">
      {question ? (
        <span class="fold">
          <Icon name="ask" className="ask-icon" />
          <span class="visually-hidden">Needs you: </span>
          <span class="approval-question">{questionOf(question.subject)}</span>
        </span>
      ) : (
        <button
          type="button"
          class="fold"
          aria-expanded={open}
          title={`${label.verb} ${label.target}`}
          onClick={onToggle}
        >
          {title}
        </button>
      )}
      {approval?.subject.kind === 'edit' && !question && (
        <ChangeCounts {...(landedCounts(item.call) ?? sumOf(approval.subject))} />
      )}
      {!question && <State state={stateOf(item)} />}
    </div>
  );
}

function stateOf({ call, approval }: ToolItem): StateLabel {
  const kind = approval?.subject.kind;
  const label = kind === 'question' ? answerLabel : kind === 'plan' ? planLabel : stateLabel;
  return label(call, approval?.decidedBy);
}

function State({ state }: { readonly state: StateLabel }) {
  return (
    <span class={`tool-state ${state.tone}`}>
      {state.icon === 'ring' ? <vscode-progress-ring aria-hidden="true" /> : <Icon name={state.icon} />}
      <span>
        {state.short === undefined ? (
          state.word
        ) : (
          <>
            <span class="tool-state-word">{state.word}</span>
            <span class="tool-state-short" aria-hidden="true">
              {state.short}
            </span>
          </>
        )}
        {state.detail !== undefined && <span class="tool-state-detail"> · {state.detail}</span>}
      </span>
    </span>
  );
}

function Details({ item, label }: { readonly item: ToolItem; readonly label: ToolLabel }) {
  const panel = usePanel();
  const { call, approval } = item;
  const { path } = label;
  const text = item.output === '' ? resultText(call) : item.output;
  return (
    <div class="tool-details">
      {label.icon === 'terminal' && <pre class="command">{visibleText(label.target)}</pre>}
      {approval?.subject.kind === 'edit' && <EditRecord call={call} files={approval.subject.files} />}
      {path !== undefined && (
        <button type="button" class="text-button" onClick={() => panel.post({ type: 'file.open', path })}>
          Open file
        </button>
      )}
      {approval?.subject.kind === 'plan' && <PlanRecord text={approval.subject.text} approval={approval} />}
      {text !== '' && approval?.subject.kind !== 'edit' && approval?.subject.kind !== 'plan' && (
        <OutputBox text={text} running={call.state === 'EXECUTING'} label={`Output of ${label.verb} ${label.target}`} />
      )}
      <Problem item={item} />
    </div>
  );
}

/** Why a call failed, in the words that the model read. A rejection is told by its decision. */
function Problem({ item }: { readonly item: ToolItem }) {
  if (item.approval?.decision === 'deny' || item.call.state === 'EXECUTING') return null;
  const text = failureText(item.call);
  return text === '' ? null : <p class="tool-problem">{visibleProse(text)}</p>;
}

function sumOf(subject: Extract<ApprovalSubject, { kind: 'edit' }>): Counts {
  return {
    additions: subject.files.reduce((sum, file) => sum + file.additions, 0),
    deletions: subject.files.reduce((sum, file) => sum + file.deletions, 0),
  };
}
