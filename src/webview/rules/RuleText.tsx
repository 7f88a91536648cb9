import type { RuleSubject } from '../../core/protocol/toolCalls';
import { assertNever } from '../../core/util/assertNever';
import { visibleText } from '../text/visibleText';

/** What a rule allows, word for word, and what it is bound to. */
export function RuleText({ rule }: { readonly rule: RuleSubject }) {
  const { cwd, boundTo } = rule;
  const details = [
    ...(cwd === '' ? [] : [cwd === '.' ? 'in the workspace folder' : `in ${visibleText(cwd)}`]),
    ...(boundTo === undefined ? [] : [`until ${visibleText(boundTo)} changes`]),
  ];
  return (
    <>
      <span class="rule-text">
        {wordBefore(rule)}
        <code>{visibleText(rule.text)}</code>
      </span>
      {details.length > 0 && <span class="rule-details">{details.join(', ')}</span>}
    </>
  );
}

function wordBefore({ kind }: RuleSubject): string {
  switch (kind) {
    case 'command':
    case 'line':
      return '';
    case 'host':
      return 'Pages of ';
    case 'tool':
      return 'The tool ';
    default:
      return assertNever(kind);
  }
}
