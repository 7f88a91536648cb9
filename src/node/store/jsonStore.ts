import { FileStore } from './fileStore';
import { jsonFormat } from './jsonLog';

/**
 * Agents as JSON lines in `<dir>/v1/sessions/<id>/history.jsonl`: for people who read them with tools of their own. Several
 * processes may use the folder at the same time; each agent is written by one of them.
 */
export class JSONStore extends FileStore {
  /** @param dir made when the store is first written to. */
  constructor(dir: string) {
    super(dir, jsonFormat());
  }
}
