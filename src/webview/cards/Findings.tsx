import type { ToolCallSnapshot } from '../../core/protocol/toolCalls';
import { counted } from '../text/numbers';
import { newProblems, refusals, type NewProblem } from '../text/toolFindings';
import { visibleProse } from '../text/visibleText';
import { Icon } from '../ui/icons';
import { usePanel } from '../ui/panelContext';
import { PathText } from './PathText';

const shownAtOnce = 3;

/** What a person should know of a finished call without unfolding it: what the sandbox refused, which problems an edit brought. */
export function Findings({ call }: { readonly call: ToolCallSnapshot }) {
  const refused = refusals(call);
  const problems = newProblems(call);
  if (refused.length + problems.length === 0) return null;
  return (
    <ul class="findings">
      {refused.slice(0, shownAtOnce).map((text, index) => (
        <li key={`refused ${index}`}>
          <Icon name="shieldStop" className="refused-icon" />
          <span class="finding-text">
            {text.startsWith('The sandbox ') ? '' : 'The sandbox refused: '}
            {visibleProse(text)}
          </span>
        </li>
      ))}
      {problems.slice(0, shownAtOnce).map((problem, index) => (
        <li key={index}>
          <Icon
            name={problem.severity === 'error' ? 'error' : 'alert'}
            className={problem.severity === 'error' ? 'error-icon' : 'alert-icon'}
          />
          <FoundProblem problem={problem} />
        </li>
      ))}
      <More count={refused.length - shownAtOnce} words={['more was refused', 'more were refused']} />
      <More count={problems.length - shownAtOnce} words={['more new problem', 'more new problems']} />
    </ul>
  );
}

function FoundProblem({ problem: { path, line, severity, message } }: { readonly problem: NewProblem }) {
  const { post } = usePanel();
  return (
    <span class="finding-text">
      <button
        type="button"
        class="path-button"
        title={`Open ${visibleProse(path)}, line ${line}`}
        onClick={() => post({ type: 'file.open', path, line: Math.max(1, Math.trunc(line)) })}
      >
        <PathText path={`${path}:${line}`} />
      </button>
      <span>
        <span class="visually-hidden">New {severity === '' ? 'problem' : severity}: </span>
        {visibleProse(message)}
      </span>
    </span>
  );
}

function More({ count, words }: { readonly count: number; readonly words: readonly [one: string, many: string] }) {
  return count > 0 ? <li class="finding-more">{counted(count, ...words)}</li> : null;
}
