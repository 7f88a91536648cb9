import type { FileChangePreview, ToolCallSnapshot } from '../../core/protocol/toolCalls';
import { landedCounts } from '../text/toolFindings';
import { EditCard } from './EditCard';
import { OutputBox } from './OutputBox';

interface RecordProps {
  readonly call: ToolCallSnapshot;
  readonly files: readonly FileChangePreview[];
}

/** What was proposed, and what became of it where something else landed. */
export function EditRecord({ call, files }: RecordProps) {
  const note = call.result?.ok ? (call.result.note ?? '') : '';
  const differs = landedCounts(call) !== undefined;
  return (
    <>
      {differs && <p class="fine-print">Proposed:</p>}
      <EditCard files={files} />
      {differs && note !== '' && (
        <>
          <p class="fine-print">What landed is not the same. The agent was told:</p>
          <OutputBox text={note} running={false} label="What the agent was told about what landed" />
        </>
      )}
    </>
  );
}
