import type { Op } from '../../core/protocol/ops';
import { linkTarget } from '../text/linkTarget';

/**
 * Handles a click on any link of the panel: a link never navigates. The editor's own click handler sits on the document
 * and would open it a second time, so the event ends here.
 */
export function openLinks(post: (op: Op) => void): (event: MouseEvent) => void {
  return (event) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (!link) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.button > 1) return;
    const target = linkTarget(link.getAttribute('href') ?? '');
    if (target?.kind === 'web') post({ type: 'link.open', url: target.url });
    if (target?.kind === 'file')
      post({ type: 'file.open', path: target.path, ...(target.line !== undefined && { line: target.line }) });
  };
}
