import { StoreError } from '../../core/errors';

/** The session was deleted while it was shown, or while a message was on its way. */
export class SessionGoneError extends StoreError {
  constructor() {
    super('not_found', 'This session was deleted.', { advice: 'Start a new one and send the message there.' });
  }
}
