/** SHA-256 in hexadecimal digits. */
export async function sha256(bytes: Uint8Array): Promise<string> {
  // A copy, because the digest takes no memory that may be shared.
  const sum = new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array(bytes)));
  return Array.from(sum, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
