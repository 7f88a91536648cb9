/** The code of a failed system call (`ENOENT`), or undefined for any other failure. */
export function systemCodeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** What the work gives, or undefined where it fails with one of these system codes. Other failures pass through. */
export async function unlessFailing<T>(codes: readonly string[], work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (codes.includes(systemCodeOf(error) ?? '')) return undefined;
    throw error;
  }
}
