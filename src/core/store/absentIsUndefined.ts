import { isAgentError } from '../errors';

/** What a look at a session gives, or undefined where there is none. */
export async function absentIsUndefined<T>(look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    if (isAgentError(error) && error.code === 'not_found') return undefined;
    throw error;
  }
}
